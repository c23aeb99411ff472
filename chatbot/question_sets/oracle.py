"""--oracle: what the bot says when it is handed the right paragraph.

Of a wrong answer it tells whose fault it is: reading the right paragraph alone gives the right
answer where retrieval missed, and a wrong one where reading did.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from chatbot.question_sets.comparison import fold, stands_in
from chatbot.question_sets.question_set import OracleError, Question

if TYPE_CHECKING:
    from chatbot.question_sets.asking import AskableBot
    from corpus.document import Paragraph

# Of the second record: the rest of it, the paragraph above all, stands in the first or is known.
_KEPT = (
    "answered",
    "kind",
    "answer",
    "sentence",
    "answers",
    "confidence",
    "citation",
    "milliseconds",
)


class Oracle:
    """Asks a bot again, with the paragraphs in which the evidence of a question stands."""

    def __init__(self, bot: AskableBot, questions: Sequence[Question]) -> None:
        """Find the paragraphs of all `questions` that have evidence.

        Raises OracleError with a line for each whose evidence stands in no paragraph.
        """
        self._bot = bot
        self._paragraphs: dict[str, tuple[Paragraph, ...]] = {}
        folded = [
            (
                paragraph,
                document.paragraph_text(paragraph),
                fold(document.paragraph_text(paragraph)),
            )
            for document in bot.documents
            for paragraph in document.paragraphs
        ]
        lost = []
        for question in questions:
            if question.evidence is None or not question.answerable:
                continue
            wanted = fold(question.evidence)
            found = tuple(
                paragraph
                for paragraph, text, compared in folded
                if wanted in compared and stands_in(question.evidence, text)
            )
            self._paragraphs[question.id] = found
            if not found:
                lost.append(
                    f"--oracle：编号“{question.id}”的依据“{question.evidence}”不在文章的任何一段里；"
                    "请从文章里照抄一句"
                )
        if lost:
            raise OracleError("\n".join(lost))

    def ask(self, question: Question) -> dict[str, Any] | None:
        """Return the record, trimmed, of reading the right paragraphs; None without evidence."""
        paragraphs = self._paragraphs.get(question.id)
        if not paragraphs:
            return None
        answer = self._bot.ask(
            question.question, question.history, id=question.id, paragraphs=paragraphs
        )
        record = answer.record()
        return {name: record[name] for name in _KEPT}
