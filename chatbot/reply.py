"""What the visitor reads, as Markdown: the `reply` of an answer record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from chatbot.answer import Answer, Citation, QuotedSpan
from chatbot.asking_words import telling_words
from chatbot.nearest_statement import nearest_statement
from index.passage import Passage

# Everything that Markdown, its tables, its HTML or its formulas could take for mark-up.
_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&^=:])")


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


def answer_reply(
    things: Sequence[str], sentence: str, citation: Citation, confidence: float
) -> str:
    """Return the quoted words, their sentence where it says more, the place and the sureness.

    Several `things` are a list.
    """
    quoted = [f"**{escape_markdown(words)}**" for words in things]
    lines = quoted if len(quoted) == 1 else ["\n".join(f"- {words}" for words in quoted)]
    if [sentence.strip()] != [words.strip() for words in things]:
        lines.append(f"> {escape_markdown(sentence)}")
    lines.append(f"—— {escape_markdown(place(citation))}，{sureness(confidence)}")
    return "\n\n".join(lines)


def list_apart_reply(things: Sequence[QuotedSpan], confidence: float) -> str:
    """Return things that stand in several sentences, each with its own and its place."""
    items = [
        f"- **{escape_markdown(thing.answer)}** {escape_markdown(setting(thing))}".rstrip()
        + f"\n  —— {escape_markdown(place(thing.citation))}"
        for thing in things
    ]
    return "\n".join(items) + f"\n\n{sureness(confidence)}"


def asking_back(count: int) -> str:
    """Return the words that ask which of `count` answers is meant."""
    number = "两" if count == 2 else str(count)
    return f"文中有{number}处都像答案，您问的是哪一个？"


def asking_back_reply(choices: Sequence[QuotedSpan]) -> str:
    """Return the question which of `choices` is meant, each with its clause, place and sureness."""
    lines = []
    for number, choice in enumerate(choices, 1):
        words = f"**{escape_markdown(choice.answer)}** {escape_markdown(setting(choice))}".strip()
        sure = sureness(choice.confidence or 0.0)
        lines.append(f"{number}. {words}\n   —— {escape_markdown(place(choice.citation))}，{sure}")
    return "\n\n".join([asking_back(len(choices)), "\n".join(lines)])


def setting(choice: QuotedSpan) -> str:
    """Return the sentence round a thing in parentheses; "" where it says no more."""
    sentence = (choice.sentence or "").strip()
    return f"（{sentence}）" if sentence and sentence != choice.answer.strip() else ""


def refusal_reply(
    passages: Sequence[Passage], suggestions: Sequence[str], question: str = ""
) -> str:
    """Return a kind word that the articles do not tell, what came closest, and what to ask.

    Where the subject of `question` stands in the articles the word says so.
    """
    lines = [escape_markdown(not_told(question, passages))]
    if passages:
        lines.append("文中相近的段落（不是答案）：")
        lines.append(
            "\n".join(
                f"- 第 {passage.paragraph.number} 段："
                + escape_markdown(nearest_statement(question, passage.text))
                for passage in passages[:2]
            )
        )
    if suggestions:
        lines.append("您可以问：")
        lines.append("\n".join(f"- {escape_markdown(question)}" for question in suggestions))
    return "\n\n".join(lines)


def not_told(question: str, passages: Sequence[Passage]) -> str:
    """Return the sentence that says that the articles do not tell, as plain text."""
    subject = told_subject(question, passages)
    if subject:
        return f"文章提到了“{subject}”，但没有说到您问的这一点。"
    return "文章里没有找到这个问题的答案。"


def told_subject(question: str, passages: Sequence[Passage]) -> str:
    """Return what `question` begins with asking about, as the two nearest passages write it.

    "" where they do not: only the first telling words of a question are its subject.
    """
    chunks = [chunk for chunk in re.split(r"\W+", telling_words(question)) if len(chunk) > 1]
    if not chunks:
        return ""
    subjects = []
    for passage in passages[:2]:
        matcher = SequenceMatcher(None, chunks[0], passage.text, autojunk=False)
        match = matcher.find_longest_match()
        if match.a == 0 and match.size > 1:
            subjects.append(chunks[0][: match.size])
    return max(subjects, key=len, default="")


def plain_reply(answer: Answer) -> str:
    """Return an answer for a terminal: the same words as `reply`, without Markdown."""
    if answer.asks_back:
        lines = [asking_back(len(answer.answers))]
        for number, choice in enumerate(answer.answers, 1):
            lines.append(f"{number}. {choice.answer}{setting(choice)}")
            sure = sureness(choice.confidence or 0.0)
            lines.append(f"   —— {place(choice.citation)}，{sure}")
        return "\n".join(lines)
    if any(thing.sentence for thing in answer.answers):
        lines = []
        for thing in answer.answers:
            lines.append(f"- {thing.answer}{setting(thing)}")
            lines.append(f"  —— {place(thing.citation)}")
        return "\n".join([*lines, f"  {sureness(answer.confidence)}"])
    if answer.citation is not None and answer.answer is not None and answer.sentence is not None:
        things = [span.answer for span in answer.answers]
        lines = things if len(things) == 1 else [f"- {words}" for words in things]
        if [answer.sentence.strip()] != [words.strip() for words in things]:
            lines.append(f"  “{answer.sentence}”")
        lines.append(f"  —— {place(answer.citation)}，{sureness(answer.confidence)}")
        return "\n".join(lines)
    # Outside answers the only mark-up is a backslash before each character that has a meaning.
    return re.sub(r"\\(.)", r"\1", answer.reply).replace("\n\n", "\n")
