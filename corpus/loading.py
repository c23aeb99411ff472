"""From a path to Documents: one article, or every article of a folder."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePath, PurePosixPath

from corpus.cleaning import clean
from corpus.document import Document
from corpus.paragraphs import find_paragraphs
from corpus.readers import READERS, CorpusError, read_article
from corpus.sections import find_blocks, find_sections, find_title

DEFAULT_CORPUS = Path(__file__).resolve().parent / "articles"
"""The articles that come with wenda."""

_SYNONYMS = frozenset(("synonyms", "同义词"))


def load_corpus(path: Path) -> tuple[Document, ...]:
    """Read an article, or every article in a folder and the folders inside it.

    Documents come in the order of their paths. Passed over: names that begin with a dot, suffixes
    no reader knows, README files, lists of synonyms; a file named as `path` itself is read whatever
    its name. Ids are the paths without suffix; where two files would share one, both keep their
    suffix.

    :raises CorpusError: when `path` does not exist, a folder holds no article or cannot be
        listed, or an article cannot be read (the first is described, the others named).
    """
    if not path.is_dir():
        return (load_document(path),)
    files = _article_files(path)
    if not files:
        known = "、".join(sorted(READERS))
        raise CorpusError(f"{path}：文件夹里没有文章；请放入 {known} 文件")
    names = [file.relative_to(path) for file in files]
    documents: list[Document] = []
    failures: list[tuple[PurePath, CorpusError]] = []
    for file, name, document_id in zip(files, names, distinct_ids(names), strict=True):
        try:
            raw = read_article(file)
        except CorpusError as error:
            failures.append((name, error))
            continue
        documents.append(make_document(raw, document_id, _encodable(name.as_posix())))
    if failures:
        message = str(failures[0][1])
        if len(failures) > 1:
            others = "、".join(name.as_posix() for name, _ in failures[1:])
            message += f"（另有 {len(failures) - 1} 个文件也读不了：{others}）"
        raise CorpusError(message)
    return tuple(documents)


def load_document(path: Path, root: Path | None = None) -> Document:
    """Read one article.

    Its id is the path without suffix relative to `root`, with slashes on every system; without a
    `root` the file's stem.

    :raises CorpusError: when the file cannot be read as an article (`readers.read_article`).
    :raises ValueError: when `path` does not lie under `root`.
    """
    name = path.relative_to(path.parent if root is None else root)
    document_id = _encodable(name.with_suffix("").as_posix())
    return make_document(read_article(path), document_id, _encodable(name.as_posix()))


def make_document(raw: str, document_id: str, path: str) -> Document:
    """Return the Document of an article's raw text. Pure, and never raises, whatever the text.

    `path` is what `Document.path` will say; the stem of its last part is the title when the text
    has none. Without body text the Document has no paragraphs.
    """
    text, repairs = clean(raw)
    blocks = find_blocks(text)
    return Document(
        id=document_id,
        title=find_title(blocks) or PurePosixPath(path).stem or document_id,
        path=path,
        text=text,
        sections=find_sections(blocks),
        paragraphs=find_paragraphs(text, blocks, document_id),
        repairs=repairs,
    )


def distinct_ids(paths: Sequence[PurePath]) -> list[str]:
    """Return an id for each relative path: without its suffix where that is unique, else with it.

    >>> distinct_ids([PurePath("a.md"), PurePath("a.txt"), PurePath("b/a.txt")])
    ['a.md', 'a.txt', 'b/a']
    """
    ids = [path.with_suffix("").as_posix() for path in paths]
    # A suffix kept may clash in its turn (a.txt and a.txt.md); with all suffixes none can.
    while len(set(ids)) < len(ids):
        counts = Counter(ids)
        ids = [
            path.as_posix() if counts[name] > 1 else name
            for path, name in zip(paths, ids, strict=True)
        ]
    return [_encodable(name) for name in ids]


def _article_files(folder: Path) -> list[Path]:
    """Return the articles under a folder, sorted by relative path.

    :raises CorpusError: when a folder cannot be listed.
    """

    def refuse(error: OSError) -> None:
        raise CorpusError(f"{error.filename}：打不开这个文件夹；请检查它的访问权限") from None

    found: list[Path] = []
    # Links to folders are not followed: they may lead round in a circle.
    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(parent) / name for name in names if _is_article_name(name)]
    # A link that leads nowhere stays, to be reported; pipes and devices go.
    files = [file for file in found if file.is_file() or file.is_symlink()]
    return sorted(files, key=lambda file: file.relative_to(folder).as_posix())


def _is_article_name(name: str) -> bool:
    file = PurePath(name)
    return (
        not name.startswith((".", "~$"))
        and file.suffix.lower() in READERS
        and file.stem.lower() != "readme"
        and not is_synonyms_name(name)
    )


def is_synonyms_name(name: str) -> bool:
    """Tell whether a file of that name lists synonyms: it stands beside articles and is none.

    >>> [is_synonyms_name(name) for name in ("synonyms.txt", "a.同义词.TXT", "mysynonyms.txt")]
    [True, True, False]
    """
    return name.lower().endswith(".txt") and name.lower().split(".")[-2] in _SYNONYMS


def _encodable(name: str) -> str:
    """Return a file name as it is, or with escapes for bytes that are not UTF-8."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
