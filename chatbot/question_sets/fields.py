"""From a row to a question: what each field may hold, and what a field was meant to be called."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from chatbot.question_sets.comparison import fold
from chatbot.question_sets.json_files import kind_of
from chatbot.question_sets.question_set import Question
from chatbot.question_sets.rows import CANONICAL, FIELDS, Findings, Row

# What testers call a field where they were not told its name.
_OTHER_WORDS = {
    "question": ("题目", "提问", "问句", "题干", "测试问题", "query"),
    "answer": ("参考答案", "标准答案", "正确答案", "期望答案", "预期答案", "回答"),
    "evidence": ("证据", "原文", "原文依据", "context"),
    "answerable": ("是否可答", "能否回答", "可否回答", "是否有答案", "is_answerable"),
    "history": ("上文", "历史", "历史问题", "前面的问题"),
    "items": ("列表", "各项"),
}
_MEANT = {word: name for name, words in _OTHER_WORDS.items() for word in words}
# What only the records of answers have: their file has questions and answers, and is no set.
_OF_A_RECORD = {"answered", "understood", "confidence"}


def meant(name: str) -> str | None:
    """Return which field an unknown name is probably for, None for a known one or a tester's own.

    It is returned as the file should call it: in Chinese for a Chinese name.
    """
    if name in CANONICAL:
        return None
    folded = name.strip().casefold()
    if folded in _MEANT:
        field = _MEANT[folded]
        return field if folded.isascii() else FIELDS[field]
    for known in FIELDS:
        near = abs(len(known) - len(folded)) <= 2 and len(known) > 2
        if folded == known or (near and SequenceMatcher(None, folded, known).ratio() >= 0.8):
            return known
    return None


def hint_misspelt(rows: Sequence[Row], findings: Findings) -> None:
    """Report fields that look like a known one misspelt, each once; other fields are the tester's.

    An answer that nobody reads is worse than none: the set would run, and score nothing.
    """
    rows_with: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        for name in row.fields:
            right = meant(name)
            if right is not None and CANONICAL[right] not in row.fields:
                rows_with.setdefault((name, right), []).append(row)
    for (name, right), where in rows_with.items():
        also = f"（共 {len(where)} 行这样写）" if len(where) > 1 else ""
        findings.add_at(where[0], None, f"不认识字段“{name}”，是不是“{right}”？{also}")


def is_answer_record(names: Collection[str]) -> bool:
    """Say whether a row with fields of these names is a line of an answers file."""
    return _OF_A_RECORD.issubset(names)


def id_of(row: Row) -> str | None:
    """Return what a row is called, whatever else is wrong with it; None if that is not known."""
    value = row.fields.get("id")
    if "id" in row.unread or not isinstance(value, int | str | None) or isinstance(value, bool):
        return None
    return str(value) if value not in (None, "") else row.id


def read_question(row: Row, findings: Findings) -> Question | None:
    """Return the question of a row; None, and all that is wrong with it, if anything is."""
    before = len(findings.mistakes)
    read = _Fields(row, findings)
    id = read.id()
    question = read.text("question")
    unknown = "question" in row.unread or len(findings.mistakes) > before
    if question is None and not unknown:
        findings.add_at(row, "question", f"没有问题；字段 {read.called('question')} 要写上要问的话")
    answers = read.texts("answer", compared=True)
    items = read.texts("items", compared=True)
    evidence = read.text("evidence", compared=True)
    answerable = read.truth("answerable")
    history = read.texts("history")
    tags = read.texts("tags")
    expected = [name for name, texts in (("answer", answers), ("items", items)) if texts]
    if answerable is False and expected:
        no = "否" if row.in_words else "false"
        written = "、".join(map(read.called, expected))
        findings.add_at(
            row,
            "answerable",
            f"{read.called('answerable')} 是 {no}（应当拒答），却写了 {written}；去掉其中一样",
        )
    if len(findings.mistakes) > before or question is None or row.unread:
        return None
    if answerable is None and (answers or items or evidence):
        answerable = True
    return Question(id, question, answers, items, evidence, answerable, history, tags)


@dataclass(frozen=True, slots=True)
class _Fields:
    """Reads the fields of one row by type; null and empty are as good as absent."""

    row: Row
    findings: Findings

    def called(self, name: str) -> str:
        """Return what the file calls a field."""
        return self.row.names.get(name, name)

    def id(self) -> str:
        value = self.row.fields.get("id")
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return self.text("id") or self.row.id

    def text(self, name: str, *, compared: bool = False) -> str | None:
        value = self.row.fields.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            self._wrong(name, f'应当是文字，写成 "……"；这里是{kind_of(value)}')
            return None
        return value if self._is_good(name, value, compared) else None

    def texts(self, name: str, *, compared: bool = False) -> tuple[str, ...]:
        value = self.row.fields.get(name)
        if value is None or value == "":
            return ()
        several = value if isinstance(value, list) else [value]
        for one in several:
            if not isinstance(one, str):
                self._wrong(
                    name,
                    f'应当是文字或一列文字，写成 "……" 或 ["……", "……"]；这里有{kind_of(one)}',
                )
                return ()
        if not all([self._is_good(name, one, compared) for one in several]):
            return ()
        return tuple(several)

    def truth(self, name: str) -> bool | None:
        value = self.row.fields.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, bool):
            if self.row.in_words:
                here = f"“{value}”" if isinstance(value, str) else kind_of(value)
                self._wrong(name, f"应当是 是 或 否（true 或 false）；这里是{here}")
            else:
                self._wrong(name, f"应当是 true 或 false，不加引号；这里是{kind_of(value)}")
            return None
        return value

    def _is_good(self, name: str, text: str, compared: bool) -> bool:
        """Say whether a text can be asked, written and (if it is compared) ever be found."""
        if not text.strip():
            self._wrong(name, "是空白；写上文字，或去掉它")
        elif not _encodable(text):
            self._wrong(name, "里有半个字符（\\ud800 到 \\udfff）；请重新输入这段文字")
        elif "\0" in text:
            self._wrong(name, "里有空字符（NUL）；请重新输入这段文字")
        elif compared and not fold(text):
            self._wrong(name, f"“{text}”里没有可以比较的字；比较时不看标点和空白")
        else:
            return True
        return False

    def _wrong(self, name: str, text: str) -> None:
        self.findings.add_at(self.row, name, f"字段 {self.called(name)} {text}")


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
