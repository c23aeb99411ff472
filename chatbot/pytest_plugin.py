"""A pytest plugin: question sets named in a project's configuration are its test items.

    [pytest]
    wenda_questions = questions/release.xlsx questions/more
    wenda_corpus = articles

Every project that has wenda installed loads this module when its pytest starts, so it imports
nothing but pytest; all else waits for the first question set.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from chatbot.question_sets import Asker, Question

_SETS: pytest.StashKey[tuple[Path, ...]] = pytest.StashKey()
_ASKER: pytest.StashKey[Asker | Exception] = pytest.StashKey()


class WrongAnswer(AssertionError):
    """The answer to a question is not what its set expects; the message says it all."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the settings, which a project gives in pytest.ini, pyproject.toml or tox.ini."""
    parser.addini(
        "wenda_questions",
        "question sets whose questions are test items: files or folders, relative to this file",
        type="paths",
        default=[],
    )
    parser.addini(
        "wenda_corpus",
        "articles that answer them: a folder or one file, relative to this file",
        type="paths",
        default=[],
    )
    parser.addini("wenda_url", "a running wenda server to ask instead", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Have the sets collected where pytest was not told what to collect."""
    sets = tuple(path.resolve() for path in config.getini("wenda_questions"))
    config.stash[_SETS] = sets
    missing = [str(path) for path in sets if not path.exists()]
    if missing:
        raise pytest.UsageError(f"wenda_questions：没有 {'、'.join(missing)}；请检查 pytest 的配置")
    if config.args_source is pytest.Config.ArgsSource.ARGS:
        return
    collected = [(config.invocation_params.dir / arg).resolve() for arg in config.args]
    config.args += [
        str(path) for path in sets if not any(path.is_relative_to(there) for there in collected)
    ]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a file that the configuration names, or that lies in a folder it names."""
    sets = parent.config.stash[_SETS]
    if not sets:
        return None
    path = file_path.resolve()
    if path not in sets:
        folders = [folder for folder in sets if path.is_relative_to(folder)]
        if not folders:
            return None
        from chatbot.question_sets.loading import is_set_in

        if not any(is_set_in(folder, path) for folder in folders):
            return None
    return QuestionSetFile.from_parent(parent, path=file_path)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the connection to a server."""
    close = getattr(config.stash.get(_ASKER, None), "close", None)
    if close is not None:
        close()


class QuestionSetFile(pytest.File):
    """One question set."""

    def collect(self) -> Iterator[QuestionItem]:
        """Yield its questions; a broken set is one error with a line for each mistake."""
        from chatbot.question_sets import QuestionSetError, load_question_set

        try:
            questions = load_question_set(self.path)
        except QuestionSetError as error:
            raise self.CollectError(str(error)) from None
        for question in questions:
            yield QuestionItem.from_parent(self, name=question.id, question=question)


class QuestionItem(pytest.Item):
    """One question: it passes with the right answer, and is skipped where none is expected.

    Its tags select it, as names do: `pytest -k 标签`.
    """

    def __init__(self, *, question: Question, **rest: Any) -> None:
        super().__init__(**rest)
        self.question = question
        self.extra_keyword_matches.update(question.tags)

    def setup(self) -> None:
        """Open whom to ask, once for all items; what keeps it closed is an error, not a failure."""
        stash = self.config.stash
        if _ASKER not in stash:
            try:
                stash[_ASKER] = _open(self.config)
            except Exception as error:
                stash[_ASKER] = error
        asker = stash[_ASKER]
        if isinstance(asker, Exception):
            raise asker

    def runtest(self) -> None:
        """Ask the question and compare the answer with what its set expects."""
        from chatbot.question_sets.outcomes import outcome
        from chatbot.question_sets.wording import failure, given

        asker = self.config.stash[_ASKER]
        assert not isinstance(asker, Exception)
        question = self.question
        found = outcome(question, asker.ask(question.question, question.history, question.id))
        if found.score.right is None:
            pytest.skip(f"没有写明该怎样回答；回答是 {given(found.record)}")
        if not found.score.right:
            raise WrongAnswer(failure(found))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return a wrong answer or a user's mistake in its own words, without a traceback."""
        if isinstance(excinfo.value, WrongAnswer | pytest.UsageError):
            return str(excinfo.value)
        from chatbot.usage_errors import meant_for_the_user

        if isinstance(excinfo.value, meant_for_the_user()):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return the file and what the item is called in the report."""
        return self.path, None, f"{self.question.id} {self.question.question}"


def _open(config: pytest.Config) -> Asker:
    """Return the server that the configuration names, else a bot over its corpus."""
    from chatbot.question_sets import BotAsker, HttpAsker

    url = config.getini("wenda_url")
    if url:
        return HttpAsker(url, retries=2)
    from chatbot.bot import Bot
    from chatbot.settings import Settings

    corpora = config.getini("wenda_corpus")
    if len(corpora) > 1:
        raise pytest.UsageError("wenda_corpus：只能写一个文件夹或一篇文章")
    return BotAsker(Bot.open(Settings(corpus=corpora[0]) if corpora else Settings()))
