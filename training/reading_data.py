"""Reading-comprehension data: from the files in `../shared/data` to training windows of tokens.

Windows are drawn anew each time a question comes up, from a random generator that depends on seed
and step only, so a resumed run sees what an uninterrupted one would have seen.
"""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import rjieba
from tokenizers import Tokenizer

from chatbot.reader_model import leading, reading_row
from chatbot.reader_tokens import Tokens
from corpus.sentences import split_sentences
from index.bm25 import LexicalIndex
from index.passage import lead_up
from training.piece_splitting import han_pieces, split_pieces
from training.question_changes import (
    another_asked,
    asked_of,
    bare_title,
    other_number,
    said_otherwise,
    shortened,
)
from training.word_classes import word_classes

# What data/README.md allows for training weights. The CMRC development split and CJRC are not in
# it and must never be.
TRAINING_FILES = (
    "cmrc2018_train.json.gz",
    "cmrc2018_trial.json",
    "DRCD_dev.json",
    "DRCD_test.json",
)
# Questions of the CMRC training split as they would be asked later in a conversation.
FOLLOW_UPS = "followups_from_cmrc_train.jsonl.gz"
NEAREST = 12  # passages most like a question that it is paired with as not answering
LONGEST_QUESTION = 64  # tokens; what chatbot/reader.py reads of a question
LISTING = "、"  # stands between the things of a list
QUESTION_MARK = "?"  # 「？」 too, as the tokenizer reads it


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its passage; `answers` are (text, start in characters), none if unanswerable.

    `article` groups the passages of one article, `subject` is what it is about as its title has it
    ("" where unknown), `lead_up` what the passage is read after (`index.passage.lead_up`).
    `leaning` are other wordings of the question: after the question before it, with a pronoun or
    nothing where the subject was.
    """

    id: str
    question: str
    context: str
    answers: tuple[tuple[str, int], ...]
    article: str
    leaning: tuple[str, ...] = ()
    subject: str = ""
    lead_up: str = ""


@cache
def _simplifier() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def to_simplified(text: str) -> str:
    """Return `text` in Simplified Chinese with every character at its old offset.

    A conversion that changes the length is done character by character instead.
    """
    converted: str = _simplifier().convert(text)
    if len(converted) == len(text):
        return converted
    single = [_simplifier().convert(character) for character in text]
    return "".join(new if len(new) == 1 else old for new, old in zip(single, text, strict=True))


def load_questions(path: Path, simplify: bool = False) -> list[Question]:
    """Read a SQuAD-style file, gzipped or not; answers that are not where they say are dropped."""
    raw = path.read_bytes()
    loaded = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    questions = []
    for number, article in enumerate(loaded["data"]):
        name = f"{path.name}:{article.get('id', article.get('title', number))}"
        subject = bare_title(article.get("title", ""))
        subject = to_simplified(subject) if simplify else subject
        before = subject
        for paragraph in article["paragraphs"]:
            context = to_simplified(paragraph["context"]) if simplify else paragraph["context"]
            led_up = lead_up(subject, before)
            before += context
            for qa in paragraph["qas"]:
                answers = []
                for given in qa["answers"]:
                    text = to_simplified(given["text"]) if simplify else given["text"]
                    start = given["answer_start"]
                    if start < 0 or context[start : start + len(text)] != text:
                        start = context.find(text)
                    if text and start >= 0 and (text, start) not in answers:
                        answers.append((text, start))
                asked = to_simplified(qa["question"]) if simplify else qa["question"]
                if answers:
                    questions.append(
                        Question(
                            qa["id"], asked, context, tuple(answers), name,
                            subject=subject, lead_up=led_up,
                        )
                    )  # fmt: skip
    return questions


def training_questions(data: Path) -> list[Question]:
    """Return every question that may be trained on, Traditional texts simplified."""
    follow_ups = load_follow_ups(data / FOLLOW_UPS)
    return [
        replace(question, leaning=follow_ups.get(question.question.strip(), ()))
        for name in TRAINING_FILES
        for question in load_questions(data / name, simplify=name.startswith("DRCD"))
    ]


def follow_up_turns(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the turns of a gzipped file of follow-ups, as `data/README.md` describes them."""
    for line in gzip.decompress(path.read_bytes()).decode("utf-8").splitlines():
        yield json.loads(line)


