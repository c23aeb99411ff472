"""Greetings, thanks and questions about the chatbot itself: answered in wenda's own words.

These are the only replies that are not quotations, so the rules are strict: a message counts as
small talk only when nothing else is in it. 「你好，海天的创始人是谁？」 is a question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.document import Document

_PUNCTUATION = re.compile(r"[\s，。！？、；：,.!?;:~～…·\-—“”\"'（）()😀-🙏👍👋🤝❤️]+")
_PARTICLES = "[啊呀吧呢哦喔哈哟哇啦嘛了的]*"
_YOU = "(?:你|您|这个?机器人|这个?系统|问答|wenda)"

_GREETING = re.compile(
    rf"(?:{_YOU}们?好{_PARTICLES}|(?:hi|hello|hey|嗨|哈喽|哈啰|哈罗)+|在吗|在么|有人吗"
    rf"|早{_PARTICLES}|(?:早上|上午|中午|下午|晚上|大家)好{_PARTICLES}|早安|晚安|打扰了?一?下?)+"
)
_THANKS = re.compile(
    rf"(?:好的?|嗯+|行)?(?:太|非常|十分|多|真)?(?:感?谢谢?|thanks?|thankyou|thx|多谢|辛苦)"
    rf"(?:{_YOU}|了|啦|大家|你的?回答|你的?帮[助忙])*{_PARTICLES}"
)
_PRAISE = re.compile(
    rf"(?:好的?|嗯+|行|ok|okay|明白{_PARTICLES}|知道{_PARTICLES}|不错{_PARTICLES}|厉害{_PARTICLES}"
    rf"|{_YOU}?真棒{_PARTICLES}|没问题)+"
)
_GOODBYE = re.compile(rf"(?:再见|拜拜|bye|goodbye|回头见|下次见|先这样){_PARTICLES}(?:再见|拜拜)?")
_IDENTITY = re.compile(
    rf"(?:请问)?(?:{_YOU}(?:是(?:谁|什么|哪位|机器人|真人|人工智能|ai|人)(?:还是.{{1,8}})?"
    rf"(?:机器人|东西|系统|程序)?|叫(?:什么|啥)(?:名字)?|的?名字(?:是|叫)(?:什么|啥)|(?:几|多大)岁?了?"
    rf"|怎么称呼)|介绍一?下(?:{_YOU})?(?:自己)?|谁(?:做|开发|造|创造)了?(?:{_YOU})的?)[吗么]?{_PARTICLES}"
)
_ABILITY = re.compile(
    rf"(?:请问)?{_YOU}?(?:能|会|可以|都?能|都?会)(?:够|帮我|为我)?(?:做|干|回答|问|提供|解答)?"
    rf"(?:些)?(?:什么|啥|哪些)(?:问题|事情?|功能|服务|忙)?{_PARTICLES}"
    rf"|(?:{_YOU}?(?:有|都有)(?:什么|啥|哪些)(?:功能|用处?|本领))"
    rf"|(?:{_YOU})?(?:要|应该|该)?怎么(?:用|使用|提问|问)(?:{_YOU})?{_PARTICLES}|使用(?:说明|方法)|帮助|help"
)
_ABOUT = re.compile(
    rf"(?:请问)?(?:(?:这|本|那|该)(?:篇|几篇|些)?)?(?:文章|报道|新闻|文档|资料|通讯|稿子)(?:里|中)?的?"
    rf"(?:主要|大概|大致|到底|都|大体)*(?:内容|主题|题目|标题|大意|主旨)?(?:讲|说|写|谈|是|关于|介绍|报道)?的?了?"
    rf"(?:是|讲|关于|叫)?(?:些)?(?:什么|啥|哪些)(?:内容|方面|事情?)?的?(?:主题|内容)?{_PARTICLES}"
    rf"|(?:概括|总结|简介|介绍)(?:一下)?(?:(?:这|本)(?:篇)?)?(?:文章|报道|新闻|全文)的?(?:内容|大意|主旨)?"
)


def small_talk_reply(question: str, documents: Sequence[Document]) -> str | None:
    """Return the reply to small talk, None when `question` asks something of the articles."""
    message = _PUNCTUATION.sub("", question).lower()
    if not message:
        return None
    contents = _contents(documents)
    if _GREETING.fullmatch(message):
        return f"您好！我是问答，只用文章里的原话回答。{contents}请问您想知道什么？"
    if _THANKS.fullmatch(message):
        return "不客气。还想知道什么，请继续问。"
    if _GOODBYE.fullmatch(message):
        return "再见，欢迎再来问。"
    if _IDENTITY.fullmatch(message):
        return (
            "我是问答（wenda），一个只引用文章原话的问答机器人：我不会写作，也不会猜，"
            f"每个回答都能在文章里找到出处；文章没有说的，我会直说。{contents}"
        )
    if _ABILITY.fullmatch(message):
        return (
            "您可以问文章里的人、时间、地点、数字、原因和做法，我会摘出文章的原话，"
            f"并标出它在哪一段；文章没有说的，我会直说。{contents}"
        )
    if _ABOUT.fullmatch(message):
        return f"{contents}具体的内容，请直接问我。" if contents else None
    if _PRAISE.fullmatch(message):
        return "好的。还想知道什么，请继续问。"
    return None


def _contents(documents: Sequence[Document]) -> str:
    """Say which articles there are, and the sections of a single one."""
    if not documents:
        return ""
    if len(documents) == 1:
        document = documents[0]
        sections = [section.title for section in document.sections]
        parts = f"，分为{'、'.join(f'“{title}”' for title in sections)}几部分" if sections else ""
        return f"现在收录的文章是《{document.title}》{parts}。"
    titles = "、".join(f"《{document.title}》" for document in documents[:5])
    rest = f"等 {len(documents)} 篇" if len(documents) > 5 else f"共 {len(documents)} 篇"
    return f"现在收录的文章有{titles}，{rest}。"
