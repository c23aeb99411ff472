"""Sixty broken question sets give sixty clear messages, and not one is run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import chatbot.bot
from chatbot import cli
from chatbot.question_sets.loading import load_question_sets
from chatbot.question_sets.question_set import BrokenQuestionSetError
from tests.chatbot.question_sets.broken_files import BROKEN_FILES, Broken


def test_there_are_sixty_of_them() -> None:
    assert len(BROKEN_FILES) >= 60
    assert len({broken.name for broken in BROKEN_FILES}) == len(BROKEN_FILES)


@pytest.mark.parametrize("broken", BROKEN_FILES, ids=lambda broken: broken.name)
def test_each_says_where_and_what_would_be_right(broken: Broken, tmp_path: Path) -> None:
    path = tmp_path / broken.name
    path.write_bytes(broken.content)
    with pytest.raises(BrokenQuestionSetError) as caught:
        load_question_sets([path])
    said = str(caught.value)
    rest = said
    for words in broken.says:
        assert words in rest, said
        rest = rest[rest.index(words) + len(words) :]
    for line in said.splitlines():
        assert line.startswith(str(path))
        assert "Error" not in line
        assert len(line.removeprefix(str(path))) < 200


def test_all_at_once_on_the_command_line_one_message_a_file_and_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a broken set was run")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(chatbot.bot.Bot, "open", never)
    for broken in BROKEN_FILES:
        Path(broken.name).write_bytes(broken.content)
    names = [broken.name for broken in BROKEN_FILES]
    monkeypatch.setattr(sys, "argv", ["wenda", "test", *names])
    with pytest.raises(SystemExit) as end:
        cli.main()
    said = capsys.readouterr()
    assert end.value.code == 2
    assert said.out == ""
    assert "Traceback" not in said.err
    lines = said.err.removeprefix("wenda：").splitlines()
    # Each file is named, in the order they were given, and no line is about anything else.
    named = [
        next(name for name in names if line.startswith((f"{name}：", f"{name} "))) for line in lines
    ]
    assert list(dict.fromkeys(named)) == names
