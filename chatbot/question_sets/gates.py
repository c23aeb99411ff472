"""--fail-under: thresholds that a run must hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chatbot.question_sets.question_set import GateError
from chatbot.question_sets.summary import LABELS, Summary

_FORM = re.compile(
    r"\s*(?:(?P<name>[^\d.\s>=<≥\[][^>=<≥\[]*?)?\s*(?:\[\s*tag\s*=\s*(?P<tag>.+?)\s*\])?"
    r"\s*(?:>?=|≥)\s*)?(?P<number>[\d.]+)(?P<percent>%?)\s*"
)
_EXAMPLES = "0.9、90%、sentence>=0.9 或 refusal[tag=标签]=1"
# A mean of floats may fall short of 0.9 in its last bit.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Gate:
    """A score that must reach a threshold (0 to 1), over all questions or those with a tag."""

    name: str
    threshold: float
    tag: str | None = None

    def __str__(self) -> str:
        """Return the gate as --fail-under would take it."""
        tag = "" if self.tag is None else f"[tag={self.tag}]"
        return f"{self.name}{tag}>={_number(self.threshold)}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a gate held, and the line that says so. A score that nothing gave does not hold."""

    gate: Gate
    value: float | None
    held: bool

    def __str__(self) -> str:
        """Return the line for the log."""
        tag = "" if self.gate.tag is None else f"[tag={self.gate.tag}]"
        label = LABELS[self.gate.name]
        asked = f"{self.gate.name}{tag}（{label}）>= {_number(self.gate.threshold)}"
        if self.value is None:
            return f"未达标：{asked}，可是没有一题能算这个分数"
        word = "达标" if self.held else "未达标"
        return f"{word}：{asked}，实得 {_number(self.value)}"


def parse_gates(texts: Sequence[str]) -> tuple[Gate, ...]:
    """Return the gates of --fail-under: SHARE, NAME>=SHARE or NAME[tag=TAG]>=SHARE.

    A share is 0.9 or 90%, of the questions answered right where no name is given; = means the same
    as >=. Raises GateError, which names all that are wrong.
    """
    gates: list[Gate] = []
    wrong: list[str] = []
    for text in texts:
        parsed = _parse(text)
        if isinstance(parsed, Gate):
            gates.append(parsed)
        else:
            wrong.append(f"--fail-under {text}：{parsed}")
    if wrong:
        raise GateError("\n".join(wrong))
    return tuple(gates)


def _parse(text: str) -> Gate | str:
    """Return the gate, or what is wrong with its text."""
    match = _FORM.fullmatch(text)
    if match is None:
        return f"看不懂；要写成 {_EXAMPLES}"
    name = match["name"] or "right"
    if name not in LABELS:
        return f"没有“{name}”这个分数；可用的是 {'、'.join(LABELS)}"
    try:
        threshold = float(match["number"])
    except ValueError:
        return f"“{match['number']}”不是数"
    if match["percent"]:
        threshold /= 100
    if threshold > 1:
        return "门槛要在 0 到 1 之间（或 0% 到 100%）"
    return Gate(name, threshold, match["tag"])


def check_tags(gates: Sequence[Gate], tags: Iterable[str]) -> None:
    """Raise GateError, which names all that are wrong, for gates on a tag that is not in `tags`.

    Apart from parse_gates, because the tags are known only once the question sets are read.
    """
    known = tuple(dict.fromkeys(tags))
    there = f"有的是 {'、'.join(known)}" if known else "这些题都没有标签"
    wrong = [
        f"--fail-under {gate}：没有题带标签“{gate.tag}”；{there}"
        for gate in gates
        if gate.tag is not None and gate.tag not in known
    ]
    if wrong:
        raise GateError("\n".join(wrong))


def judge(gates: Sequence[Gate], summary: Summary) -> tuple[Verdict, ...]:
    """Return the verdict of each gate."""
    verdicts = []
    for gate in gates:
        of = summary if gate.tag is None else summary.tags.get(gate.tag)
        value = None if of is None else of.scores[gate.name].value
        held = value is not None and value >= gate.threshold - _ROUNDING
        verdicts.append(Verdict(gate, value, held))
    return tuple(verdicts)


def in_one_line(verdicts: Sequence[Verdict]) -> str:
    """Return the line for CI's log that says which of several gates held and which did not."""
    parts = []
    for word, held in (("达标", True), ("未达标", False)):
        gates = [str(verdict.gate) for verdict in verdicts if verdict.held is held]
        if gates:
            parts.append(f"{len(gates)} 项{word}（{'，'.join(gates)}）")
    return f"门槛共 {len(verdicts)} 项：{'，'.join(parts)}"


def _number(value: float) -> str:
    """Return a share with up to four decimals, and never rounded up to what it did not reach."""
    return f"{int(value * 10_000 + _ROUNDING * 10_000) / 10_000:g}"
