"""What `wenda serve` hands on of its options to the application."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

import chatbot.api
from chatbot.own_article.limits import UploadLimits
from tests.chatbot.test_cli import Run, run

__all__ = ["run"]  # the fixture

VARIABLES = (
    *("UPLOAD", "UPLOAD_SIZE", "UPLOAD_SECONDS", "UPLOAD_MINUTES", "UPLOAD_FORMATS"),
    "EMBED_ORIGINS",
)


@pytest.fixture
def served(run: Run, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run `wenda serve` up to where it would listen; returns what the application was made with."""
    for name in (*VARIABLES, "FEEDBACK", "NO_FEEDBACK", "ALLOWED_HOSTS"):
        monkeypatch.delenv(f"WENDA_{name}", raising=False)
    made: dict[str, Any] = {}

    def create_app(_: Any, **options: Any) -> SimpleNamespace:
        made.update(options)
        return SimpleNamespace(state=SimpleNamespace(lobby=SimpleNamespace(leave=lambda: True)))

    monkeypatch.setattr(chatbot.api, "create_app", create_app)
    monkeypatch.setattr(chatbot.api, "serve", lambda *_: None)

    def serve(*arguments: str) -> dict[str, Any]:
        assert run("serve", *arguments)[0] == 0
        return made

    return serve


@pytest.mark.parametrize(
    ("arguments", "offered"),
    [
        ((), True),
        (("--no-upload",), False),
        (("--host", "0.0.0.0"), False),
        (("--host", "0.0.0.0", "--upload"), True),
        (("--allowed-host", "wenda.example.com"), False),
    ],
)
def test_own_articles_are_for_this_machine_unless_said_otherwise(
    served: Any, arguments: tuple[str, ...], offered: bool
) -> None:
    assert (served(*arguments)["own_articles"] is not None) is offered


def test_limits_and_origins_come_from_options_and_variables(
    served: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENDA_UPLOAD", "1")
    monkeypatch.setenv("WENDA_UPLOAD_MINUTES", "5")
    monkeypatch.setenv("WENDA_EMBED_ORIGINS", "https://a.example https://b.example")
    made = served("--host", "0.0.0.0", "--upload-size", "0.5", "--upload-seconds", "10")
    assert made["own_articles"] == UploadLimits(0.5, 10, 5)
    made = served("--upload-format", "MD", "--upload-format", ".txt")
    assert made["own_articles"].formats == (".md", ".txt")
    monkeypatch.setenv("WENDA_UPLOAD_FORMATS", ".md .txt")
    assert served()["own_articles"].formats == (".md", ".txt")
    assert made["embed_origins"] == ["https://a.example", "https://b.example"]


def test_feedback_goes_where_it_is_told_and_else_to_the_users_data(
    served: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert served()["feedback"].name == "feedback.db"
    assert "cache" not in str(served()["feedback"].parent.name).lower()
    monkeypatch.setenv("WENDA_FEEDBACK", "here.db")
    assert str(served()["feedback"]) == "here.db"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ["--embed-origin", "*"],
            "--embed-origin（或 WENDA_EMBED_ORIGINS）：“*”不是网站的来源；请写成 "
            "https://www.example.com（协议和域名，后面没有路径）；用 wenda --help 查看用法",
        ),
        (
            ["--upload-size", "500"],
            "--upload-size（或 WENDA_UPLOAD_SIZE）：500 不在 0.01 到 100 MB 之间；"
            "用 wenda --help 查看用法",
        ),
        (
            ["--upload-format", ".exe"],
            "--upload-format（或 WENDA_UPLOAD_FORMATS）：“.exe”不是能读的格式；可以是 .md、.txt；"
            "用 wenda --help 查看用法",
        ),
        (
            ["--upload-minutes", "x"],
            "--upload-minutes（或 WENDA_UPLOAD_MINUTES）：“x”不是数；用 wenda --help 查看用法",
        ),
    ],
)
def test_a_wrong_value_is_one_chinese_line(run: Run, arguments: list[str], line: str) -> None:
    assert run("serve", *arguments) == (2, "", f"wenda：{line}\n")


def test_a_variable_that_is_neither_on_nor_off_is_one_chinese_line(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENDA_UPLOAD", "maybe")
    assert run("serve") == (
        2,
        "",
        "wenda：--upload（或 WENDA_UPLOAD）：应是 1（打开）或 0（关掉）；"
        "用 wenda --help 查看用法\n",
    )


def test_feedback_is_taken_unless_the_operator_says_otherwise(
    served: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert served()["feedback"].name == "feedback.db"
    assert served("--feedback", "f.db")["feedback"].name == "f.db"
    assert served("--feedback", "f.db", "--no-feedback")["feedback"] is None
    monkeypatch.setenv("WENDA_NO_FEEDBACK", "1")
    assert served()["feedback"] is None
    monkeypatch.setenv("WENDA_NO_FEEDBACK", "0")
    assert served()["feedback"] is not None
