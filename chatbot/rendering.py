"""Answers as HTML: pure functions, and `escape`, through which all text becomes mark-up.

Everything that comes from an article or a visitor passes through `escape`. What the browser shows
of a paragraph (its `textContent`) is the paragraph character by character, so offsets hold there
too: the script that marks an answer in the article counts code points exactly as Python does.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence

from chatbot.answer import Answer, Citation, QuotedSpan
from chatbot.nearest_statement import nearest_statement
from chatbot.quoting import sentence_round
from chatbot.reply import asking_back, not_told, place, sureness
from corpus.document import Document
from index.passage import Passage

# Characters that turn the direction of the text after them. Each is put in an element of its own,
# which the style sheet isolates: it stays where it is, is shown by its code and turns nothing.
_DIRECTION = re.compile("([\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069])")

# What an HTML parser would drop, rewrite or choke on, each replaced by one visible character so
# that no offset moves: control characters by their pictures, lone surrogates by U+FFFD.
_UNSHOWABLE = {
    **{code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"},
    0x7F: 0x2421,
    **dict.fromkeys(range(0xD800, 0xE000), 0xFFFD),
}

# Nearest paragraphs listed under a refusal; with more, the refusal is no longer what is read.
_NEAREST = 3


def escape(text: str) -> str:
    """Return `text` as HTML that shows it as the plain text it is, of the same length."""
    safe = attribute(text)
    return _DIRECTION.sub(
        lambda match: (
            f'<bdi class="wd-direction" data-code="U+{ord(match[1]):04X}">{match[1]}</bdi>'
        ),
        safe,
    )


def attribute(text: str) -> str:
    """Return `text` for an attribute, where no element may stand and nothing is shown."""
    return html.escape(text.translate(_UNSHOWABLE))


def named(text: str) -> str:
    """Return `text` for an option, which holds no element: what turns the direction is named."""
    return attribute(_DIRECTION.sub(lambda match: f"[U+{ord(match[1]):04X}]", text))


def render_answer(answer: Answer, documents: Mapping[str, Document]) -> str:
    """Return what stands under the question in the conversation.

    `documents` are the articles by id: a citation knows where the quoted words stand, the article
    knows where their sentence does.
    """
    if answer.asks_back:
        body = _choices(answer.answers, documents)
    elif answer.citation is not None and answer.answer is not None:
        body = _quotation(answer, answer.answer, answer.citation, documents)
    elif answer.kind == "refusal":
        says = escape(not_told(answer.understood, answer.passages))
        body = f'<p class="wd-says">{says}</p>{_nearest(answer, documents)}'
    else:
        body = f'<p class="wd-says">{escape(answer.reply)}</p>'
    understood = ""
    if answer.answered and answer.understood.strip() != answer.question.strip():
        understood = f'<p class="wd-understood">按“{escape(answer.understood)}”来找</p>'
    heading = "接着问" if answer.answered else "您可以问"
    # Whoever is asked which of two he means is not asked about something else.
    suggestions = "" if answer.asks_back else render_suggestions(answer.suggestions, heading)
    return f'<div class="wd-reply" data-kind="{answer.kind}">{understood}{body}{suggestions}</div>'


def render_suggestions(questions: Sequence[str], heading: str) -> str:
    """Return questions to click under a heading, nothing where there are none."""
    if not questions:
        return ""
    buttons = "".join(
        f'<li><button type="button" class="wd-ask">{escape(question)}</button></li>'
        for question in questions
    )
    return (
        f'<div class="wd-suggestions"><p class="wd-label">{escape(heading)}</p>'
        f"<ul>{buttons}</ul></div>"
    )


def render_welcome(documents: Sequence[Document], examples: Sequence[str]) -> str:
    """Return what an empty conversation shows: what can be asked of what, and examples."""
    titles = "、".join(f"《{document.title}》" for document in documents[:3])
    if len(documents) > 3:
        titles += f"等 {len(documents)} 篇文章"
    about = (
        f"关于{titles}，您想知道什么？我只用文章的原话回答，文章没有说的，我会直说。"
        if documents
        else "还没有可以提问的文章。"
    )
    return (
        f'<div class="wd-welcome"><p class="wd-says">{escape(about)}</p>'
        f"{render_suggestions(examples, '比如')}</div>"
    )


def sentence_bounds(answer: Answer, document: Document) -> tuple[int, int] | None:
    """Return the offsets in the article of the sentence round the quoted words, None if unknown."""
    if answer.citation is None or not answer.sentence:
        return None
    citation = answer.citation
    # The sentence may occur twice in an article: the one meant is the one round the quotation.
    start = document.text.find(answer.sentence, max(0, citation.end - len(answer.sentence)))
    if start < 0 or start > citation.start:
        return None
    return start, start + len(answer.sentence)


def _quotation(
    answer: Answer, words: str, citation: Citation, documents: Mapping[str, Document]
) -> str:
    """Return the quoted words, their sentence, and where they stand; several as a list."""
    document = documents.get(citation.document)
    bounds = sentence_bounds(answer, document) if document is not None else None
    sentence = _sentence(answer, words, citation, bounds)
    sure = _sure(answer.confidence)
    if len(answer.answers) > 1:
        if not all(_inside(span.citation, citation, bounds) for span in answer.answers):
            sentence = ""  # they stand apart: each is shown in its own
        items = "".join(
            _thing(span, bounds, documents, apart=not sentence) for span in answer.answers
        )
        return f'<ol class="wd-list">{items}</ol>{sentence}<p class="wd-source">{sure}</p>'
    return (
        f'<blockquote class="wd-words">{escape(words)}</blockquote>{sentence}'
        f'<p class="wd-source">{_cite(QuotedSpan(words, citation), bounds)}{sure}</p>'
    )


def _choices(choices: Sequence[QuotedSpan], documents: Mapping[str, Document]) -> str:
    """Return the answers that may be meant, each with the question that asks for it as a button."""
    items = "".join(_choice(choice, documents) for choice in choices)
    says = escape(asking_back(len(choices)))
    return f'<p class="wd-says">{says}</p><ol class="wd-list wd-choices">{items}</ol>'


def _choice(choice: QuotedSpan, documents: Mapping[str, Document]) -> str:
    """Return one of the answers that may be meant, in its sentence, with its sureness."""
    confidence = choice.confidence or 0.0
    document = documents.get(choice.citation.document)
    bounds = _sentence_of(choice.citation, document) if document is not None else None
    sentence = ""
    if document is not None and bounds not in (None, (choice.citation.start, choice.citation.end)):
        assert bounds is not None
        inside = [(choice.citation.start - bounds[0], choice.citation.end - bounds[0])]
        marked = _marked(document.text[slice(*bounds)], inside)
        sentence = f'<p class="wd-sentence">{marked}</p>'
    ask = ""
    if choice.question:
        ask = f'<button type="button" class="wd-ask">{escape(choice.question)}</button>'
    return (
        f'<li><q class="wd-words">{escape(choice.answer)}</q>{sentence}'
        f'<p class="wd-source">{_cite(choice, bounds)}{_sure(confidence)}{ask}</p></li>'
    )


def _sure(confidence: float) -> str:
    """Return how sure an answer is, in words and as a bar."""
    return (
        f'<span class="wd-sure" style="--sure:{min(1.0, max(0.0, confidence)):.2f}">'
        f"{escape(sureness(confidence))}</span>"
    )


def _inside(cited: Citation, around: Citation, sentence: tuple[int, int] | None) -> bool:
    """Say whether `cited` stands in that sentence of the document of `around`."""
    return (
        sentence is not None
        and cited.document == around.document
        and sentence[0] <= cited.start
        and cited.end <= sentence[1]
    )


def _thing(
    span: QuotedSpan,
    bounds: tuple[int, int] | None,
    documents: Mapping[str, Document],
    *,
    apart: bool,
) -> str:
    """Return one of several things; with the sentence it stands in where they stand `apart`."""
    sentence = ""
    document = documents.get(span.citation.document)
    if apart and document is not None:
        bounds = _sentence_of(span.citation, document)
        if bounds is not None and bounds != (span.citation.start, span.citation.end):
            start, end = bounds
            inside = [(span.citation.start - start, span.citation.end - start)]
            marked = _marked(document.text[start:end], inside)
            sentence = f'<p class="wd-sentence">{marked}</p>'
    words = f'<q class="wd-words">{escape(span.answer)}</q>'
    return f"<li>{words}{sentence}{_cite(span, bounds)}</li>"


def _sentence_of(citation: Citation, document: Document) -> tuple[int, int] | None:
    """Return the offsets of the sentence that a citation stands in, None where it is in no one."""
    return sentence_round(document, citation.start, citation.end)


def _sentence(
    answer: Answer, words: str, citation: Citation, bounds: tuple[int, int] | None
) -> str:
    """Return the sentence with the answer marked in it; nothing when it says no more."""
    if answer.sentence is None or answer.sentence.strip() == words.strip():
        return ""
    if bounds is None:
        return f'<p class="wd-sentence">{escape(answer.sentence)}</p>'
    start, end = bounds
    cited = [citation, *(span.citation for span in answer.answers)]
    inside = {
        (other.start - start, other.end - start)
        for other in cited
        if other.document == citation.document and start <= other.start and other.end <= end
    }
    return f'<p class="wd-sentence">{_marked(answer.sentence, inside)}</p>'


def _marked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return `text` with its spans in `<mark>`; of spans that overlap the first is kept."""
    parts = []
    done = 0
    for start, end in sorted(spans):
        if start < done or end <= start:
            continue
        parts.append(f"{escape(text[done:start])}<mark>{escape(text[start:end])}</mark>")
        done = end
    parts.append(escape(text[done:]))
    return "".join(parts)


