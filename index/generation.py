"""The index on disk: whole generations, one of them current.

    DIR/current                    "<generation> <sha256 of its manifest.json>"
    DIR/generations/<generation>/manifest.json, documents.json, vectors.faiss, lexical*

A generation is never changed. A new one is written whole beside the old and made current by
renaming one file over `current`, so that a reader, or whoever comes after a kill at any moment,
finds the old index or the new. `current` vouches for the manifest and the manifest for every other
file (FAISS loads a flipped byte without complaint), so one changed byte anywhere is noticed.

Every later format must keep the content of `current` and the `format` of the manifest: they let
an older wenda tell a newer index, which it leaves alone, from a damaged one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from corpus.document import Document, Paragraph, Repair, Section
from index.bm25 import LexicalIndex, lexical_settings
from index.faiss_store import FaissStore, VectorStore

FORMAT = 1

_CURRENT = "current"
_GENERATIONS = "generations"
_LOCK = "lock"
_MANIFEST = "manifest.json"
_DOCUMENTS = "documents.json"
_VECTORS = "vectors.faiss"
_NAME = re.compile(r"[0-9]{6,}")
_POINTER = re.compile(rb"([0-9]{6,}) ([0-9a-f]{64})\n")

Trouble = Literal["missing", "damaged", "older", "newer", "other model", "unusable"]


class IndexFileError(ValueError):
    """The index on disk cannot be used; the message is one line for the user.

    `trouble` says how: `missing`, `damaged`, `older` (written by an earlier wenda), `newer`
    (written by a later one, and left alone), `other model`, `unusable` (no permission, disk full,
    in use).
    """

    def __init__(self, trouble: Trouble, message: str) -> None:
        """Keep the kind beside the message."""
        super().__init__(message)
        self.trouble: Trouble = trouble


@dataclass(frozen=True)
class Index:
    """A searchable corpus, all in memory. Rows of paragraphs, texts, store and lexical agree.

    `model` is the identity of the encoder that made the vectors, `generation` the name it has in
    `directory`, `made_with` the settings of its lexical part (`lexical_settings`).
    """

    documents: tuple[Document, ...]
    store: VectorStore
    lexical: LexicalIndex
    model: str
    generation: str
    directory: Path
    made_with: Mapping[str, float]

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs in row order: document after document."""
        return tuple(paragraph for document in self.documents for paragraph in document.paragraphs)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The verbatim texts of `paragraphs`."""
        return paragraph_texts(self.documents)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self.store.dimension

    def document(self, id: str) -> Document:
        """Return the document of that id. Raises KeyError."""
        return self._by_id[id]

    def rows(self, document: str) -> NDArray[np.int64]:
        """Return the rows of a document's paragraphs, ascending; none for an unknown id."""
        return self._rows.get(document, np.zeros(0, dtype=np.int64))

    @cached_property
    def _by_id(self) -> dict[str, Document]:
        return {document.id: document for document in self.documents}

    @cached_property
    def _rows(self) -> dict[str, NDArray[np.int64]]:
        rows, start = {}, 0
        for document in self.documents:
            end = start + len(document.paragraphs)
            rows[document.id] = np.arange(start, end, dtype=np.int64)
            start = end
        return rows


def paragraph_texts(documents: Iterable[Document]) -> tuple[str, ...]:
    """Return the texts of all paragraphs in row order."""
    return tuple(
        document.paragraph_text(paragraph)
        for document in documents
        for paragraph in document.paragraphs
    )


def load_index(directory: Path) -> Index:
    """Return the current index of `directory`, every byte of it checked.

    Raises IndexFileError where there is none, where anything in it is damaged, or where it is of
    another format. Takes no lock: a generation that an update replaces meanwhile stays until the
    update after that.
    """
    while True:
        pointer = _read_pointer(directory)
        try:
            return _load_generation(directory, pointer)
        except IndexFileError:
            # Two updates may have passed since, and removed the generation that was current.
            if _read_pointer(directory) == pointer:
                raise


def check_index(directory: Path) -> list[str]:
    """Return what is wrong with the index in `directory`, one Chinese line each; empty when sound.

    Unlike `load_index` it names every damaged file, not only the first.
    """
    try:
        pointer = _read_pointer(directory)
        folder, manifest = _read_manifest(directory, pointer)
    except IndexFileError as error:
        return [str(error)]
    findings = []
    for file in manifest["files"]:
        try:
            _read_checked(folder, manifest, file)
        except IndexFileError as error:
            findings.append(str(error))
    if not findings:
        try:
            index = _load_generation(directory, pointer)
        except IndexFileError as error:
            return [str(error)]
        if dict(index.made_with) != lexical_settings():
            findings.append(f"{folder}：词语索引是旧的切分法或参数；请运行 wenda index 更新")
    return findings


