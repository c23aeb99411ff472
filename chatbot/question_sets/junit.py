"""--junit: the outcomes as JUnit XML, one case a question, for a CI server to show.

Written to the schema that Jenkins' xUnit plugin checks (junit-10.xsd); GitLab, GitHub's actions and
Azure read the same. No library writes it, because those there are keep the whole document in memory
and put a `skipped` on the root, which this schema does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from chatbot.question_sets import comparison_table
from chatbot.question_sets.baseline import Comparison
from chatbot.question_sets.failures import Failure
from chatbot.question_sets.gates import Verdict
from chatbot.question_sets.outcomes import Outcome
from chatbot.question_sets.question_set import Question
from chatbot.question_sets.repeating import Unsteady
from chatbot.question_sets.wording import expected, failure, given, why

# What XML 1.0 cannot hold in any way of writing: https://www.w3.org/TR/xml/#charsets
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_SOURCE = "wenda"
_THE_RUN = "wenda test"
_THE_CHECKS = "wenda test 的门槛"

_Result = Literal["failure", "skipped", "error"]


@dataclass(slots=True)
class _Suite:
    """The counts that stand at the head of a suite; there is one for each question set."""

    tests: int = 0
    failures: int = 0
    errors: int = 0
    skipped: int = 0
    seconds: float = 0.0

    def add(self, result: _Result | None, milliseconds: float = 0.0) -> None:
        self.tests += 1
        self.failures += result == "failure"
        self.errors += result == "error"
        self.skipped += result == "skipped"
        self.seconds += milliseconds / 1000


@dataclass(frozen=True, slots=True)
class Check:
    """What a run as a whole had to hold and did not: its name, and what there is to read of it."""

    name: str
    kind: str
    wrong: str


def checks(
    verdicts: Sequence[Verdict], unsteady: Sequence[Unsteady], comparison: Comparison | None
) -> list[Check]:
    """Return the gates that were missed, a regression, and each question whose answer changed."""
    found = [
        Check(f"门槛 {verdict.gate}", "gate", str(verdict))
        for verdict in verdicts
        if not verdict.held
    ]
    if comparison is not None and not comparison.held:
        text = "\n".join(comparison_table.lines(comparison))
        found.append(Check("与基准比较", "baseline", text))
    found += [Check(f"回答不变 {it.id}", "repeat", str(it)) for it in unsteady]
    return found


def write_junit(
    path: Path,
    outcomes: Iterable[Outcome],
    *,
    when: datetime,
    unasked: Sequence[Question] = (),
    error: str | None = None,
    failures: Sequence[Failure] = (),
    checks: Sequence[Check] = (),
) -> None:
    """Write a case for each of `outcomes`, which are gone through again and again, never all held.

    Questions that expect nothing are skipped cases, and so are the `unasked` of a run that ended
    early; the `failures` are errors; the `error` that ended it is a case of its own. The `checks`
    are a suite of their own, so that a server does not show all green where the status is 1. Raises
    OSError.
    """
    suites: dict[str, _Suite] = {}
    for outcome in outcomes:
        suite = suites.setdefault(outcome.question.source or _NO_SOURCE, _Suite())
        suite.add(_result(outcome), outcome.score.milliseconds)
    for question in unasked:
        suites.setdefault(question.source or _NO_SOURCE, _Suite()).add("skipped")
    for failed in failures:
        suites.setdefault(failed.question.source or _NO_SOURCE, _Suite()).add("error")
    for _ in checks:
        suites.setdefault(_THE_CHECKS, _Suite()).add("failure")
    if error is not None:
        suites.setdefault(_THE_RUN, _Suite()).add("error")
    with path.open("w", encoding="utf-8", newline="\n") as file:
        xml = XMLGenerator(file, "utf-8", short_empty_elements=True)
        xml.startDocument()
        total = {
            "tests": sum(suite.tests for suite in suites.values()),
            "failures": sum(suite.failures for suite in suites.values()),
            "errors": sum(suite.errors for suite in suites.values()),
            "time": f"{sum(suite.seconds for suite in suites.values()):.3f}",
        }
        with _element(xml, "testsuites", name="wenda", **total):
            for source, suite in suites.items():
                counts = {
                    "tests": suite.tests,
                    "failures": suite.failures,
                    "errors": suite.errors,
                    "skipped": suite.skipped,
                    "time": f"{suite.seconds:.3f}",
                    "timestamp": when.isoformat(timespec="seconds"),
                }
                with _element(xml, "testsuite", name=source, **counts):
                    _write_cases(xml, source, outcomes, unasked, failures)
                    if source == _THE_CHECKS:
                        _write_checks(xml, checks)
                    if source == _THE_RUN and error is not None:
                        _write_end(xml, error)
        file.write("\n")


def _write_cases(
    xml: XMLGenerator,
    source: str,
    outcomes: Iterable[Outcome],
    unasked: Sequence[Question],
    failures: Sequence[Failure],
) -> None:
    for outcome in outcomes:
        if (outcome.question.source or _NO_SOURCE) == source:
            with _case(xml, outcome.question, outcome.score.milliseconds):
                _write_result(xml, outcome)
    for question in unasked:
        if (question.source or _NO_SOURCE) == source:
            with _case(xml, question), _element(xml, "skipped", message="没有问到"):
                pass
    for failed in failures:
        if (failed.question.source or _NO_SOURCE) == source:
            again = f"（第 {failed.round} 遍）" if failed.round > 1 else ""
            with (
                _case(xml, failed.question, again=again),
                _element(xml, "error", type="NoAnswerError", message=failed.message),
            ):
                pass


def _write_checks(xml: XMLGenerator, checks: Sequence[Check]) -> None:
    for check in checks:
        with _element(
            xml, "testcase", classname=f"wenda.{check.kind}", name=check.name, time="0.000"
        ):
            last = check.wrong.splitlines()[-1]
            with _element(xml, "failure", type=check.kind, message=last):
                xml.characters(_legal(check.wrong))


def _write_end(xml: XMLGenerator, error: str) -> None:
    with (
        _element(xml, "testcase", classname="wenda", name="跑完问题集", time="0.000"),
        _element(xml, "error", type="AskError", message=error),
    ):
        pass


def _write_result(xml: XMLGenerator, outcome: Outcome) -> None:
    """Write what is in the case: nothing for an answer that was right."""
    result, answer = _result(outcome), given(outcome.record)
    if result == "skipped":
        with _element(xml, result, message=f"没有写明该怎样回答；回答是 {answer}"):
            pass
    elif result == "failure":
        message = f"{why(outcome)}；期望 {expected(outcome.question)}，回答 {answer}"
        with _element(xml, result, type=outcome.reason or "", message=message):
            xml.characters(_legal(failure(outcome)))


def _result(outcome: Outcome) -> _Result | None:
    if outcome.score.right is None:
        return "skipped"
    return None if outcome.score.right else "failure"


@contextmanager
def _case(
    xml: XMLGenerator, question: Question, milliseconds: float = 0.0, again: str = ""
) -> Iterator[None]:
    """Write the case of a question round what the caller writes.

    Its class is file.tag, which CI servers show as a class in a package; other dots would part it.
    """
    source = Path(question.source).stem or _NO_SOURCE
    parts = (source, *question.tags[:1])
    with _element(
        xml,
        "testcase",
        classname=".".join(part.replace(".", "_") for part in parts),
        name=f"{question.id} {question.question}{again}",
        time=f"{milliseconds / 1000:.3f}",
    ):
        yield


@contextmanager
def _element(xml: XMLGenerator, name: str, /, **attributes: object) -> Iterator[None]:
    """Write an element, on a line of its own, round what the caller writes."""
    xml.ignorableWhitespace("\n")
    written = {key: _legal(str(value)) for key, value in attributes.items()}
    xml.startElement(name, AttributesImpl(written))
    yield
    xml.endElement(name)


def _legal(text: str) -> str:
    """Return `text` with what XML cannot hold written as Python would: \\x1b."""
    return _NO_XML.sub(lambda match: ascii(match.group())[1:-1], text)
