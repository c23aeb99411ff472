"""Question sets from files. Every mistake of every file is found before anything runs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from chatbot.question_sets.comparison import fold
from chatbot.question_sets.question_set import (
    BrokenQuestionSetError,
    Mistake,
    Question,
    why_not,
)
from corpus.readers import CorpusError, decode

FIELDS = ("id", "question", "answer", "items", "evidence", "answerable", "history", "tags")
_EXAMPLE = '{"question": "……？", "answer": "……"}'
_HAN = re.compile(r"[\u4e00-\u9fff]")
# Typed with a Chinese input method where JSON wants its own.
_FULL_WIDTH = {
    "“": '"', "”": '"', "‘": '"', "’": '"', "＂": '"', "：": ":", "，": ",", "｛": "{", "｝": "}",
    "【": "[", "】": "]", "［": "[", "］": "]", "、": ",", "\u3000": " ",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One question as a file has it, before its fields are looked at.

    `number` counts the rows of the file from 1, and is the question's id when it has none.
    """

    number: int
    fields: dict[str, Any]


@dataclass(slots=True)
class _Findings:
    """What is wrong with one file, so far."""

    path: Path
    mistakes: list[Mistake] = field(default_factory=list)

    def add(self, row: int | None, text: str) -> None:
        self.mistakes.append(Mistake(self.path, row, text))


# Reads the bytes of a file into rows and adds what is wrong with its form.
Loader = Callable[[bytes, _Findings], list[Row]]


def load_question_sets(paths: Sequence[Path]) -> list[Question]:
    """Return the questions of all `paths` in order.

    Raises BrokenQuestionSetError with all mistakes of all files. An id that two rows give is one:
    their answers could not be told apart. The row numbers that stand in for ids may meet those of
    another file.
    """
    questions: list[Question] = []
    mistakes: list[Mistake] = []
    given: dict[str, str] = {}
    for path in paths:
        findings = _Findings(path)
        ids: dict[str, str] = {}
        for row, question in _questions(path, findings):
            own = row.fields.get("id") not in (None, "")
            earlier = ids.get(question.id) or (given.get(question.id) if own else None)
            if earlier:
                findings.add(row.number, f"编号“{question.id}”与{earlier}的重复；每题的编号要不同")
            ids.setdefault(question.id, f"第 {row.number} 行")
            if own:
                given.setdefault(question.id, f" {path} 第 {row.number} 行")
            questions.append(replace(question, source=str(path)))
        mistakes += sorted(findings.mistakes, key=lambda mistake: mistake.row or 0)
    if mistakes:
        raise BrokenQuestionSetError(mistakes)
    return questions


def load_question_set(path: Path) -> list[Question]:
    """Return the questions of one file. Raises BrokenQuestionSetError with all its mistakes."""
    return load_question_sets([path])


def _questions(path: Path, findings: _Findings) -> list[tuple[Row, Question]]:
    """Return the rows that are questions; what is wrong goes to `findings`."""
    load = LOADERS.get(path.suffix.lower())
    if load is None:
        kind = f"不认识 {path.suffix} 文件" if path.suffix else "文件名没有扩展名"
        findings.add(None, f"{kind}；问题集要是 {'、'.join(LOADERS)} 文件")
        return []
    try:
        content = path.read_bytes()
    except OSError as error:
        findings.add(None, f"读不了，{why_not(error)}")
        return []
    rows = load(content, findings)
    if not rows and not findings.mistakes:
        findings.add(None, f"一道题也没有；每行要有一题，例如 {_EXAMPLE}")
    _hint_misspelt(rows, findings)
    found = ((row, _question(row, findings)) for row in rows)
    return [(row, question) for row, question in found if question is not None]


def _load_json_lines(content: bytes, findings: _Findings) -> list[Row]:
    """Read JSON Lines: one JSON object a line, empty lines allowed."""
    text = _decode(content, findings)
    if text is None:
        return []
    before = len(findings.mistakes)
    rows = []
    # Not splitlines: U+2028 and its like may stand in a JSON string.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        fields = _parse_line(line.strip(), number, findings)
        if fields is not None:
            rows.append(Row(number, fields))
    if len(findings.mistakes) > before and _is_whole_json(text):
        # One cause, one message, instead of one for each of its lines.
        del findings.mistakes[before:]
        findings.add(None, f"整个文件是一个 JSON 值；JSON Lines 要每行一题，例如 {_EXAMPLE}")
        return []
    return rows


LOADERS: dict[str, Loader] = {".jsonl": _load_json_lines}


def _decode(content: bytes, findings: _Findings) -> str | None:
    """Return the text of a file in the encodings that articles may have; None if it has none.

    A damaged UTF-8 file is reported as such: read as GB18030 it would be gibberish that runs.
    """
    try:
        content.decode()
    except UnicodeDecodeError as error:
        guess = content.decode(errors="replace")
        if guess.count("\ufffd") < len(_HAN.findall(guess)):
            line = content[: error.start].count(b"\n") + 1
            findings.add(line, "有损坏的字节，文件可能没有写完；请另存为 UTF-8")
            return None
    try:
        # Two marks happen when a tool that writes one is given a file that has one.
        return decode(content, findings.path).lstrip("\ufeff")
    except CorpusError:
        findings.add(None, "不是文本，或者编码不是 UTF-8 和 GB18030；请另存为 UTF-8")
        return None


