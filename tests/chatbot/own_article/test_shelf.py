"""Own articles in memory: each for its own visitor, and never for longer than promised."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chatbot.own_article.limits import UploadLimits, offered_by_default
from chatbot.own_article.shelf import GoneError, Shelf, sweeping
from tests.fake_bot import FakeBot, document_of


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def bot(text: str = "一段文字。") -> Any:
    return FakeBot([document_of(text)], {})


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_each_article_is_found_by_its_own_token_alone(clock: Clock) -> None:
    shelf = Shelf(UploadLimits(), clock)
    first, second = bot(), bot()
    tokens = [shelf.put(first), shelf.put(second)]
    assert [shelf.get(token) for token in tokens] == [first, second]
    assert len(set(tokens)) == 2 and all(len(token) >= 32 for token in tokens)
    for wrong in ("", "essay", tokens[0][:-1], tokens[0] + "x"):
        with pytest.raises(GoneError, match="请重新放入"):
            shelf.get(wrong)


def test_what_is_removed_is_gone(clock: Clock) -> None:
    shelf = Shelf(UploadLimits(), clock)
    token = shelf.put(bot())
    shelf.remove(token)
    with pytest.raises(GoneError):
        shelf.get(token)
    with pytest.raises(GoneError):
        shelf.remove(token)
    assert len(shelf) == 0


def test_an_article_goes_when_nobody_asks_and_stays_while_someone_does(clock: Clock) -> None:
    shelf = Shelf(UploadLimits(minutes=10), clock)
    used, unused = shelf.put(bot()), shelf.put(bot())
    clock.now = 6 * 60
    shelf.get(used)
    clock.now = 12 * 60
    with pytest.raises(GoneError):
        shelf.get(unused)
    shelf.get(used)


def test_an_article_that_was_left_goes_soon_unless_someone_asks(clock: Clock) -> None:
    shelf = Shelf(UploadLimits(), clock)
    closed, reloaded = shelf.put(bot()), shelf.put(bot())
    for token in (closed, reloaded):
        shelf.leave(token, 60)
    clock.now = 30
    shelf.get(reloaded)
    clock.now = 60
    shelf.sweep()
    assert len(shelf) == 1
    shelf.get(reloaded)
    with pytest.raises(GoneError):
        shelf.leave(closed, 60)


def test_sweeping_frees_what_is_idle_without_anyone_asking(clock: Clock) -> None:
    shelf = Shelf(UploadLimits(minutes=10), clock)
    shelf.put(bot())

    async def wait() -> None:
        async with sweeping(shelf, seconds=0.01):
            await asyncio.sleep(0.1)
            assert len(shelf) == 1
            clock.now = 11 * 60
            for _ in range(200):
                await asyncio.sleep(0.01)
                if not len(shelf):
                    return

    asyncio.run(wait())
    assert len(shelf) == 0


def test_beyond_the_number_the_longest_unused_goes(clock: Clock) -> None:
    shelf = Shelf(UploadLimits(articles=2), clock)
    first, second = shelf.put(bot()), shelf.put(bot())
    shelf.get(first)
    third = shelf.put(bot())
    shelf.get(first)
    shelf.get(third)
    with pytest.raises(GoneError):
        shelf.get(second)


def test_beyond_the_characters_the_longest_unused_go_but_never_the_new_one(clock: Clock) -> None:
    shelf = Shelf(UploadLimits(characters=100), clock)
    tokens = [shelf.put(bot("字" * 30)) for _ in range(3)]
    assert len(shelf) == 2
    with pytest.raises(GoneError):
        shelf.get(tokens[0])
    long = shelf.put(bot("字" * 500))
    assert len(shelf) == 1
    shelf.get(long)


@pytest.mark.parametrize(
    ("host", "names", "offered"),
    [
        ("127.0.0.1", (), True),
        ("127.1.2.3", (), True),
        ("localhost", (), True),
        ("::1", (), True),
        ("[::1]", (), True),
        ("0.0.0.0", (), False),
        ("::", (), False),
        ("", (), False),
        ("192.168.1.5", (), False),
        ("wenda.example.com", (), False),
        ("127.0.0.1", ("wenda.example.com",), False),
    ],
)
def test_articles_are_taken_by_default_on_this_machine_only(
    host: str, names: tuple[str, ...], offered: bool
) -> None:
    assert offered_by_default(host, names) is offered
