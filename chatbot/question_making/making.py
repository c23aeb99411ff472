"""From the sentences of an article to questions: a clause with one of its things asked for.

Chinese asks in place, so no sentence has to be turned round: 海天每年拿出销售收入的5%用于技术研发
becomes 海天每年拿出销售收入的多少用于技术研发？ What can go wrong is only that the
clause does not stand by itself, and most of what follows passes over such clauses. Few good
questions are wanted, not many clumsy ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from chatbot.question_making.things import Thing, ThingKind, called, find_things
from chatbot.question_making.words import Word, cut_words
from corpus.document import Document, Paragraph
from corpus.sentences import split_sentences

LONGEST = 40
"""Characters of a question at most; a person's seldom has more than 30."""
SHORTEST = 8

_BREAK = re.compile(r"[，；：。！？,;:!?\n]+|——|……|─+")
_SAYING = re.compile(
    r"(?:说|道|表示|认为|介绍|指出|坦言|坦承|强调|回忆|感叹|感慨|称|透露|解释|告诉记者|写道|举例说|比方)$"
)
# What opens a clause without being part of what it says.
_OPENING = re.compile(
    r"^(?:近年来|近些年|如今|目前|当前|截至目前|事实上|实际上|此外|另外|同时|据介绍|据了解|据悉|例如|比如"
    r"|尤其是|特别是|不过|然而|可见|首先|最后|最终|当时|后来|其后|随后|其实|总之|一方面|另一方面)，?"
)
# Without its text nobody knows what is meant by these.
_LEANING = re.compile(
    "它|他|她|它们|他们|她们|这|那|该|其|此|其中|之中|这里|那里|这些|"
    "那些|这家|这个|那个|这是|这一|这种|这样|那样|此次|此片|此后|此前|"
    "这时|那时|我|我们|你|您|你们|咱|咱们|本|本人|本片|上述|前者|后者|"
    "两者|二者|双方|彼此|当地|当时|同年|同月|同日|翌年|次年|隔年|今年|"
    "去年|明年|前年|今天|昨天|记者|对方|后来|此类|同样|如此|亦|各自|这场|"
    "这次|这部|该片|该剧|该社|他人|其他|其余|另外|另|再次|之后|之前|随后|"
    "上面|以上|以下|如下|下面|剧中|片中|此时|尔后|至此|前述|同一|一样|"
    "分别"
)
_LEANING_BEGINNING = re.compile(
    r"^(?:并|也|而|但|却|又|还|则|就|才|便|都|更|再|仍|且|或|及|和|与|使|让|令|以|因|故|所以|因此|因而|于是|从而"
    r"|由于|如果|虽|尽管|即|无论|只要|只有|除|为|为了|不仅|不但|既|甚至|乃至|以及|且|若|当|随|随着|随著|作为|经过|通过"
    r"|根据|按照|对于|关于|针对|至于|直到|此|的|了|被|把|将|等|有的|有些|其|之|所|是)"
)
_LEANING_CHARACTERS = re.compile(r"[它他她我您咱該该]|[这那](?!么多)|此[^外]|(?<![尤极])其(?!他)")
_FRAGMENT_END = re.compile(
    r"(?:时|时候|后|前|中|下|以来|以后|之后|之前|契机|机会|的|和|与|及|或|等|起|为止|来说|期间)$"
)
_SUPERLATIVE = re.compile(r"第一|唯一|首[个批座家枚部次任位]|最[^后终近新初]")
_PAIRS = tuple(zip("“‘「『《（(【", "”’」』》）)】", strict=True))
_HEDGED_END = re.compile(r"(?:左右|上下|以上|以下|等|之多|之久|了)$")
# Nouns by their class that do a verb's work behind a name.
_VERBS_TOO = frozenset(("主演", "首创", "发明", "出版", "毕业"))
_LONG_SUBJECT = 6
_NO_YEAR = re.compile(r"(?<!年)[0-9]{1,2}月")
_LINKING = re.compile(r"(?<=[\u4e00-\u9fff])[则也](?=[是在于要])|(?<=[年天候])也")


@dataclass(frozen=True, slots=True)
class MadeQuestion:
    """A question in place; what it asks for is `text[start:end]` of its document.

    `document` is the document's id, `paragraph` its number from 1, `section` its title or None.
    """

    question: str
    document: str
    paragraph: int
    section: str | None
    start: int
    end: int
    kind: ThingKind


@dataclass(frozen=True, slots=True)
class _Clause:
    """[start, end) of a sentence, without the marks round it, and its words."""

    start: int
    end: int
    text: str
    words: tuple[Word, ...]