def _parse_line(line: str, number: int, findings: _Findings) -> dict[str, Any] | None:
    """Return the fields of one line; None, and what is wrong, for anything but a JSON object."""
    repeated: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        repeated.extend(name for name in dict.fromkeys(names) if names.count(name) > 1)
        return dict(pairs)

    try:
        value = json.loads(line, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        findings.add(number, _why_no_json(line, error))
        return None
    except (ValueError, RecursionError):
        # A number of thousands of digits, brackets within brackets without end.
        findings.add(number, f"这样的 JSON 读不了；应当是 {_EXAMPLE} 这样的一行")
        return None
    if not isinstance(value, dict):
        findings.add(number, f"应当是 {_EXAMPLE} 这样的一个对象，这里是{_kind(value)}")
        return None
    if repeated:
        findings.add(number, f"字段 {'、'.join(repeated)} 写了不止一次；只留一个")
        return None
    return value


def _why_no_json(line: str, error: json.JSONDecodeError) -> str:
    """Return what is wrong with a line that is not JSON, and what would be right."""
    at = error.pos
    if at < len(line) and line[at] in _FULL_WIDTH:
        shown = "是全角空格，" if line[at] == "\u3000" else f" {line[at]} "
        return f"第 {at + 1} 个字符{shown}要用半角的 {_FULL_WIDTH[line[at]]}".rstrip()
    if at >= len(line) or error.msg.startswith("Unterminated string"):
        return f"这一行没有写完，缺少结尾的引号或括号；应当是 {_EXAMPLE} 这样的一行"
    return f"从第 {at + 1} 个字符“{line[at]}”起不是 JSON；应当是 {_EXAMPLE} 这样的一行"


def _is_whole_json(text: str) -> bool:
    """Say whether the file is a JSON array, or one object over several lines."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, list) or "\n" in text.strip()


def _hint_misspelt(rows: Sequence[Row], findings: _Findings) -> None:
    """Report fields that look like a known one misspelt, each once; other fields are the tester's.

    An answer that nobody reads is worse than none: the set would run, and score nothing.
    """
    rows_with: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        for name in row.fields:
            meant = _meant(name)
            if meant is not None and meant not in row.fields:
                rows_with.setdefault((name, meant), []).append(row.number)
    for (name, meant), numbers in rows_with.items():
        also = f"（共 {len(numbers)} 行这样写）" if len(numbers) > 1 else ""
        findings.add(numbers[0], f"不认识字段“{name}”，是不是“{meant}”？{also}")


def _meant(name: str) -> str | None:
    """Return the known field that an unknown name is nearly, if it is."""
    if name in FIELDS:
        return None
    folded = name.strip().casefold()
    for known in FIELDS:
        near = abs(len(known) - len(folded)) <= 2 and len(known) > 2
        if folded == known or (near and SequenceMatcher(None, folded, known).ratio() >= 0.8):
            return known
    return None


def _question(row: Row, findings: _Findings) -> Question | None:
    """Return the question of a row; None, and all that is wrong with it, if anything is."""
    before = len(findings.mistakes)
    read = _Fields(row, findings)
    id = read.id()
    question = read.text("question")
    if question is None and len(findings.mistakes) == before:
        findings.add(row.number, "没有问题；字段 question 要写上要问的话")
    answers = read.texts("answer", compared=True)
    items = read.texts("items", compared=True)
    evidence = read.text("evidence", compared=True)
    answerable = read.truth("answerable")
    history = read.texts("history")
    tags = read.texts("tags")
    expected = [name for name, texts in (("answer", answers), ("items", items)) if texts]
    if answerable is False and expected:
        findings.add(
            row.number,
            f"answerable 是 false（应当拒答），却写了 {'、'.join(expected)}；去掉其中一样",
        )
    if len(findings.mistakes) > before or question is None:
        return None
    if answerable is None and (answers or items or evidence):
        answerable = True
    return Question(id, question, answers, items, evidence, answerable, history, tags)


@dataclass(frozen=True, slots=True)
class _Fields:
    """Reads the fields of one row by type; null and empty are as good as absent."""

    row: Row
    findings: _Findings

    def id(self) -> str:
        value = self.row.fields.get("id")
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return self.text("id") or str(self.row.number)

    def text(self, name: str, *, compared: bool = False) -> str | None:
        value = self.row.fields.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            self._wrong(name, f'应当是文字，写成 "……"；这里是{_kind(value)}')
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
                    name, f'应当是文字或一列文字，写成 "……" 或 ["……", "……"]；这里有{_kind(one)}'
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
            self._wrong(name, f"应当是 true 或 false，不加引号；这里是{_kind(value)}")
            return None
        return value

    def _is_good(self, name: str, text: str, compared: bool) -> bool:
        """Say whether a text can be asked, written and (if it is compared) ever be found."""
        if not text.strip():
            self._wrong(name, "是空白；写上文字，或去掉它")
        elif not _encodable(text):
            self._wrong(name, "里有半个字符（\\ud800 到 \\udfff）；请重新输入这段文字")
        elif compared and not fold(text):
            self._wrong(name, f"“{text}”里没有可以比较的字；比较时不看标点和空白")
        else:
            return True
        return False

    def _wrong(self, name: str, text: str) -> None:
        self.findings.add(self.row.number, f"字段 {name} {text}")


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _kind(value: object) -> str:
    """Return what a JSON value is, in Chinese."""
    kinds: list[tuple[type, str]] = [
        (bool, " true 或 false"), (int, "数字"), (float, "数字"), (str, "文字"), (list, "一列东西"),
        (dict, "一个对象"),
    ]  # fmt: skip
    return next((name for kind, name in kinds if isinstance(value, kind)), " null")