def write_generation(
    directory: Path,
    documents: tuple[Document, ...],
    store: FaissStore,
    lexical: LexicalIndex,
    model: str,
) -> Index:
    """Write a new generation, make it current and return it. Call it under `writing`.

    The generation that was current stays, for whoever is just opening it; all others are removed.
    Raises IndexFileError where the disk does not take it.
    """
    made_with = lexical_settings(lexical.k1, lexical.b)
    files = {
        _DOCUMENTS: _to_json([asdict(document) for document in documents]),
        _VECTORS: store.to_bytes(),
        **lexical.to_files(),
    }
    before = current_generation(directory)
    names = _generation_names(directory)
    name = f"{max((int(name) for name in names), default=0) + 1:06}"
    manifest = _to_json(
        {
            "format": FORMAT,
            "wenda": _wenda_version(),
            "generation": name,
            "model": model,
            "dimension": store.dimension,
            "lexical": made_with,
            "files": {
                file: {"bytes": len(content), "sha256": _sha256(content)}
                for file, content in files.items()
            },
            "documents": [
                {
                    "id": document.id,
                    "path": document.path,
                    "fingerprint": document.fingerprint(),
                    "paragraphs": len(document.paragraphs),
                }
                for document in documents
            ],
        }
    )
    try:
        folder = _folder(directory, name)
        folder.mkdir(parents=True)
        for file, content in {**files, _MANIFEST: manifest}.items():
            _write_through(folder / file, content)
        _sync_folder(folder)
        _sync_folder(folder.parent)
        _replace_pointer(directory, f"{name} {_sha256(manifest)}\n".encode())
    except OSError as error:
        raise _unusable(directory, error) from error
    _sweep(directory, keep={name, before})
    return Index(documents, store, lexical, model, name, directory, made_with)


