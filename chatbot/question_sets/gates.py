"""--fail-under: thresholds that a run must hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.question_sets.question_set import GateError
from chatbot.question_sets.summary import LABELS, Summary

_FORM = re.compile(
    r"\s*(?:(?P<name>[^\d.\s>=<][^>=<]*?)\s*>=\s*)?(?P<number>[\d.]+)(?P<percent>%?)\s*"
)
# A mean of floats may fall short of 0.9 in its last bit.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Gate:
    """A score that must reach a threshold (0 to 1)."""

    name: str
    threshold: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a gate held, and the line that says so. A score that nothing gave does not hold."""

    gate: Gate
    value: float | None
    held: bool

    def __str__(self) -> str:
        """Return the line for the log."""
        asked = f"{self.gate.name}（{LABELS[self.gate.name]}）>= {_number(self.gate.threshold)}"
        if self.value is None:
            return f"未达标：{asked}，可是没有一题能算这个分数"
        word = "达标" if self.held else "未达标"
        return f"{word}：{asked}，实得 {_number(self.value)}"


def parse_gates(texts: Sequence[str]) -> tuple[Gate, ...]:
    """Return the gates of --fail-under: SHARE (of questions answered right) or NAME>=SHARE.

    A share is 0.9 or 90%. Raises GateError, which names all that are wrong.
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
        return "看不懂；要写成 0.9、90% 或 sentence>=0.9"
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
    return Gate(name, threshold)


def judge(gates: Sequence[Gate], summary: Summary) -> tuple[Verdict, ...]:
    """Return the verdict of each gate."""
    verdicts = []
    for gate in gates:
        value = summary.scores[gate.name].value
        held = value is not None and value >= gate.threshold - _ROUNDING
        verdicts.append(Verdict(gate, value, held))
    return tuple(verdicts)


def _number(value: float) -> str:
    """Return a share with up to four decimals, and never rounded up to what it did not reach."""
    return f"{int(value * 10_000 + _ROUNDING * 10_000) / 10_000:g}"
