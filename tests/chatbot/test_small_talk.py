"""Small talk is answered in wenda's own words; a question of the articles never is."""

import pytest

from chatbot.small_talk import small_talk_reply
from corpus.document import Document, Section

ARTICLE = Document(
    id="a",
    title="北仑奋楫",
    path="a.txt",
    text="北仑奋楫",
    sections=(Section("科创聚力", 0, 0, 0, 0), Section("向海而生", 0, 0, 0, 0)),
)


@pytest.mark.parametrize(
    ("message", "part"),
    [
        ("你好", "我是问答"),
        ("您好！", "《北仑奋楫》"),
        ("hello", "我是问答"),
        ("早上好呀", "我是问答"),
        ("在吗？", "我是问答"),
        ("谢谢", "不客气"),
        ("好的，谢谢你！", "不客气"),
        ("非常感谢", "不客气"),
        ("再见", "再见"),
        ("拜拜~", "再见"),
        ("你是谁？", "只引用文章原话"),
        ("你叫什么名字", "只引用文章原话"),
        ("请问你是机器人吗？", "只引用文章原话"),
        ("你是真人还是机器人？", "只引用文章原话"),
        ("你能做什么？", "摘出文章的原话"),
        ("你会干什么", "摘出文章的原话"),
        ("你可以回答哪些问题？", "摘出文章的原话"),
        ("怎么用？", "摘出文章的原话"),
        ("这篇文章讲了什么？", "“科创聚力”、“向海而生”"),
        ("文章主要内容是什么", "《北仑奋楫》"),
        ("这篇报道主要说的是什么", "《北仑奋楫》"),
        ("嗯嗯", "请继续问"),
    ],
)
def test_small_talk_gets_a_reply(message: str, part: str) -> None:
    reply = small_talk_reply(message, (ARTICLE,))
    assert reply is not None
    assert part in reply


@pytest.mark.parametrize(
    "question",
    [
        "你好，海天的创始人是谁？",
        "谢谢你们的回答，那北仑在哪里？",
        "海天能做什么？",
        "北仑是什么样的地方？",
        "文章里提到的企业有哪些？",
        "文章说海天每年投入多少研发？",
        "再见证一次奇迹是什么意思",
        "工业社区要做什么？",
        "这篇文章里谁是区长？",
        "早在2003年发生了什么？",
        "",
        "？？",
        "5%",
    ],
)
def test_a_question_of_the_articles_is_not_small_talk(question: str) -> None:
    assert small_talk_reply(question, (ARTICLE,)) is None


def test_several_articles_are_named_and_counted() -> None:
    articles = tuple(Document(id=str(n), title=f"第{n}篇", path="", text="") for n in range(7))
    reply = small_talk_reply("你好", articles)
    assert reply is not None
    assert "《第4篇》" in reply
    assert "《第5篇》" not in reply
    assert "等 7 篇" in reply