def make_questions(document: Document) -> list[MadeQuestion]:
    """Return the questions that the sentences of `document` ask in place, in reading order.

    Of none is it known yet whether its answer is found. No two are the same, and none contains
    the words that answer it.
    """
    topics = _topics(document)
    found: dict[str, MadeQuestion] = {}
    for paragraph in document.paragraphs:
        text = document.paragraph_text(paragraph)
        for start, end in split_sentences(text):
            for question, thing in _of_sentence(text[start:end], topics):
                answer = text[start + thing.start : start + thing.end]
                if answer in question or _common(document, thing, answer):
                    continue
                offset = paragraph.start + start
                made = _made(question, paragraph, offset, thing)
                found.setdefault(question, made)
    return list(found.values())


def _made(question: str, paragraph: Paragraph, offset: int, thing: Thing) -> MadeQuestion:
    return MadeQuestion(
        question,
        paragraph.document,
        paragraph.number,
        paragraph.section,
        offset + thing.start,
        offset + thing.end,
        thing.kind,
    )


def _topics(document: Document) -> frozenset[str]:
    """Return the words of the title: what an article is about needs no proper name."""
    return frozenset(
        word.text for word in cut_words(document.title) if len(word.text) > 1 and word.is_nominal
    )


def _common(document: Document, thing: Thing, answer: str) -> bool:
    """Tell whether a person, place or company is what the whole article is about."""
    return thing.kind in ("person", "organisation", "place") and (
        answer in document.title or document.text.count(answer) > 8
    )


def _of_sentence(sentence: str, topics: frozenset[str]) -> Iterator[tuple[str, Thing]]:
    """Yield the questions of one sentence, each with the thing it asks for."""
    if sentence.startswith("其中"):
        return
    words = cut_words(sentence)
    clauses = _clauses(sentence, words)
    things = find_things(sentence, words)
    for number, clause in enumerate(clauses):
        inside = [
            thing for thing in things if clause.start <= thing.start and thing.end <= clause.end
        ]
        inside += _named(clause)
        for thing in inside:
            question = _question(sentence, clauses, number, thing)
            if question is None or _is_name_only(clause):
                continue
            question = _LINKING.sub("", question)
            if _stands(question, words, topics, thing):
                yield question, thing


def _clauses(sentence: str, words: Sequence[Word]) -> list[_Clause]:
    """Return what stands between the marks of a sentence, without openings and lone quotes."""
    clauses, at = [], 0
    for match in [*_BREAK.finditer(sentence), None]:
        start, end = at, match.start() if match else len(sentence)
        at = match.end() if match else len(sentence)
        opening = _OPENING.match(sentence[start:end])
        if opening:
            start += opening.end()
        start, end = _without_lone_marks(sentence, start, end)
        if start < end:
            inside = tuple(word for word in words if start <= word.start and word.end <= end)
            clauses.append(_Clause(start, end, sentence[start:end], inside))
    return clauses


