"""`wenda compare`: two answers files, and the report of the later one beside the earlier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from chatbot.question_sets.baseline import compare, expectations, scored_by
from chatbot.question_sets.loading import load_question_sets
from chatbot.question_sets.outcomes import read_outcomes
from chatbot.question_sets.outputs import Outputs
from chatbot.question_sets.run_report import Report
from chatbot.question_sets.scoring import QuestionScore
from chatbot.question_sets.summary import summarise


def compare_files(
    before: Path,
    after: Path,
    sets: Sequence[Path] = (),
    *,
    allowed: int = 0,
    report: Path | None = None,
    junit: Path | None = None,
) -> Report:
    """Return the report of the run `after`, compared with `before`, scored as the `sets` expect.

    It is written to the folder `report` and the file `junit`, as by the run itself. Raises
    QuestionSetError.
    """
    questions = load_question_sets(sets)
    outputs = Outputs(report=report, junit=junit)
    outputs.check(sets, taken=[(path, "要比较的文件") for path in (before, after)])
    found = compare(
        read_outcomes(before), read_outcomes(after), questions=questions, allowed=allowed
    )
    scores: list[QuestionScore] = []
    with outputs:
        if report is not None or junit is not None:
            earlier = [it.question for it in read_outcomes(before)]
            later = [it.question for it in read_outcomes(after)]
            expected = expectations(earlier, later, questions)
            # Once more from the file: ten thousand records are not held.
            for number, outcome in enumerate(read_outcomes(after)):
                # The id and the words are those of the run.
                by = replace(expected[number], id=outcome.question.id)
                scored = scored_by(by, outcome)
                outputs.add(number, scored)
                scores.append(scored.score)
        compared = Report(tuple(scores), summarise(scores), (), comparison=found)
        return replace(compared, written=outputs.write(compared, ()))
