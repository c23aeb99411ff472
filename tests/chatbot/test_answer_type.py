"""What a question asks for, told from its wording."""

import pytest

from chatbot.answer_type import expected_kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("海天的创始人是谁？", "span"),
        ("2023年外贸总额是多少", "span"),
        ("项目在哪里？", "span"),
        ("请问有没有说一共多少家企业？", "span"),
        ("注塑机 吨位", "span"),
        ("为什么要建设科创区？", "passage"),
        ("工业社区是怎么服务企业的", "passage"),
        ("宁波是沿海城市吗？", "passage"),
        ("甬商是不是断过代？", "passage"),
        ("这样做有什么好处？", "passage"),
        ("收购了哪些品牌？", "list"),
        ("三大通道分别是什么？", "list"),
        ("有哪几条路线", "list"),
    ],
)
def test_expected_kind(question: str, kind: str) -> None:
    assert expected_kind(question) == kind