@contextlib.contextmanager
def writing(directory: Path, seconds: float) -> Iterator[None]:
    """Hold the one right to write in `directory`, which is made if it is not there.

    The system frees the lock of a process that was killed. Raises IndexFileError when another
    process still holds it after `seconds`, or where the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    try:
        directory.mkdir(parents=True, exist_ok=True)
        lock = FileLock(directory / _LOCK, timeout=seconds)
        lock.acquire()
    except Timeout:
        raise IndexFileError(
            "unusable", f"{directory}：另一个 wenda 正在写这个索引；请等它结束后再试"
        ) from None
    except OSError as error:
        raise _unusable(directory, error) from error
    try:
        yield
    finally:
        lock.release()


def current_generation(directory: Path) -> str | None:
    """Return the name of the current generation, None where no readable one is named."""
    try:
        match = _POINTER.fullmatch(_read_pointer(directory))
    except IndexFileError:
        return None
    return match[1].decode() if match else None


def has_leftovers(directory: Path) -> bool:
    """Tell whether a killed run left something behind."""
    names = _generation_names(directory)
    newest = max(map(int, names), default=0)
    return (
        newest > int(current_generation(directory) or 0)
        or len(names) > 2  # killed while it swept up
        or _fresh_pointer(directory).exists()
    )


def remove_leftovers(directory: Path) -> None:
    """Remove what killed runs left, and all but the last two generations. Under `writing`.

    Nothing is removed while no generation is current: what is there may still be looked into.
    """
    current = current_generation(directory)
    if current is not None:
        whole = [name for name in _generation_names(directory) if int(name) <= int(current)]
        _sweep(directory, keep=set(whole[-2:]))


def _sweep(directory: Path, keep: set[str | None]) -> None:
    for name in set(_generation_names(directory)) - keep:
        # What another process has open (Windows) goes the next time.
        shutil.rmtree(_folder(directory, name), ignore_errors=True)
    with contextlib.suppress(OSError):
        _fresh_pointer(directory).unlink(missing_ok=True)


# Reading


def _read_pointer(directory: Path) -> bytes:
    try:
        return (directory / _CURRENT).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        if directory.exists() and not directory.is_dir():
            raise IndexFileError(
                "unusable", f"{directory}：是一个文件，不是文件夹；请用 --index 指定一个文件夹"
            ) from None
        if _generation_names(directory):
            raise _damaged(directory / _CURRENT, "没有这个文件：上次没有写完，或被删除") from None
        raise IndexFileError(
            "missing", f"{directory}：这里还没有索引；请先运行 wenda index"
        ) from None
    except OSError as error:
        raise _unusable(directory / _CURRENT, error) from error


def _read_manifest(directory: Path, pointer: bytes) -> tuple[Path, dict[str, Any]]:
    """Return the folder of the current generation and its checked manifest."""
    match = _POINTER.fullmatch(pointer)
    if match is None:
        raise _damaged(directory / _CURRENT, "内容无法辨认")
    folder = _folder(directory, match[1].decode())
    path = folder / _MANIFEST
    content = _read_file(path)
    if _sha256(content) != match[2].decode():
        raise _damaged(path, "内容与写入时不同")
    try:
        manifest: dict[str, Any] = _from_json(content)
        version = int(manifest["format"])
        whole = version != FORMAT or isinstance(manifest["files"], dict)
    except (ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise _damaged(path, "内容无法辨认")
    if version > FORMAT:
        raise IndexFileError(
            "newer",
            f"{path}：索引是第 {version} 版格式，这个 wenda 只认识到第 {FORMAT} 版；"
            "请更新 wenda，或用 --index 换一个文件夹",
        )
    if version < FORMAT:
        raise IndexFileError(
            "older", f"{path}：索引是旧的第 {version} 版格式；请运行 wenda index 重建"
        )
    return folder, manifest


def _load_generation(directory: Path, pointer: bytes) -> Index:
    folder, manifest = _read_manifest(directory, pointer)
    try:
        files = {file: _read_checked(folder, manifest, file) for file in manifest["files"]}
        documents = tuple(_document(record) for record in _from_json(files[_DOCUMENTS]))
        store = FaissStore.from_bytes(files[_VECTORS])
        lexical = LexicalIndex.from_files(files)
        listed = [(one["id"], one["fingerprint"]) for one in manifest["documents"]]
        index = Index(
            documents,
            store,
            lexical,
            str(manifest["model"]),
            folder.name,
            directory,
            dict(manifest["lexical"]),
        )
        agrees = (
            listed == [(document.id, document.fingerprint()) for document in documents]
            and store.count == lexical.count == len(index.paragraphs)
            and store.dimension == manifest["dimension"]
        )
    except IndexFileError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        # Every byte is as it was written, so something else than this format wrote it.
        raise _damaged(folder, "内容无法辨认") from None
    if not agrees:
        raise _damaged(folder, "各文件互不相符")
    return index


def _read_checked(folder: Path, manifest: Mapping[str, Any], file: str) -> bytes:
    expected = manifest["files"][file]
    content = _read_file(folder / file)
    if len(content) != expected["bytes"]:
        raise _damaged(folder / file, f"应有 {expected['bytes']} 字节，实有 {len(content)} 字节")
    if _sha256(content) != expected["sha256"]:
        raise _damaged(folder / file, "内容与写入时不同")
    return content


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise _damaged(path, "没有这个文件") from None
    except OSError as error:
        raise _unusable(path, error) from error


def _document(record: Mapping[str, Any]) -> Document:
    """Return the document that `asdict` took apart."""
    return Document(
        **{
            **record,
            "sections": tuple(Section(**section) for section in record["sections"]),
            "paragraphs": tuple(Paragraph(**paragraph) for paragraph in record["paragraphs"]),
            "repairs": tuple(Repair(**repair) for repair in record["repairs"]),
        }
    )


def _damaged(path: Path, how: str) -> IndexFileError:
    return IndexFileError("damaged", f"{path}：索引已损坏（{how}）；请运行 wenda index 重建")


def _unusable(path: Path, error: OSError) -> IndexFileError:
    return IndexFileError(
        "unusable",
        f"{path}：不能读写索引（{error.strerror or error}）；请检查权限和磁盘空间，"
        "或用 --index 换一个文件夹",
    )


# Writing


def _replace_pointer(directory: Path, content: bytes) -> None:
    fresh = _fresh_pointer(directory)
    _write_through(fresh, content)
    for wait in (0.01, 0.05, 0.2, 1.0, None):
        try:
            fresh.replace(directory / _CURRENT)  # the one step that makes a generation current
            break
        except PermissionError:
            # Windows refuses while a reader has the old one open, which is a moment.
            if wait is None:
                raise
            time.sleep(wait)
    _sync_folder(directory)


def _write_through(path: Path, content: bytes) -> None:
    """Write a file and wait for the disk: a rename must not outlive what it makes current."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Wait until the disk has the names in a folder, where the system can (not on Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _generation_names(directory: Path) -> list[str]:
    """Return the names of all generation folders, whole or not, oldest first."""
    try:
        found = [path.name for path in (directory / _GENERATIONS).iterdir()]
    except OSError:
        return []
    return sorted((name for name in found if _NAME.fullmatch(name)), key=int)


def _folder(directory: Path, name: str) -> Path:
    return directory / _GENERATIONS / name


def _fresh_pointer(directory: Path) -> Path:
    return directory / f"{_CURRENT}.new"


def _to_json(value: object) -> bytes:
    # surrogatepass: an article may hold any character whatever, and must come back as it was.
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")


def _from_json(content: bytes) -> Any:
    return json.loads(content.decode("utf-8", "surrogatepass"))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _wenda_version() -> str:
    try:
        return metadata.version("wenda")
    except metadata.PackageNotFoundError:  # run from a checkout that was never installed
        return "unknown"
