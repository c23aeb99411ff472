"""Progress where nobody sees a bar."""

import sys

import pytest

from chatbot import terminal


def test_a_log_gets_a_line_every_half_minute(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = 0.0
    # The name in that module alone: event loops of servers in this process live by the real clock,
    # and one that reads another waits for hours.
    monkeypatch.setattr(terminal, "monotonic", lambda: now)
    assert not sys.stderr.isatty()
    with terminal.progress_bar("提问") as report:
        for done in range(1, 101):
            now = float(done)
            report(done, 100)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "提问：30 / 100\n提问：60 / 100\n提问：90 / 100\n"
