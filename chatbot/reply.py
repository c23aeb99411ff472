"""What the visitor reads, as Markdown: the `reply` of an answer record."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.answer import Answer, Citation
from index.passage import Passage

# Everything that Markdown, its tables, its HTML or its formulas could take for mark-up.
_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&^=:])")
_EXCERPT = 60


def escape_markdown(text: str) -> str:
    """Return `text` so that Markdown shows it character by character, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def place(citation: Citation) -> str:
    """Return where a citation stands, as plain text: 《北仑奋楫》·科创聚力·第 9 段."""
    parts = [f"《{citation.title}》", citation.section, f"第 {citation.paragraph} 段"]
    return "·".join(part for part in parts if part)


def sureness(confidence: float) -> str:
    """Return a confidence (0 to 1) in words and as a percentage."""
    if confidence >= 0.85:
        words = "很有把握"
    elif confidence >= 0.6:
        words = "比较有把握"
    else:
        words = "把握不大"
    return f"{words}（{confidence:.0%}）"


def answer_reply(words: str, sentence: str, citation: Citation, confidence: float) -> str:
    """Return the quoted words, their sentence where it says more, the place and the sureness."""
    lines = [f"**{escape_markdown(words)}**"]
    if sentence.strip() != words.strip():
        lines.append(f"> {escape_markdown(sentence)}")
    lines.append(f"—— {escape_markdown(place(citation))}，{sureness(confidence)}")
    return "\n\n".join(lines)


def refusal_reply(passages: Sequence[Passage], suggestions: Sequence[str]) -> str:
    """Return a kind word that the articles do not tell, what came closest, and what to ask."""
    lines = ["文章里没有找到这个问题的答案。"]
    if passages:
        lines.append("文中相近的段落（不是答案）：")
        lines.append(
            "\n".join(
                f"- 第 {passage.paragraph.number} 段：{escape_markdown(excerpt(passage.text))}"
                for passage in passages[:2]
            )
        )
    if suggestions:
        lines.append("您可以问：")
        lines.append("\n".join(f"- {escape_markdown(question)}" for question in suggestions))
    return "\n\n".join(lines)


def excerpt(text: str) -> str:
    """Return the beginning of `text`, at most 60 characters and an ellipsis."""
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]}……"


def plain_reply(answer: Answer) -> str:
    """Return an answer for a terminal: the same words as `reply`, without Markdown."""
    if answer.citation is not None and answer.answer is not None and answer.sentence is not None:
        lines = [answer.answer]
        if answer.sentence.strip() != answer.answer.strip():
            lines.append(f"  “{answer.sentence}”")
        lines.append(f"  —— {place(answer.citation)}，{sureness(answer.confidence)}")
        return "\n".join(lines)
    # Outside answers the only mark-up is a backslash before each character that has a meaning.
    return re.sub(r"\\(.)", r"\1", answer.reply).replace("\n\n", "\n")
