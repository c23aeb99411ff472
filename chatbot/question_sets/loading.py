"""Question sets from files and folders. Every mistake is found before anything runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from chatbot.question_sets.csv_files import load_csv
from chatbot.question_sets.fields import (
    hint_misspelt,
    id_of,
    is_answer_record,
    read_question,
)
from chatbot.question_sets.json_files import EXAMPLE, load_json, load_json_lines
from chatbot.question_sets.question_set import (
    BrokenQuestionSetError,
    Mistake,
    Question,
    why_not,
)
from chatbot.question_sets.rows import Findings, Loader, Row
from chatbot.question_sets.spreadsheets import load_xlsx
from chatbot.question_sets.yaml_files import load_yaml

LOADERS: dict[str, Loader] = {
    ".xlsx": load_xlsx,
    ".csv": load_csv,
    ".yaml": load_yaml,
    ".yml": load_yaml,
    ".json": load_json,
    ".jsonl": load_json_lines,
}
# What else spreadsheets save tables as: the last two are Excel's "Unicode text" and its like.
_REMEDIES = {
    **dict.fromkeys(
        (".xls", ".xlsm", ".xlsb", ".et", ".ods", ".numbers"), "，请在 Excel 或 WPS 里另存为 .xlsx"
    ),
    **dict.fromkeys((".txt", ".tsv"), "，里面是表格的话，把扩展名改成 .csv"),
}
# Ten thousand questions take some 5 MB.
_SIZE_LIMIT = 100_000_000


def load_question_sets(paths: Sequence[Path]) -> list[Question]:
    """Return the questions of all `paths` in order, files or folders of them (see `find_files`).

    Raises BrokenQuestionSetError with all mistakes of all files. An id that two rows have is one:
    their answers could not be told apart. Where there are several files, the row numbers that
    stand in for ids get the name of their file in front, `题库:12`.
    """
    mistakes: list[Mistake] = []
    files = find_files(paths, mistakes)
    labels = _labels(files) if len(files) > 1 else {}
    questions: list[Question] = []
    given: dict[str, tuple[Path, Row]] = {}
    for path in files:
        findings = Findings(path)
        for row, question in _questions(path, findings, labels.get(path)):
            id = id_of(row)
            earlier = given.setdefault(id, (path, row)) if id is not None else (path, row)
            if earlier != (path, row):
                place = _place(*earlier, here=path)
                findings.add_at(row, "id", f"编号“{id}”与{place}的重复；每题的编号要不同")
            if question is not None:
                questions.append(replace(question, source=str(path)))
        mistakes += sorted(findings.mistakes, key=lambda mistake: mistake.row or 0)
    if mistakes:
        raise BrokenQuestionSetError(mistakes)
    return questions


def load_question_set(path: Path) -> list[Question]:
    """Return the questions of one file. Raises BrokenQuestionSetError with all its mistakes."""
    return load_question_sets([path])


def find_files(paths: Sequence[Path], mistakes: list[Mistake]) -> list[Path]:
    """Return the files of `paths`: of a folder the question sets in it and below, sorted by name.

    Left out of a folder are hidden files and folders and what Excel leaves beside an open
    workbook (~$…). A folder without question sets is a mistake; a file given twice counts once.
    """
    files: dict[Path, Path] = {}
    for path in paths:
        found = _below(path) if path.is_dir() else [path]
        if not found:
            kinds = "、".join(LOADERS)
            mistakes.append(Mistake(path, None, f"文件夹里没有问题集；要有 {kinds} 文件"))
        for file in found:
            files.setdefault(file.resolve(), file)
    return list(files.values())


def is_set_in(folder: Path, path: Path) -> bool:
    """Say whether `path`, in `folder` or below, is named as a question set and not left out."""
    names = path.relative_to(folder).parts
    return path.suffix.lower() in LOADERS and not any(
        name.startswith((".", "~$")) for name in names
    )


def _below(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if is_set_in(folder, path) and path.is_file())
    return sorted(found, key=lambda path: path.parts)


def _labels(files: Sequence[Path]) -> dict[Path, str]:
    """Return what tells each file from the others, as short as may be: its name or its path."""
    ways: tuple[Callable[[Path], str], ...] = (
        lambda path: path.stem,
        lambda path: path.name,
        lambda path: "/".join(path.parts[-2:]),
        Path.as_posix,
    )
    counted = [Counter(map(way, files)) for way in ways]
    return {
        file: next(
            (way(file) for way, of in zip(ways, counted, strict=True) if of[way(file)] == 1),
            file.as_posix(),
        )
        for file in files
    }


def _place(path: Path, row: Row, here: Path) -> str:
    """Return where a row is, as seen from the file `here`."""
    row_place = f"第 {row.number} 行"
    if row.sheet is not None:
        row_place = f"工作表“{row.sheet}”{row_place}"
    return row_place if path == here else f" {path} {row_place}"


def _questions(
    path: Path, findings: Findings, label: str | None
) -> list[tuple[Row, Question | None]]:
    """Return the rows with their questions, None for one that is wrong, which `findings` says."""
    rows = _rows(path, findings)
    if any(is_answer_record(row.fields) for row in rows):
        findings.mistakes.clear()
        findings.add(None, "这是 wenda test --answers 写下的回答记录，不是问题集")
        return []
    if label is not None:
        rows = [replace(row, id=f"{label}:{row.id}") for row in rows]
    hint_misspelt(rows, findings)
    return [(row, read_question(row, findings)) for row in rows]


def _rows(path: Path, findings: Findings) -> list[Row]:
    """Read a file by its kind; what is wrong with it goes to `findings`."""
    load = LOADERS.get(path.suffix.lower())
    if load is None:
        kind = f"不认识 {path.suffix} 文件" if path.suffix else "文件名没有扩展名"
        remedy = _REMEDIES.get(path.suffix.lower(), "")
        findings.add(None, f"{kind}；问题集要是 {'、'.join(LOADERS)} 文件{remedy}")
        return []
    try:
        if path.exists() and path.stat().st_size > _SIZE_LIMIT:
            findings.add(None, f"超过 {_SIZE_LIMIT // 1_000_000} MB，没有打开；请分成几个文件")
            return []
        content = path.read_bytes()
    except OSError as error:
        findings.add(None, f"读不了，{why_not(error)}")
        return []
    rows = load(content, findings)
    if not rows and not findings.mistakes:
        findings.add(None, f"一道题也没有；{_right_form(path)}")
    return rows


def _right_form(path: Path) -> str:
    if path.suffix.lower() in (".xlsx", ".csv"):
        return "第一行要是列名，下面每行一题；样例用 wenda test --template 题.xlsx 来写"
    if path.suffix.lower() == ".jsonl":
        return f"每行要有一题，例如 {EXAMPLE}"
    return f"要有一列题，例如 [{EXAMPLE}]"
