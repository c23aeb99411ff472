"""Other words for the same question: an operator's synonyms, everyday ones, English, keywords.

What is put in is always a word of the articles; what they already say is left alone, unless the
operator wrote down that it may mean something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chatbot.english import in_chinese_words
from chatbot.keywords import asked_in_full
from chatbot.synonyms import LONGEST_WORD, Synonyms, built_in
from chatbot.word_choice import WordChoice

# Rewordings that are tried; each costs as much as the question itself.
_MOST = 3
_LETTER = re.compile(r"[A-Za-z0-9]")
_GAP = re.compile(r"(?<=[\u4e00-\u9fff》”])\s+(?=[\u4e00-\u9fff《“])")


@dataclass(frozen=True, slots=True)
class Reworded:
    """A question in other words. `needed` where its own stand nowhere near."""

    text: str
    needed: bool


class Rewording:
    """The words of a corpus and what else is said for them. Safe to share between threads."""

    def __init__(self, texts: Sequence[str], synonyms: Synonyms) -> None:
        """`texts` are the articles', `synonyms` the operator's."""
        self._text = "\n".join(texts)
        self._led = WordChoice(synonyms.led, self._text)
        self._led_words = synonyms.led
        self._same = WordChoice(synonyms.same, self._text)
        self._same_words = synonyms.same
        everyday = built_in("everyday").same
        self._everyday = WordChoice(everyday, self._text)
        self._everyday_words = everyday
        self._english = WordChoice(built_in("english").led, self._text)

    def settled(self, question: str) -> str:
        """Return `question` with what is always read otherwise: `=>` synonyms and English."""
        parts: list[str] = []
        done = 0
        for start, end, word in _found(question, self._led_words):
            parts += (question[done:start], self._led.of(word, question))
            done = end
        led = "".join(parts) + question[done:]
        return in_chinese_words(led, self._english)

    def in_full(self, question: str) -> str:
        """Return the question that keywords stand for."""
        return asked_in_full(question, self._text)

    def others(self, question: str, near: Sequence[str] | None = None) -> list[Reworded]:
        """Return up to three other wordings of `question`, likelier ones first.

        The first changes every word that can be, the next ones try what else a word may be. `near`
        are the passages that came closest: what none of them says is put otherwise where one of
        them does, whatever other articles say. Without it the articles themselves are meant.
        """
        places = [
            (start, end, needed, others)
            for start, end, needed, others in self._changes(question, near)
            if others
        ]
        if not places:
            return []
        found: list[Reworded] = []
        longest = max(len(others) for *_, others in places)
        for turn in range(longest):
            text, done = "", 0
            for start, end, _, others in places:
                text += question[done:start] + others[min(turn, len(others) - 1)]
                done = end
            found.append(Reworded(text + question[done:], any(place[2] for place in places)))
        return list(dict.fromkeys(found))[:_MOST]

    def _changes(
        self, question: str, near: Sequence[str] | None
    ) -> Iterator[tuple[int, int, bool, list[str]]]:
        """Yield (start, end, whether its word is said nowhere near, what is said for it)."""
        texts = [self._text] if near is None else near
        taken: list[tuple[int, int]] = []
        for words, choice, own in (
            (self._same_words, self._same, True),
            (self._everyday_words, self._everyday, False),
        ):
            for start, end, word in _found(question, words):
                known = _stands(question[start:end], texts)
                if (known and not own) or any(start < b and a < end for a, b in taken):
                    continue
                taken.append((start, end))
                others = [
                    other
                    for other in choice.ranked(word, question)
                    if choice.stands(other) and other not in question
                ]
                # What only other articles say tells nothing of this one, unless nobody says it.
                close = [other for other in others if _stands(other, texts)]
                if question[start:end] in self._text and not own:
                    others = close
                yield start, end, not known, [*close, *(o for o in others if o not in close)]


def _stands(word: str, texts: Sequence[str]) -> bool:
    return any(word in text for text in texts)


def joined(question: str) -> str:
    """Return `question` without gaps between Chinese words, where Latin ones stood before."""
    return _GAP.sub("", question)


def _found(question: str, words: Mapping[str, Sequence[str]]) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, word) of the listed words in `question`, the longest at each place.

    Latin words only whole: CEO is not in CEOs.
    """
    if not words:
        return
    lower = question.lower()
    at = 0
    while at < len(lower):
        for end in range(min(len(lower), at + LONGEST_WORD), at, -1):
            word = lower[at:end]
            if word in words and _whole(lower, at, end):
                yield at, end, word
                at = end
                break
        else:
            at += 1


def _whole(text: str, start: int, end: int) -> bool:
    """Tell whether no letter or digit goes on at the edges of Latin text[start:end]."""
    before = _LETTER.match(text[start]) and start > 0 and _LETTER.match(text[start - 1])
    after = _LETTER.match(text[end - 1]) and end < len(text) and _LETTER.match(text[end])
    return not before and not after