def _without_lone_marks(sentence: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (sentence[start].isspace() or sentence[start] in "”’」』》）)·、"):
        start += 1
    while end > start and (sentence[end - 1].isspace() or sentence[end - 1] in "“‘「『《（(、"):
        end -= 1
    text = sentence[start:end]
    for opening, closing in _PAIRS:
        if text.startswith(opening) and text.count(opening) > text.count(closing):
            return start + 1, end
        if text.endswith(closing) and text.count(closing) > text.count(opening):
            return start, end - 1
    return start, end


def _named(clause: _Clause) -> Iterator[Thing]:
    """Yield what a clause says that something is called, or is: 世界上第一枚邮票是黑便士."""
    name = called(clause.text)
    if name is not None:
        start, end = (clause.start + at for at in name)
        yield Thing(start, end, "name", "什么", start, end)
        return
    copulas = [word for word in clause.words if word.text == "是" and word.tag == "v"]
    if len(copulas) != 1:
        return
    subject = clause.text[: copulas[0].start - clause.start]
    said = clause.text[copulas[0].end - clause.start :]
    if (
        len(subject) >= 6
        and _SUPERLATIVE.search(subject)
        and 2 <= len(said) <= 12
        and not re.search(r"之一|、|[0-9]|的$", said)
    ):
        # 英国的黑便士 is asked for, 黑便士 is what it is called.
        start = copulas[0].end + said.rfind("的") + 1
        yield Thing(start, clause.end, "name", "什么", copulas[0].end, clause.end)


def _question(sentence: str, clauses: Sequence[_Clause], number: int, thing: Thing) -> str | None:
    """Return the whole question for `thing` in the clause of that number, None if there is none."""
    clause = clauses[number]
    if thing.role is not None:
        start, end = thing.role
        return f"{sentence[max(start, clause.start) : end]}是谁？"
    if thing.kind == "time":
        return _when(sentence, clauses, number, thing)
    main = _asked_in_place(sentence, clause, thing)
    if main is None:
        return None
    earlier = clauses[number - 1] if number else None
    if _has_subject(clause, thing):
        if earlier is not None and _is_time(earlier.text):
            main = f"{earlier.text}{main}"
        return f"{main}？"
    # Its subject is that of the clause before.
    if (
        earlier is None
        or sentence[earlier.end : clause.start].strip() != "，"
        or _SAYING.search(earlier.text)
        or _FRAGMENT_END.search(earlier.text)
        or not _has_subject(earlier, None)
        or not _has_verb(earlier.words)
        or _LEANING_BEGINNING.match(clause.text)
    ):
        return None
    return f"{earlier.text}，{main}？"


def _asked_in_place(sentence: str, clause: _Clause, thing: Thing) -> str | None:
    """Return a clause with the asking words in place of the thing."""
    before = sentence[clause.start : thing.asked_start]
    after = sentence[thing.asked_end : clause.end]
    if thing.kind in ("number", "work"):
        # 88家企业、2.5万名员工: the rest of a list is another question's.
        head = after.split("、")[0]
        after = after if re.search(r"[的和与及“《]", head) else head
    if thing.kind == "number":
        if re.search(r"[0-9]+[^，]{1,8}、[^，]{0,6}$", before) or "之一" in after:
            return None
        after = _HEDGED_END.sub("", after) if len(after) <= 2 else after
        leads = [word for word in clause.words if word.end <= thing.asked_start]
        if not leads:
            return None
        if not after and thing.asking in ("多少", "百分之多少") and leads[-1].is_nominal:
            return f"{before}是多少"
        if not after and not _has_verb(leads) and leads[-1].is_nominal:
            counts = thing.asking[-1:] in "家个座条名位人种项件"
            return f"{before}{'有' if counts else '是'}{thing.asking}"
        # 海天8800吨超大型注塑机: how heavy it is is part of its name there.
        if after.startswith("的") and leads[-1].text in ("不到", "超过", "达", "高达", "仅"):
            return None  # 体重不到63千克的他
        if not _has_verb(leads) and (not after or leads[-1].tag not in ("a", "ad", "d", "p")):
            return None
    subject = thing.start == clause.start
    if thing.kind in ("person", "organisation"):
        follows = next((word for word in clause.words if word.start >= thing.end), None)
        leads = [word for word in clause.words if word.end <= thing.start]
        if subject and (
            follows is None or follows.tag not in ("v", "d", "p", "ad", "a") or "之一" in after
        ):
            return None
        if not subject and not (leads and leads[-1].tag in ("v", "p", "ul")):
            return None
        if not subject and follows is not None and follows.tag not in ("v", "d"):
            return None
    if _defines(clause, thing):
        return None
    return f"{before}{thing.asking}{after}"


def _defines(clause: _Clause, thing: Thing) -> bool:
    """Tell whether a thing stands inside what something is: 是中华邮政在新疆发行的邮票."""
    return thing.kind in ("time", "place", "organisation") and (
        any(word.text == "是" and word.end <= thing.start for word in clause.words)
        and any(word.text == "的" and word.start >= thing.end for word in clause.words)
    )


def _when(sentence: str, clauses: Sequence[_Clause], number: int, thing: Thing) -> str | None:
    """Return the question for a time: put behind the subject where the time leads the clause."""
    clause = clauses[number]
    before = sentence[clause.start : thing.start]
    after = sentence[thing.end : clause.end]
    if not before.strip() or before.strip() in ("在", "于", "到了", "早在"):
        if not after.strip():
            if (
                number + 1 >= len(clauses)
                or sentence[clause.end : clauses[number + 1].start] != "，"
            ):
                return None
            told = clauses[number + 1]
        else:
            told = _Clause(
                thing.end,
                clause.end,
                after,
                tuple(word for word in clause.words if word.start >= thing.end),
            )
        split = _after_subject(told)
        if split is None or _TELLS_TIME.search(told.text) or _is_name_only(told):
            return None
        return f"{told.text[:split]}{thing.asking}{told.text[split:]}？"
    if not _has_subject(clause, thing) or re.search(r"[的》]$", before) or after.startswith("的"):
        return None
    if _TELLS_TIME.search(before + after) or before.endswith("时") or _defines(clause, thing):
        return None
    follows = next((word for word in clause.words if word.start >= thing.end), None)
    if follows is not None and follows.tag not in ("v", "d", "p", "vn", "ad"):
        return None
    return f"{before}{thing.asking}{after}？"


def _is_name_only(clause: _Clause) -> bool:
    """Tell whether a clause only names something, and says nothing of it: 他参加的社团."""
    verbs = [number for number, word in enumerate(clause.words) if word.tag == "v"]
    if len(verbs) != 1 or verbs[0] + 1 >= len(clause.words):
        return False
    return clause.words[verbs[0] + 1].text == "的"


_TELLS_TIME = re.compile(r"[0-9]{4}年|[0-9]月|这一[天年]|当[天年]|[0-9]日")


def _after_subject(clause: _Clause) -> int | None:
    """Return where the subject of a clause ends, None where it has none that is plain to see."""
    if not clause.words or clause.words[0].start != clause.start:
        return None
    end = None
    for number, word in enumerate(clause.words):
        if number and (word.tag in ("v", "d", "p", "ad", "vd") or word.text in _VERBS_TOO):
            last = clause.words[number - 1]
            after = clause.words[number + 1].text if number + 1 < len(clause.words) else ""
            if after in ("集团", "公司", "股份"):
                return None  # 宁波/旭升/集团
            if last.tag[:1] not in ("n", "j") and last.tag not in ("vn", "eng", "x"):
                return None
            end = word.start - clause.start
            break
        if not (
            word.is_nominal
            or word.text in ("的", "·", "“", "”", "《", "》")
            or word.tag in ("a", "m", "q", "f")
        ):
            return None
    if end is None or end < 2:
        return None
    subject = clause.text[:end]
    whole = all(subject.count(one) == subject.count(other) for one, other in _PAIRS)
    return end if whole else None


def _has_subject(clause: _Clause, thing: Thing | None) -> bool:
    """Tell whether a clause says itself what it is about, before its first verb."""
    words = clause.words
    if not words or words[0].start > clause.start + 1:
        return False
    if thing is not None and thing.start == clause.start and thing.kind != "time":
        return thing.kind in ("person", "organisation")
    skipped = 0
    while skipped < len(words) and (
        words[skipped].tag in ("t", "m", "q") and not words[skipped].is_nominal
    ):
        skipped += 1
    rest = words[skipped:]
    if not rest:
        return False
    if rest[0].tag in ("v", "p"):
        # 位于大碇街道的园区远近闻名: what stands before the subject belongs to it.
        for number, word in enumerate(rest):
            if word.text == "的" and number + 2 < len(rest):
                return rest[0].tag == "v" and any(
                    later.tag in ("v", "i", "l") for later in rest[number + 2 :]
                )
            if word.tag == "v" and number:
                return False
        return False
    for word in rest:
        if thing is not None and thing.start <= word.start < thing.end:
            return False
        if word.tag in ("d", "p", "c", "r", "u", "f") and word is rest[0]:
            return False
        if word.tag[:1] in ("n", "j") or word.tag in ("vn", "eng"):
            return True
        if word.tag in ("v", "d", "p"):
            return False
    return False


def _has_verb(words: Sequence[Word]) -> bool:
    return any(word.tag in ("v", "i", "l", "vd") or word.text in _VERBS_TOO for word in words)


def _is_time(text: str) -> bool:
    """Tell whether a clause only says when: 2023年."""
    return (
        re.fullmatch(r"(?:19|20|1[0-8])[0-9]{2}年(?:[0-9]{1,2}月(?:[0-9]{1,2}[日号])?)?", text)
        is not None
    )


def _stands(question: str, words: Sequence[Word], topics: frozenset[str], thing: Thing) -> bool:
    """Tell whether a question can be understood by someone who does not see the text."""
    if not SHORTEST <= len(question) <= LONGEST:
        return False
    if any(question.count(opening) != question.count(closing) for opening, closing in _PAIRS):
        return False
    if _LEANING_BEGINNING.match(question) or _LEANING_CHARACTERS.search(question):
        return False
    if (
        _NO_YEAR.search(question)
        or _FRAGMENT_END.search(question[:-1])
        or _SAYING.search(question[:-1])
    ):
        return False
    own = [word for word in cut_words(question) if len(word.text) > 0]
    if any(_LEANING.fullmatch(word.text) for word in own):
        return False
    if thing.role is None and not _has_verb(own):
        return False
    if any(word.is_proper for word in own) or any(topic in question for topic in topics):
        return True
    # 国际集装箱航线达多少条？ A subject as long as that is as good as a name.
    named = takewhile(lambda word: word.is_nominal or word.text in "“”", own)
    return sum(len(word.text) for word in named) >= _LONG_SUBJECT