def load_follow_ups(path: Path) -> dict[str, tuple[str, ...]]:
    """Return for a whole question its wordings as a follow-up, the question before in front.

    Joined as `chatbot.conversation` does. Those of a question that stands alone are among them:
    what was asked before must not be answered again.
    """
    found: dict[str, list[str]] = {}
    for turn in follow_up_turns(path):
        worded = f"{turn['history'][0].strip()} {turn['current'].strip()}"
        found.setdefault(turn["rewritten"].strip(), []).append(worded)
    return {question: tuple(wordings) for question, wordings in found.items()}


def tokenise(tokenizer: Tokenizer, text: str) -> Tokens:
    """Tokenise without special tokens."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    return Tokens(encoding.ids, encoding.offsets)


def answer_tokens(tokens: Tokens, start: int, end: int) -> tuple[int, int] | None:
    """Return the first and last token that overlap the characters [start, end), None if none."""
    covering = [
        number
        for number, (left, right) in enumerate(tokens.offsets)
        if left < end and right > start and right > left
    ]
    return (covering[0], covering[-1]) if covering else None


@dataclass(frozen=True, slots=True)
class Window:
    """One training row: `<s> question </s> </s> passage </s>` and the answer's token positions.

    `start` and `end` (inclusive) are 0, the position of <s>, where the passage does not answer.
    `passage` is the position of its first token. `parts` are the (first, last) tokens of every
    thing that answers, none where nothing does, and None where that is not known: words that are
    given as one answer and list several things. `rival` is a row of the same question on another
    passage that does not answer it: nothing there may beat the answer here.
    """

    ids: list[int]
    passage: int
    start: int
    end: int
    parts: tuple[tuple[int, int], ...] | None = ()
    rival: Window | None = None


class WindowSampler:
    """Draws training windows of at most `length` tokens."""

    def __init__(
        self,
        questions: Sequence[Question],
        tokenizer: Tokenizer,
        *,
        length: int = 176,
        elsewhere: float = 0.18,
        removed: float = 0.12,
        leaning: float = 0.0,
        untold: float = 0.0,
        shorter: float = 0.0,
        otherwise: float = 0.0,
        another: float = 0.0,
        unmarked: float | None = None,
        rivals: float = 0.0,
        led_up: float = 0.0,
    ) -> None:
        """`elsewhere`, `removed` and `untold` are the shares of rows without an answer: another
        stretch or passage, the own passage with the answering sentence taken out, and a question
        on the passage's subject that it does not answer. `leaning` is the share of rows asked as a
        follow-up, of those questions for which one is known, `shorter` the share of the others
        that lack some of the words which they share with their passage, `otherwise` the share
        asked in other words than the passage's. `another` is the share of rows without an answer
        because one word of the question is another one of its sort. `unmarked` is the share of
        rows whose question ends without a question mark, whatever it was written with; None leaves
        the marks alone. `rivals` is the share of answered rows that come with a rival, `led_up`
        that of rows with room for it that have what stands before their passage.
        """
        self.questions = questions
        self.length = length
        self._elsewhere = elsewhere
        self._removed = removed
        self._leaning = leaning
        self._untold = untold
        self._shorter = shorter
        self._otherwise = otherwise
        self._another = another
        self._unmarked = unmarked
        self._rivals = rivals
        self._led_up = led_up
        self._mark = tokenizer.token_to_id(QUESTION_MARK)
        changed = otherwise or another
        self._classes = word_classes() if changed else None
        asked = (question.question for question in questions if changed)
        self._usual = Counter(word for wording in asked for word in rjieba.cut(wording))
        contexts = sorted({question.context for question in questions})
        encoded = tokenizer.encode_batch(contexts, add_special_tokens=False)
        self._contexts = {
            text: Tokens(encoding.ids, encoding.offsets)
            for text, encoding in zip(contexts, encoded, strict=True)
        }
        encoded = tokenizer.encode_batch(
            [question.question for question in questions], add_special_tokens=False
        )
        self._asked = [encoding.ids[:LONGEST_QUESTION] for encoding in encoded]
        self._tokenizer = tokenizer
        self._characters = han_pieces(tokenizer.get_vocab())
        self._by_article: dict[str, list[str]] = {}
        for question in questions:
            siblings = self._by_article.setdefault(question.article, [])
            if question.context not in siblings:
                siblings.append(question.context)
        self._on: dict[str, list[Question]] = {}
        for question in questions:
            self._on.setdefault(question.context, []).append(question)
        leads = {question.context: question.lead_up for question in questions if led_up}
        encoded = tokenizer.encode_batch(list(leads.values()), add_special_tokens=False)
        self._lead_ups = {text: encoding.ids for text, encoding in zip(leads, encoded, strict=True)}
        self._every = contexts
        self._lexical = LexicalIndex.build(contexts)

    def draw(self, number: int, rng: random.Random) -> Window:
        """Return a window for question `number`."""
        question = self.questions[number]
        asked = self._asked[number]
        if question.leaning and rng.random() < self._leaning:
            asked = self._pieces(rng.choice(question.leaning))
        elif question.answers:
            asked = self._reworded(question, rng) or asked
        asked = self._ended(asked, rng)
        if not question.answers:
            return self._anywhere(asked, question.context, rng)
        if self._another and rng.random() < self._another:
            wording = self._another_asked(question, rng)
            if wording is not None:
                return self._anywhere(self._pieces(wording), question.context, rng)
        if self._untold and rng.random() < self._untold:
            wording = self._not_told(question, rng)
            if wording is not None:
                return self._anywhere(self._pieces(wording), question.context, rng)
        room = self.length - len(asked) - 4
        text, start = question.answers[0]
        tokens, place = self._split(question.context, (start, start + len(text)), rng)
        chance = rng.random()
        if place is None or place[1] - place[0] >= room or chance < self._elsewhere:
            return self._without_answer(question, asked, tokens, place, room, rng)
        if chance < self._elsewhere + self._removed:
            return self._answer_removed(question, asked, tokens, start, rng)
        low = max(0, place[1] + 1 - room)
        high = min(place[0], max(0, len(tokens.ids) - room))
        first = rng.randint(min(low, high), max(low, high))
        ids = tokens.ids[first : first + room]
        before = self._before(question.context, first, room - len(ids), rng)
        row = _row(asked, ids, place[0] - first, place[1] - first, before)
        row = replace(row, parts=_parts(question, tokens, row, first))
        if rng.random() < self._rivals:
            rival = self._anywhere(asked, self._other_context(question, rng), rng)
            row = replace(row, rival=rival)
        return row

    def _ended(self, asked: list[int], rng: random.Random) -> list[int]:
        """Return the pieces of a question with or without a question mark at its end.

        Whether a question has one must tell nothing of whether it is answered.
        """
        if self._unmarked is None:
            return asked
        bare = asked[:-1] if asked[-1:] == [self._mark] else asked
        return bare if rng.random() < self._unmarked else [*bare, self._mark]

    def _reworded(self, question: Question, rng: random.Random) -> list[int]:
        """Return the pieces of a question in fewer or other words, none where it stays."""
        wording, subject, context = question.question, question.subject, question.context
        if self._shorter and rng.random() < self._shorter:
            wording = shortened(wording, subject, context, rng)
        if self._classes is not None and rng.random() < self._otherwise:
            wording = said_otherwise(wording, subject, context, rng, self._classes, self._usual)
        return [] if wording == question.question else self._pieces(wording)

    def _another_asked(self, question: Question, rng: random.Random) -> str | None:
        """Return a question that differs in one word, and that the passage does not answer."""
        assert self._classes is not None
        return another_asked(
            question.question, question.subject, question.context, rng, self._classes, self._usual
        )

    def _pieces(self, wording: str) -> list[int]:
        return tokenise(self._tokenizer, wording).ids[:LONGEST_QUESTION]

    def _anywhere(self, asked: list[int], context: str, rng: random.Random) -> Window:
        """Return a row of any stretch of a passage, without an answer."""
        return self._stretch(asked, self._contexts[context].ids, context, rng)

    def _stretch(
        self, asked: list[int], ids: list[int], context: str, rng: random.Random
    ) -> Window:
        """Return a row of any stretch of `ids`, what is read of a passage, without an answer."""
        room = self.length - len(asked) - 4
        first = rng.randint(0, max(0, len(ids) - room))
        ids = ids[first : first + room]
        return _row(asked, ids, before=self._before(context, first, room - len(ids), rng))

    def _before(self, context: str, first: int, room: int, rng: random.Random) -> Sequence[int]:
        """Return the pieces of what leads up to a passage, as many as there is `room` for.

        None where the row begins `first` pieces into the passage.
        """
        if first or not self._led_up or rng.random() >= self._led_up:
            return ()
        return leading(self._lead_ups[context], room)

    def _not_told(self, question: Question, rng: random.Random) -> str | None:
        """Return a question on the subject of `question` that its passage does not answer.

        With another number, or what is asked of the subject of a passage like it; None for none.
        """
        if rng.random() < 0.3:
            changed = other_number(question.question, question.context, rng)
            if changed is not None:
                return changed
        if not question.subject or question.subject not in question.context:
            return None
        best = self._lexical.scores(question.question).argsort()[::-1][:NEAREST].tolist()
        near = [self._every[row] for row in best if self._every[row] != question.context]
        for context in rng.sample(near, min(4, len(near))):
            other = rng.choice(self._on[context])
            wording = asked_of(other.question, other.subject, question.subject, question.context)
            if wording is not None and not any(t in question.context for t, _ in other.answers):
                return wording
        return None

    def _split(
        self, context: str, answer: tuple[int, int], rng: random.Random
    ) -> tuple[Tokens, tuple[int, int] | None]:
        """Return the context's tokens, some cut into characters, and the answer's place in them.

        So that answers that begin or end inside a piece are learnt by their true ends. Pieces
        elsewhere are cut as well: else the reader would learn that an answer is where they are.
        """
        tokens = self._contexts[context]
        place = answer_tokens(tokens, *answer)
        chosen: set[int] = set()
        if place is not None:
            left, right = tokens.offsets[place[0]][0], tokens.offsets[place[1]][1]
            if (left, right) != answer or rng.random() < 0.25:
                chosen |= _around(place[0]) | _around(place[1])
        if rng.random() < 0.6:
            for _ in range(max(1, len(tokens.ids) // 40)):
                chosen |= _around(rng.randrange(len(tokens.ids) or 1))
        if not chosen:
            return tokens, place
        tokens = split_pieces(tokens, context, chosen, self._characters)
        return tokens, answer_tokens(tokens, *answer)

    def _without_answer(
        self,
        question: Question,
        asked: list[int],
        tokens: Tokens,
        place: tuple[int, int] | None,
        room: int,
        rng: random.Random,
    ) -> Window:
        """Return a stretch of the same passage beside the answer, or of another passage."""
        if place is not None and rng.random() < 0.4:
            before, after = tokens.ids[: place[0]], tokens.ids[place[1] + 1 :]
            longer = max(before, after, key=len)
            # A short rest would be recognised by its length, not by what it says.
            if len(longer) >= room // 2:
                first = rng.randint(0, max(0, len(longer) - room))
                return _row(asked, longer[first : first + room])
        return self._anywhere(asked, self._other_context(question, rng), rng)

    def _other_context(self, question: Question, rng: random.Random) -> str:
        """Return a passage that does not hold the answer: of the same article, like the question
        in words (both teach more than a strange one), or any.
        """
        choices = [c for c in self._by_article[question.article] if c != question.context]
        if rng.random() < 0.6:
            best = self._lexical.scores(question.question).argsort()[::-1][:NEAREST]
            choices = [self._every[row] for row in best.tolist()]
        choices = [
            context
            for context in choices
            if context != question.context and not any(t in context for t, _ in question.answers)
        ]
        return rng.choice(choices if choices else self._every)

    def _answer_removed(
        self,
        question: Question,
        asked: list[int],
        tokens: Tokens,
        start: int,
        rng: random.Random,
    ) -> Window:
        """Return the own passage without the sentence that answers."""
        left, right = next(
            (span for span in split_sentences(question.context) if span[0] <= start < span[1]),
            (start, start + 1),
        )
        ids = [
            piece
            for piece, (first, last) in zip(tokens.ids, tokens.offsets, strict=True)
            if last <= left or first >= right
        ]
        rest = question.context[:left] + question.context[right:]
        if any(text in rest for text, _ in question.answers):
            # Told twice: what is left may answer, and nobody knows where.
            return self._anywhere(asked, self._other_context(question, rng), rng)
        return self._stretch(asked, ids, question.context, rng)


def _around(token: int) -> set[int]:
    """Return the numbers of a token and its neighbours."""
    return {token - 1, token, token + 1}


def _parts(
    question: Question, tokens: Tokens, row: Window, first: int
) -> tuple[tuple[int, int], ...] | None:
    """Return the positions in `row` of all that answers; its passage begins with token `first`.

    Answers that overlap are several judges' wordings of one.
    """
    answers = [(start, start + len(text)) for text, start in question.answers]
    apart = all(left[1] <= right[0] for left, right in pairwise(sorted(answers)))
    if not apart:
        return ((row.start, row.end),)
    if len(answers) == 1 and LISTING in question.answers[0][0]:
        return None
    offset = row.passage - first
    last = len(row.ids) - 2
    places = (answer_tokens(tokens, *answer) for answer in answers)
    return tuple(
        (left + offset, right + offset)
        for left, right in filter(None, places)
        if row.passage <= left + offset and right + offset <= last
    )


def _row(
    asked: list[int],
    passage: list[int],
    start: int = -1,
    end: int = -1,
    before: Sequence[int] = (),
) -> Window:
    ids = reading_row(asked, passage, before)
    offset = len(ids) - 1 - len(passage)
    if start < 0:
        return Window(ids, offset, 0, 0)
    return Window(ids, offset, start + offset, end + offset)


def batches(
    sampler: WindowSampler, size: int, seed: int, first: int
) -> Iterator[tuple[int, list[Window]]]:
    """Yield (next batch number, batch) for ever from batch number `first` on.

    Rows of about one length are put together. A resumed run passes the number it was given last.

    Every question comes once an epoch. 32 batches are drawn at a time and sorted by length.
    """
    count = len(sampler.questions)
    chunk = size * 32
    per_epoch = -(-count // chunk) * 32
    number = first
    while True:
        epoch, place = divmod(number, per_epoch)
        order = list(range(count))
        random.Random(f"{seed}:{epoch}").shuffle(order)
        begin = place // 32 * chunk
        rng = random.Random(f"{seed}:{epoch}:{begin}")
        rows = [sampler.draw(question, rng) for question in order[begin : begin + chunk]]
        rows.sort(key=lambda row: len(row.ids))
        groups = [rows[at : at + size] for at in range(0, len(rows), size)]
        rng.shuffle(groups)
        for group in groups[place % 32 :]:
            number += 1
            yield number, group
        # The last chunk of an epoch may hold fewer batches than its share of numbers.
        number = epoch * per_epoch + (place // 32 + 1) * 32
