"""What was used last is kept, and no more than that."""

from chatbot.recently_used import RecentlyUsed


def test_what_was_kept_is_found() -> None:
    kept: RecentlyUsed[str, int] = RecentlyUsed(2)
    assert kept.get("甲") is None
    kept.keep("甲", 1)
    kept.keep("甲", 2)
    assert kept.get("甲") == 2


def test_what_was_not_used_for_longest_goes_first() -> None:
    kept: RecentlyUsed[str, int] = RecentlyUsed(2)
    kept.keep("甲", 1)
    kept.keep("乙", 2)
    kept.get("甲")
    kept.keep("丙", 3)
    assert [kept.get(key) for key in "甲乙丙"] == [1, None, 3]
