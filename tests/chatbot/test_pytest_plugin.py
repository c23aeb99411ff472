"""The pytest plugin in projects of its own: what it collects, how items end, and what it costs."""

import json
import sys
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from tests.chatbot.question_sets.records import given, refused

pytest_plugins = "pytester"

ROOT = Path(__file__).parents[2]
SET = [
    {"id": "share", "question": "多少？", "answer": "5%", "evidence": "研发", "tags": ["数字"]},
    {"id": "founder", "question": "创始人是谁？", "answer": "张静章", "evidence": "研发"},
    {"id": "weather", "question": "天气？", "answerable": False, "tags": ["敏感"]},
    {"id": "free", "question": "它呢？", "history": ["多少？"]},
]


@pytest.fixture
def server() -> Iterator[str]:
    """A server that knows one share, and answers nothing about the weather."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            record = refused() if body["question"] == "天气？" else given()
            content = json.dumps(record).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Keep the test's output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


@pytest.fixture
def project(pytester: pytest.Pytester, server: str) -> pytest.Pytester:
    """A project with a question set and a suite of its own."""
    questions = pytester.mkdir("questions")
    write(questions / "release.jsonl", SET)
    pytester.mkdir("tests").joinpath("test_own.py").write_text("def test_own(): pass\n")
    configure(pytester, f"testpaths = tests\nwenda_questions = questions\nwenda_url = {server}")
    return pytester


def write(path: Path, questions: list[dict[str, Any]]) -> None:
    lines = (json.dumps(question, ensure_ascii=False) + "\n" for question in questions)
    path.write_text("".join(lines), "utf-8")


def configure(pytester: pytest.Pytester, lines: str) -> None:
    pytester.makeini(f"[pytest]\n{lines}\n")


def run(pytester: pytest.Pytester, *args: str) -> pytest.RunResult:
    """Run pytest as a project would that has wenda installed."""
    # Where wenda is installed pytest finds the plugin by itself, and takes it only once.
    installed = {point.value for point in entry_points(group="pytest11")}
    named = [] if "chatbot.pytest_plugin" in installed else ["-p", "chatbot.pytest_plugin"]
    return pytester.runpytest_inprocess("-p", "no:cacheprovider", *named, *args)


def python(pytester: pytest.Pytester, *args: str) -> pytest.RunResult:
    """Run Python in the project, with nothing there but pytest and wenda."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        return pytester.run(sys.executable, *args)


def test_questions_are_items_beside_the_projects_own_tests(project: pytest.Pytester) -> None:
    result = run(project, "-v")
    result.assert_outcomes(passed=3, failed=1, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "tests/test_own.py::test_own PASSED*",
            "questions/release.jsonl::share PASSED*",
            "questions/release.jsonl::founder FAILED*",
            "questions/release.jsonl::weather PASSED*",
            "questions/release.jsonl::free SKIPPED*",
        ]
    )


def test_a_wrong_answer_says_all_there_is_to_know(project: pytest.Pytester) -> None:
    result = run(project)
    result.stdout.fnmatch_lines(
        [
            "*founder 创始人是谁？*",
            "问题：创始人是谁？",
            "期望：张静章",
            "回答：5%",
            "原因：阅读失误：读的是对的段落，答案不对",
            "依据：研发",
            "引的段落：《甲》·第 1 段：成绩背后，海天每年拿出销售收入的5%用于技术研发。",
            "把握：90%",
        ],
        consecutive=True,
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_tag_selects_its_questions(project: pytest.Pytester) -> None:
    run(project, "-k", "敏感 or 数字").assert_outcomes(passed=2, deselected=3)


@pytest.mark.parametrize(
    ("args", "outcomes"),
    [
        (["tests"], {"passed": 1}),
        (["questions"], {"passed": 2, "failed": 1, "skipped": 1}),
        (["questions/release.jsonl::share"], {"passed": 1}),
        ([".", "questions"], {"passed": 3, "failed": 1, "skipped": 1}),
    ],
)
def test_what_was_asked_for_is_collected_and_no_more(
    project: pytest.Pytester, args: list[str], outcomes: dict[str, int]
) -> None:
    run(project, *args).assert_outcomes(**outcomes)


def test_a_set_below_what_is_collected_anyway_is_collected_once(
    project: pytest.Pytester, server: str
) -> None:
    configure(project, f"wenda_questions = questions/release.jsonl\nwenda_url = {server}")
    write(project.path / "questions" / "other.jsonl", SET)
    run(project).assert_outcomes(passed=3, failed=1, skipped=1)


def test_what_wenda_test_leaves_out_of_a_folder_is_left_out_here(project: pytest.Pytester) -> None:
    folder = project.path / "questions"
    (folder / "~$release.xlsx").write_bytes(b"lock")
    (folder / ".draft.jsonl").write_text("{", "utf-8")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "old.jsonl").write_text("{", "utf-8")
    run(project, "questions").assert_outcomes(passed=2, failed=1, skipped=1)


def test_without_configuration_nothing_is_collected(project: pytest.Pytester) -> None:
    configure(project, "")
    run(project).assert_outcomes(passed=1)


def test_a_broken_set_is_one_error_with_all_its_mistakes(project: pytest.Pytester) -> None:
    write(project.path / "questions" / "release.jsonl", [{"answer": "5%"}, {"question": 5}])
    result = run(project)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*release.jsonl 第 1 行：*", "*release.jsonl 第 2 行：*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_set_that_is_not_there_is_a_usage_error(project: pytest.Pytester) -> None:
    configure(project, "wenda_questions = 没有.xlsx")
    result = run(project)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*wenda_questions：没有 *没有.xlsx；请检查 pytest 的配置"])


def test_a_corpus_that_is_not_there_is_an_error_a_line_long(project: pytest.Pytester) -> None:
    configure(project, "wenda_questions = questions\nwenda_corpus = 没有")
    # In a process of its own: pytester unloads what a run loads, and torch loads only once.
    result = python(project, "-m", "pytest", "-p", "chatbot.pytest_plugin", "questions")
    result.assert_outcomes(errors=4)
    result.stdout.fnmatch_lines(["*没有*"])
    result.stdout.no_fnmatch_line("*Traceback*")


@pytest.mark.slow
def test_a_corpus_is_opened_and_answers(project: pytest.Pytester) -> None:
    project.mkdir("articles").joinpath("海天.txt").write_text(
        "海天的研发\n\n海天集团创始人张静章说，海天每年拿出销售收入的5%用于技术研发。\n", "utf-8"
    )
    questions = [{"id": "share", "question": "海天每年把多少收入用于研发？", "answer": "5%"}]
    write(project.path / "questions" / "release.jsonl", questions)
    configure(project, "wenda_questions = questions\nwenda_corpus = articles")
    result = python(project, "-m", "pytest", "-p", "chatbot.pytest_plugin", "questions")
    result.assert_outcomes(passed=1)


def test_pytest_finds_the_plugin_where_wenda_is_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"wenda": "chatbot.pytest_plugin"}


def test_the_plugin_costs_other_projects_nothing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_own="""
        import sys

        def test_own():
            ours = [name for name in sys.modules if name.split(".")[0] in ("corpus", "index")]
            ours += [name for name in sys.modules if name.startswith("chatbot.")]
            heavy = [n for n in ("torch", "gradio", "httpx", "numpy", "yaml") if n in sys.modules]
            assert ours + heavy == ["chatbot.pytest_plugin"]
        """
    )
    result = python(pytester, "-m", "pytest", "-p", "chatbot.pytest_plugin")
    result.assert_outcomes(passed=1)
