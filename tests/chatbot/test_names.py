"""Names of people and places, generously."""

from __future__ import annotations

import pytest

from chatbot.names import find_people, find_places


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("海天集团创始人张静章说，海天每年拿出5%。", ["张静章"]),
        ("党委书记史孟艳举例说。", ["史孟艳"]),
        ("吉利控股总裁安聪慧、申洲国际董事局主席马建荣。", ["安聪慧", "马建荣"]),
        ("党工委书记潘银浩说，要锻强产业。", ["潘银浩"]),
        ("导演克里斯托弗·诺兰拍了它。", ["导演克里斯托弗·诺兰拍了它"]),
        ("由Linus Torvalds写成。", ["Linus Torvalds"]),
        ("制造业是北仑的立身之本。", []),
        ("供应商有58家。", []),
        ("", []),
    ],
)
def test_people(text: str, people: list[str]) -> None:
    assert [text[start:end] for start, end in find_people(text)] == people


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("它在波兰建设制造中心。", ["波兰"]),
        ("他毕业于宁波大学。", ["宁波", "宁波大学"]),
        ("他每年拿出5%用于研发。", []),
    ],
)
def test_places(text: str, named: list[str]) -> None:
    found = [text[start:end] for start, end in find_places(text)]
    assert all(name in " ".join(found) for name in named) and bool(found) == bool(named)
