"""Conversation: what a question may mean after the questions before it.

Candidate readings are written out by rule; which of them is meant is told by what retrieval and
reader find for each (`chatbot/bot.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from chatbot.asking_words import asks, masked
from chatbot.keywords import asked_in_full
from chatbot.quantities import find_times

# Earlier turns that are looked at; what lies further back is seldom meant.
TURNS = 4
# Words that stand for something named before. Not 其他, 其实, 吉他, 这样 and their like.
_PRONOUN = re.compile(
    r"(?P<it>它们?|(?<!其)(?<!吉)他们?(?!的?国|乡|山)|她们?|(?<![\u4e00-\u9fff])[这该那](?:家|位|个|座|款|项|条|种|所|支|款|篇)"
    r"(?:公司|企业|集团|人|地方|城市|项目|工厂|系统|平台|车|产品|学校|单位|部门|港口?|业务|作品|影片|片子|电影|书|展厅|活动|比赛|赛事|植物|机构|会议)?|该(?:公司|企业|集团|校|市|区|项目)"
    r"|[这那]里|[这那]人(?!们)|此[人地]|此事|其(?![中他它实次余间后前]))"
)
_PERSON = re.compile(r"[他她]|[这那]位|此人|人$")
_SEVERAL = re.compile(r"们$")
# Whose answer names what a pronoun may stand for.
_ASKS_PERSON = re.compile(r"谁|哪一?位|什么人|叫什么")
_ASKS_NAME = re.compile(r"谁|哪(?!一?[年天月日])|什么(?!时候|意|样)|叫什么|哪里|哪儿")
_ASKS_WHICH = re.compile(r"(?:是|为|叫)(?:什么|谁|哪)|哪(?:一)?[家个部项座所种款支首本件场届位]")
_ASKS_PLACE = re.compile(r"哪[里儿]|在哪|哪个(?:国家|城市|地方|省|市|县)|什么地方")
_PLACE = re.compile(r"[这那]里|此地")
# A part of what was just told.
_AMONG = re.compile(r"^(?:那么?)?(?:其中|里面|这其中|这里面|前者|后者|这些|那些|这个数|这一)")
_AND_THAT = re.compile(
    r"^(?:那么?|还有|以及|然后|另外|换成)?(?P<new>[^？?]{1,16}?)(?:呢|又如何|怎么样)[？?。]?$"
)
_LEADS_ON = re.compile(r"^(?:那么?|还有|然后|另外|以及|再|又|接着)")
# 「创始人呢」 asks for another side of the same thing, 「继峰股份呢」 for the same of another.
_ATTRIBUTE = re.compile(
    r"(?:人|长|员|总|者|额|量|积|率|价|格|间|点|址|名|因|度|数|期|龄|史|重|高|宽|深|比|位|业|口|果|法|值|景|称|型|程|籍|处|部|费|入|出|利|色|用)$"
)
# What is no part of a name at its edges.
_EDGES = "的在是有和与了把被对从向到于为中上里个以及又也都还就"
_LONGEST_NAME = 20
# What stands before a name in an answer, and what tells that it is more than a name.
_BEFORE_NAME = re.compile(r"^(?:是|为|即|叫做?|名叫|由)(?:一[件个名位家座部种张枚]|一)?")
_NO_NAME = re.compile(r"[，。；：！？,;:!?他她它我]|[0-9]{2,}年|[这那该]")
# What people ask of first is somebody or something, no verb that the article has too.
_VERB = (
    r"毕业|出生|去世|逝世|成立|创办|创立|建成|开放|举行|发行|获得|担任|导演|主演|接任|接替|主持|发明|新造|位于|来自"
    r"|并购|收购|捐赠|命名|设立|参加"
)
_VERB_ONLY = re.compile(rf"(?:{_VERB})")
_VERB_END = re.compile(rf"(?<=[\u4e00-\u9fff]{{2}})(?:{_VERB})$")
# Of whom 他 may be told though the talk is of somebody else: 史都华的女儿.
_SOMEBODY = re.compile(
    r"的(?:[大小]?(?:女儿|儿子|妻子|太太|丈夫|父亲|母亲|哥哥|弟弟|姐姐|妹妹|祖父|祖母|孩子|学生|老师|导师|教练|助手|好友)"
    r"|[\u4e00-\u9fff]{0,4}(?:[始责明办计承言控理]人|[局市区院校馆园部处会厂董]长|经理|总裁|总监|主席|主任|书记|演员|导演|主角))"
)
_PERSONS_NAME = re.compile(r"[\u4e00-\u9fff]{2,3}|.*·.*")
# The words that ask, with what they count or name: 在哪里, 多少条, 是谁.
_ASKED_FOR = re.compile(
    r"是谁|在?哪[里儿]|什么时候|为什么|怎么样?|多[大远久高长重深]|(?:多少|几)[个家条名位人种项件座部枚张次天年]?|哪[一个家位年天]?[年天月]?|谁|什么"
)


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question as it was understood, and what was told: "" where nothing was.

    `texts` are the passages that came closest to it, `place` is (document id, start, end) of the
    answer.
    """

    question: str
    answer: str
    texts: tuple[str, ...]
    place: tuple[str, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a question. `asked` is the part whose wording says what kind of answer.

    `about` are the names of which, or of one of which, the answer should be told: what was put in,
    or what the talk is about where nothing was. None where the reading names all that it needs.
    """

    text: str
    asked: str
    about: tuple[str, ...] = field(default=(), compare=False)


def leans(question: str) -> bool:
    """Tell whether the wording of `question` needs what was said before it."""
    bare = question.strip()
    return bool(_AMONG.match(bare) or _is_and_that(bare) or _PRONOUN.search(bare[:12]))


def own_part(question: str) -> str:
    """Return what a follow-up itself says: X of 「那X呢？」, nothing that only leads on."""
    bare = question.strip()
    return _LEADS_ON.sub("", _is_and_that(bare) or bare)


def readings(question: str, turns: Sequence[Turn]) -> list[Reading]:
    """Return the ways to read `question` after `turns`, likelier ones first.

    A question whose wording leans on nothing is first read as it stands. With no earlier turn
    that is the only reading.
    """
    if not turns:
        return [Reading(question, question)]
    alone = Reading(question, question, _talked_of(turns[-1]))
    found = _in_context(question.strip(), turns)
    if not leans(question):
        found.insert(0, alone)
    return list(dict.fromkeys(found)) or [alone]


def _in_context(question: str, turns: Sequence[Turn]) -> list[Reading]:
    """Return readings that take something from earlier turns."""
    last = turns[-1]
    glued = Reading(f"{last.question.strip()} {question}", question, _talked_of(last))
    if _AMONG.match(question):
        return [glued]
    if (new := _is_and_that(question)) is not None:
        pronoun = _PRONOUN.match(new)
        if pronoun is None:
            return _swapped(new, last) or [Reading(glued.text, last.question, glued.about)]
        question = new
    pronoun = _PRONOUN.search(question[:12])
    if pronoun is not None:
        found = []
        names, sure = _meant(pronoun["it"], turns)
        for name in names:
            start, end = pronoun.span("it")
            before = _LEADS_ON.sub("", question[:start])
            whole = f"{before}{name}{_joined(pronoun['it'], question[end:])}"
            found.append(Reading(whole, whole, (name,)))
        if sure:
            return found
        return [*found[:2], glued] if found else [glued]
    if (again := _asked_again(question, last)) is not None:
        return [again]
    rest = _LEADS_ON.sub("", question)
    subject, told = _subject(last), _told_name(last, _ASKS_NAME)
    found = [Reading(f"{name}{rest}", f"{name}{rest}", (name,)) for name in (subject, told) if name]
    return [reading for reading in found if reading.text != question and rest != reading.text]


def _asked_again(question: str, last: Turn) -> Reading | None:
    """Return the last question with what `question` asks for put in, where that is all it says.

    「什么时候？」 after 「奠基仪式在哪里举行？」 asks when it was held.
    """
    bare = _LEADS_ON.sub("", question).strip("？?。 ")
    if not asks(bare) or masked(bare).strip("\x00"):
        return None
    before = list(_ASKED_FOR.finditer(last.question))
    if len(before) != 1:
        return None
    start, end = before[0].span()
    whole = f"{last.question[:start]}{bare}{last.question[end:]}"
    return Reading(whole, whole)


def _joined(pronoun: str, rest: str) -> str:
    """Return what follows a name put for `pronoun`: 其总部 is 海天的总部."""
    return f"的{rest}" if pronoun == "其" and not rest.startswith("的") else rest


def _is_and_that(question: str) -> str | None:
    """Return X of 「那X呢？」, None for any other question."""
    match = _AND_THAT.match(question)
    if match is None:
        return None
    bare = match["new"].replace("的", "")
    if not bare or masked(bare) != bare:
        return None
    return match["new"].rstrip("的")


def _talked_of(turn: Turn) -> tuple[str, ...]:
    """Return what an earlier turn asked about and what it named."""
    names = (_subject(turn), _told_name(turn, _ASKS_NAME))
    return tuple(dict.fromkeys(name for name in names if name))


def _meant(pronoun: str, turns: Sequence[Turn]) -> tuple[list[str], bool]:
    """Return what a pronoun may stand for, likelier first, and whether it is sure to be the first.

    What was told, and what was asked about. 他 is whom the last question asked for, if it did.
    """
    names = []
    person = bool(_PERSON.search(pronoun))
    for turn in reversed(turns):
        told = _told_name(turn, _ASKS_PERSON if person else _ASKS_NAME)
        subject = _subject(turn)
        at = turn.question.find(subject) + len(subject)
        if person and subject and (somebody := _SOMEBODY.match(turn.question, at)):
            subject += somebody.group()
        if told and not person and turn is turns[-1] and _ASKS_PERSON.search(turn.question):
            # 它 is no person; whom or what 谁 asked for shows in the answer.
            told = "" if _PERSONS_NAME.fullmatch(told) else told
        if told and person and turn is turns[-1] and not _SEVERAL.search(pronoun):
            return [told], True
        first = (told, subject) if person or _is_told(pronoun, turn) else (subject, told)
        names += [name for name in first if name]
        if names and not person:
            break
    return list(dict.fromkeys(names)), False


def _is_told(pronoun: str, turn: Turn) -> bool:
    """Tell whether a pronoun for a thing means what was told rather than what the talk is about.

    After 「最大的客户是谁？」 and 「在哪里进修？」 (那里), not after 「总部在哪里？」.
    """
    if _ASKS_PLACE.search(turn.question):
        return bool(_PLACE.search(pronoun))
    return bool(_ASKS_WHICH.search(turn.question))


def _told_name(turn: Turn, asks_for: re.Pattern[str]) -> str:
    """Return the name that a turn told where its question asked for one, else ""."""
    name = _BEFORE_NAME.sub("", turn.answer.strip("“”《》。， "))
    # What it is comes last: 曾在故宫博物院进修的魏青.
    name = name[name.rfind("的") + 1 :] if len(name) - name.rfind("的") > 2 else name
    if not name or len(name) > _LONGEST_NAME or _NO_NAME.search(name):
        return ""
    if not asks_for.search(turn.question) or any(
        name.count(one) != name.count(other) for one, other in ("“”", "《》", "（）")
    ):
        return ""
    return f"《{name}》" if f"《{name}》" in turn.answer else name


def _swapped(new: str, last: Turn) -> list[Reading]:
    """Return the last question with `new` put for what it takes the place of, likelier first."""
    times = find_times(last.question)
    places = [times[0]] if find_times(new) and times else []
    named = _names(last.question, last.texts)
    if not places:
        places = [*_alike(new, last.question), *named[:1]]
    found = [last.question[:start] + new + last.question[end:] for start, end in places]
    if named and not (times and find_times(new)) and _ATTRIBUTE.search(new):
        subject = _subject(last)
        # 林若溪的父亲 and 林若溪: what is asked now may be of either.
        owners = [subject, subject.split("的")[0]] if "的" in subject else [subject]
        asked = [asked_in_full(f"{owner} {new}") for owner in reversed(owners)]
        found = [*found[: len(places) - 1], *asked, *found[len(places) - 1 :]]
    # With its subject gone, what is asked must still be of what the talk is about.
    about = _talked_of(last)
    return [
        Reading(whole, whole, () if any(name in whole for name in about) else about)
        if _ATTRIBUTE.search(new)
        else Reading(whole, whole)
        for whole in dict.fromkeys(found)
    ][:3]


def _alike(new: str, question: str) -> list[tuple[int, int]]:
    """Return where `question` has a word made as `new` is: 父亲 for 母亲, 一级文物 for 二级文物."""
    bare = masked(question)
    size = len(new)
    return [
        (at, at + size)
        for at in range(len(bare) - size + 1)
        if size > 1
        and bare[at + size - 1] == new[-1]
        and re.fullmatch(r"[\u4e00-\u9fff0-9A-Za-z]+", bare[at : at + size])
        and bare[at] != "的"
        and bare[at : at + size] != new
    ][:1]


def _subject(turn: Turn) -> str:
    """Return what a turn asked about: the first name of its question; "" if there is none."""
    for place in _names(turn.question, turn.texts):
        name = turn.question[slice(*place)]
        if not _VERB_ONLY.fullmatch(name) and find_times(name) != [(0, len(name))]:
            return _VERB_END.sub("", name)
    return ""


def _names(question: str, texts: Sequence[str]) -> list[tuple[int, int]]:
    """Return the stretches of `question` that stand in `texts`, longest first come, as offsets.

    Names need no dictionary: what the article writes the same way is one. Two characters at least.
    """
    bare = masked(question)
    found = []
    at = 0
    while at < len(bare):
        end = at
        while end < len(bare) and any(bare[at : end + 1] in text for text in texts):
            end += 1
        start, stop = at, end
        while start < stop and bare[start] in _EDGES:
            start += 1
        while stop > start and bare[stop - 1] in _EDGES:
            stop -= 1
        if stop - start > 1:
            found.append((start, stop))
        at = max(end, at + 1)
    return found
