"""Greetings, thanks and questions about the chatbot itself: answered in wenda's own words.

These are the only replies that are not quotations, so the rules are strict: a message counts as
small talk only when nothing else is in it. 「你好，海天的创始人是谁？」 is a question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.plain_wording import plain
from corpus.document import Document

_PUNCTUATION = re.compile(r"[\s，。！？、；：,.!?;:~～…·\-—“”\"'（）()😀-🙏👍👋🤝❤️]+")
_PARTICLES = "[啊呀吧呢哦喔哈哟哇啦嘛了的]*"
_YOU = "(?:你|您|这个?机器人|这个?系统|问答|wenda)"

_GREETING = re.compile(
    rf"(?:{_YOU}们?好{_PARTICLES}|(?:hi|hello|hey|嗨|哈喽|哈啰|哈罗)+|在吗|在么|在不在|有人(?:在)?吗"
    rf"|早{_PARTICLES}|(?:早上|上午|中午|下午|晚上|大家|各位)好{_PARTICLES}|早安|晚安|打扰了?一?下?{_PARTICLES}"
    rf"|(?:喂{_PARTICLES})+|听得到[吗么]|能听到[吗么]|测试(?:一下)?|(?:我)?(?:先|只是)?随便看看|稍等.{{0,5}}|初次(?:使用|见面)|请?多多?关照"
    rf"|(?:中秋|国庆|元旦|春节|端午|圣诞)(?:节)?快乐{_PARTICLES}|大家好.{{0,8}}|我是新来的|不好意思(?:打扰(?:一下|了)?)?"
    rf"|好久不见|幸会|(?:新年|节日|周末)(?:快乐|好)|初次见面|吃了[吗么没])+"
)
_THANKS = re.compile(
    rf"(?:好的?|嗯+|行|那就?|那么)?(?:太|非常|十分|多|真|真的|万分|先)*(?:感?谢+|thanks?|thankyou|thx|多谢|辛苦|费心|麻烦)"
    rf"(?:{_YOU}|了|啦|大家|你的?回答|你的?帮[助忙]|指点|解答|啊|哈)*{_PARTICLES}"
    rf"|(?:真?的?帮了?(?:我)?大忙{_PARTICLES}|帮大忙{_PARTICLES}|太谢谢.{{0,4}}|感激不尽|爱你.?|辛苦{_YOU}?.{{0,2}})"
)
_PRAISE = re.compile(
    rf"(?:好的?|嗯+|行|ok|okay|哦+|噢+|明白{_PARTICLES}|知道{_PARTICLES}|懂{_PARTICLES}|不错{_PARTICLES}|厉害{_PARTICLES}"
    rf"|收到{_PARTICLES}|牛|赞|{_YOU}?真(?:棒|行|厉害|聪明|不错){_PARTICLES}|{_YOU}?(?:好|很|挺|太)(?:棒|行|厉害|聪明|强|好用){_PARTICLES}"
    rf"|没问题|原来如此|原来是?这样{_PARTICLES}|有意思|有道理|(?:回?答|讲|说)得?(?:真|很|挺|太|好)+(?:好|准|对|清楚|明白|棒|快|不错)?{_PARTICLES}"
    rf"|(?:答|回答|说|讲)得?(?:漂亮|到位|靠谱){_PARTICLES}|赞一个|棒+哒?|牛[逼批]?|哇塞?|哦豁|真?没想到|有两下子|[一-龥]{{0,2}}厉害{_PARTICLES}"
    rf"|行吧|好吧|没事{_PARTICLES}|没有?别?的?(?:问题|事)?{_PARTICLES}|不用{_PARTICLES}|可以{_PARTICLES}|对{_PARTICLES}|是的|哈+|呵+|嘿+)+"
)
_COMPLAINT = re.compile(
    rf"{_YOU}?(?:怎么|咋)(?:这么|那么|老是|总是|又)?(?:笨|慢|傻|蠢|没用|差|答非所问|不懂|听不懂|不知道|回答不了){_PARTICLES}"
    rf"|(?:我)?(?:不是|没)(?:在)?问(?:{_YOU})?(?:这个|这|那个){_PARTICLES}|答非所问|答错{_PARTICLES}|(?:不对|错{_PARTICLES}|胡说.{{0,2}})"
    rf"|{_YOU}?(?:真|太|好)(?:笨|慢|傻|蠢|没用|差劲?){_PARTICLES}|(?:这|{_YOU})?(?:都|也)?(?:不知道|不会|答不了|答不上来){_PARTICLES}"
    rf"|气死我?{_PARTICLES}|问.{{1,2}}遍都不对|什么破.{{1,3}}|累死{_PARTICLES}|(?:我)?(?:有点|好)(?:无聊|烦|累){_PARTICLES}|哎+"
    rf"|对不起|(?:我)?刚才?打错字?{_PARTICLES}|不问{_PARTICLES}|{_YOU}?(?:没|不)(?:听|看|明白)懂?{_PARTICLES}(?:我的?(?:意思|问题))?|算{_PARTICLES}"
)
_GOODBYE = re.compile(
    rf"(?:那|好|我|那我|好了|那就|今天)*(?:先)?(?:再见|拜拜?|bye|goodbye|回头(?:见|聊|再聊|再问)|下次(?:见|再聊|再问|聊)|先这样|明天见|88|下次再.{{1,3}}|祝{_YOU}?.{{2,8}}|就?到这里吧?"
    rf"|到这[里儿]?|撤|走|下|下线|去忙|忙去|休息|睡|溜|告辞|失陪){_PARTICLES}(?:再见|拜拜)?"
)
_MAKER = "(?:做|开发|造|创造|设计|写|弄|搞|训练|发明)(?:出来?)?"
_IDENTITY = re.compile(
    rf"(?:请问|那|哎|对了)?(?:{_YOU}(?:到底|究竟)?(?:是(?:谁|什么|啥|哪位|机器人|真人|人工智能|ai|人|人类)(?:还是.{{1,8}})?"
    rf"(?:机器人|东西|系统|程序|玩意儿?|模型)?(?:做的|来的)?|叫(?:什么|啥)(?:名字?)?|的?名字(?:是|叫)(?:什么|啥)|(?:几|多大)岁?了?"
    rf"|怎么称呼|有没有名字|有名字)|怎么称呼{_YOU}?|该?怎么叫{_YOU}"
    rf"|(?:请|能)?(?:自我)?介绍一?下?(?:{_YOU})?(?:自己)?|谁{_MAKER}了?(?:{_YOU})的?|谁把{_YOU}{_MAKER}的?|{_YOU}是谁{_MAKER}的?"
    rf"|(?:我是在?)?(?:跟|和)(?:真人|机器人?|人)(?:聊天?|说话|对话)?)[吗么]?{_PARTICLES}"
)
_ABILITY = re.compile(
    rf"(?:请问|那)?(?:我)?(?:{_YOU})?(?:都)?(?:能|会|可以|懂|知道|负责)(?:够|帮我|为我|帮)?(?:向|跟|问)?(?:{_YOU})?(?:做|干|回答|答|问|提供|解答|解决|查|聊|帮)?"
    rf"(?:{_YOU})?(?:些|点)?(?:什么|啥|哪些|哪方面)(?:样的?)?(?:问题|事情?|功能|服务|忙|内容|东西|方面)?的?{_PARTICLES}"
    rf"|(?:{_YOU}?(?:有|都有)(?:什么|啥|哪些)(?:功能|用处?|本[领事]))|{_YOU}(?:是)?(?:干什么|干嘛|干啥|做什么|做啥)(?:用)?的?{_PARTICLES}"
    rf"|(?:{_YOU})?(?:要|应该|该|我)?(?:怎么|咋)(?:用|使用|提问|问|跟{_YOU}说)(?:{_YOU})?{_PARTICLES}|使用(?:说明|方法)|帮助|help"
    rf"|(?:有)?(?:什么|啥)(?:是)?(?:可以|能)问的?|(?:我)?(?:可以|能)(?:随便)?问(?:{_YOU})?(?:问题)?[吗么]"
)
_ABOUT = re.compile(
    rf"(?:请问|我看的?)?(?:(?:这|本|那|该)(?:篇|几篇|些)?)?(?:文章|报道|新闻|文档|资料|通讯|稿子)(?:里|中)?的?"
    rf"(?:主要|大概|大致|到底|都|大体)*(?:内容|主题|题目|标题|大意|主旨)?(?:讲|说|写|谈|是|关于|介绍|报道)?的?了?"
    rf"(?:是|讲|关于|叫)?(?:些)?(?:什么|啥|哪些)(?:内容|方面|事情?)?的?(?:主题|内容)?{_PARTICLES}"
    rf"|(?:我?看的?)?这篇(?:文章|报道)?(?:到底|究竟|大概|主要)?(?:是)?(?:讲|说|写|谈)(?:的是|的|了)?(?:些)?(?:什么|啥)(?:内容)?的?{_PARTICLES}"
    rf"|(?:这|这里|里面|这里面|你这)(?:里)?(?:都)?(?:有|收)(?:了|录)?(?:些)?(?:哪些|什么|啥)(?:文章|内容|报道)|推荐(?:几个|些|点)问题.{{0,4}}"
    rf"|(?:有)?(?:什么|啥)(?:可以|能)问的?没?有?|(?:概括|总结|简介|介绍)(?:一下)?(?:(?:这|本)(?:篇)?)?(?:文章|报道|新闻|全文)的?(?:内容|大意|主旨)?"
)


# 「你知道…吗」 asks for what stands inside; 「您」 alone is only polite.
_ASKED_OF = re.compile(
    r"[你您](?:们)?(?:知|晓|认为|觉得|说|看|能告诉|能说|能讲|帮|给|可知|清楚|了解)|[你您]好"
)
_SHORT_REMARK = 16
_TO_YOU = re.compile(r"(?:那|哎|所以|请问|我(?:该|可以|能)?)?[你您](?!们)\S*$")
# The rules in the order in which they decide what a message is that holds several.
_RULES = (
    ("identity", _IDENTITY),
    ("ability", _ABILITY),
    ("about", _ABOUT),
    ("complaint", _COMPLAINT),
    ("goodbye", _GOODBYE),
    ("thanks", _THANKS),
    ("praise", _PRAISE),
    ("greeting", _GREETING),
)


def small_talk_reply(question: str, documents: Sequence[Document]) -> str | None:
    """Return the reply to small talk, None when `question` asks something of the articles."""
    message = question.lower()
    clauses = [clause for clause in _PUNCTUATION.split(message) if clause]
    if not clauses:
        return None
    whole = _PUNCTUATION.sub("", message)
    kinds = [_kind(whole) or _addressed(plain(message))]
    if kinds == [None]:
        kinds = [_kind(clause) for clause in clauses]
    if None in kinds:
        return None
    return _reply(next(name for name, _ in _RULES if name in kinds), _contents(documents))


def remark_reply(documents: Sequence[Document]) -> str:
    """Return the reply to a remark that asks nothing of the articles and that no rule knows."""
    return f"我只会摘文章的原话来回答，别的话接不上，请见谅。{_contents(documents)}"


def _kind(words: str) -> str | None:
    """Return what small talk `words` are, without punctuation; None for anything else."""
    return next((name for name, rule in _RULES if rule.fullmatch(words)), None)


def _addressed(message: str) -> str | None:
    """Return "ability" for a short message about the one it is put to, None for any other."""
    rest = _ASKED_OF.sub("", _PUNCTUATION.sub(" ", message).strip())
    return "ability" if len(rest) <= _SHORT_REMARK and _TO_YOU.match(rest) else None


def _reply(kind: str, contents: str) -> str | None:
    """Return what is said to small talk of a kind; `contents` tells what the articles are."""
    if kind == "greeting":
        return f"您好！我是问答，只用文章里的原话回答。{contents}请问您想知道什么？"
    if kind == "thanks":
        return "不客气。还想知道什么，请继续问。"
    if kind == "goodbye":
        return "再见，欢迎再来问。"
    if kind == "identity":
        return (
            "我是问答（wenda），一个只引用文章原话的问答机器人：我不会写作，也不会猜，"
            f"每个回答都能在文章里找到出处；文章没有说的，我会直说。{contents}"
        )
    if kind == "ability":
        return (
            "您可以问文章里的人、时间、地点、数字、原因和做法，我会摘出文章的原话，"
            f"并标出它在哪一段；文章没有说的，我会直说。{contents}"
        )
    if kind == "about":
        return f"{contents}具体的内容，请直接问我。" if contents else None
    if kind == "complaint":
        return "抱歉，没有帮上忙。我只会摘文章的原话；换一种问法，或者问得具体一些，可能就找得到。"
    return "好的。还想知道什么，请继续问。"


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