def _cite(span: QuotedSpan, sentence: tuple[int, int] | None) -> str:
    """Return the place as a button that leads to it, with all that the article pane needs."""
    citation = span.citation
    bounds = ""
    if sentence is not None and sentence[0] <= citation.start and citation.end <= sentence[1]:
        bounds = f' data-sentence-start="{sentence[0]}" data-sentence-end="{sentence[1]}"'
    return (
        f'<button type="button" class="wd-cite" data-document="{attribute(citation.document)}"'
        f' data-paragraph="{citation.paragraph}"'
        f' data-start="{citation.start}" data-end="{citation.end}"{bounds}'
        f' data-words="{attribute(span.answer)}">'
        f"{escape(place(citation))}</button>"
    )


def _nearest(answer: Answer, documents: Mapping[str, Document]) -> str:
    """Return what the paragraphs nearest to a refused question say. They are no sources.

    Of several articles each paragraph is told by the title of its own, too.
    """
    if not answer.passages:
        return ""
    items = "".join(
        f'<li><button type="button" class="wd-near"'
        f' data-document="{attribute(passage.paragraph.document)}"'
        f' data-paragraph="{passage.paragraph.number}">'
        f"<span>{escape(_whereabouts(passage, documents))}</span>"
        f"{escape(nearest_statement(answer.understood, passage.text))}"
        f"</button></li>"
        for passage in answer.passages[:_NEAREST]
    )
    return (
        f'<div class="wd-nearest"><p class="wd-label">文中相近的段落（不是答案）</p>'
        f"<ul>{items}</ul></div>"
    )


def _whereabouts(passage: Passage, documents: Mapping[str, Document]) -> str:
    """Return which paragraph of which article a passage is; of the only one just the former."""
    number = f"第 {passage.paragraph.number} 段"
    document = documents.get(passage.paragraph.document)
    return f"《{document.title}》{number}" if document and len(documents) > 1 else number
