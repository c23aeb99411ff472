"""Only what is new is encoded; the outcome is that of building from nothing."""

from __future__ import annotations

import dataclasses
import os
import random
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import index.updating
from corpus.document import Document, Section
from index.embedding import EncoderError
from index.generation import IndexFileError, check_index, load_index, writing
from index.updating import update_index
from tests.index.fake_encoder import FakeEncoder, document

A = document("a", "甲一。", "甲二。")
B = document("b", "乙一。")
C = document("c", "丙一。", "丙二。", "丙三。")


def generations(directory: Path) -> list[str]:
    return sorted(path.name for path in (directory / "generations").iterdir())


def content(directory: Path) -> dict[str, bytes]:
    """The files of the current generation but its manifest, which has its name in it."""
    folder = directory / "generations" / load_index(directory).generation
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != "manifest.json"}


def test_the_first_build(tmp_path: Path) -> None:
    encoder, shown = FakeEncoder(), []
    update = update_index(
        [A, B], tmp_path / "new" / "索引", encoder, progress=lambda *step: shown.append(step)
    )
    assert (update.added, update.changed, update.removed, update.unchanged) == (
        ("a", "b"),
        (),
        (),
        (),
    )
    assert (update.encoded, update.reason, update.generation) == (3, None, "000001")
    assert encoder.paragraphs == ["甲一。", "甲二。", "乙一。"]
    assert shown == [(1, 3), (2, 3), (3, 3)]


def test_nothing_changed_nothing_written_nothing_encoded(tmp_path: Path) -> None:
    update_index([A, B], tmp_path, FakeEncoder())

    def state() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in [tmp_path, *tmp_path.rglob("*")]}

    before, encoder = state(), FakeEncoder()
    update = update_index([A, B], tmp_path, encoder)
    assert update.unchanged == ("a", "b")
    assert (update.added, update.changed, update.removed) == ((), (), ())
    assert (update.encoded, update.reason, update.generation) == (0, None, "000001")
    assert (encoder.paragraphs, state()) == ([], before)


def test_only_new_texts_are_encoded(tmp_path: Path) -> None:
    update_index([A, B, C], tmp_path, FakeEncoder())
    encoder = FakeEncoder()
    changed = document("c", "丙一。", "丙二改。", "丙三。", "丙四。")
    added = document("d", "丁一。", "甲一。")
    update = update_index([A, changed, added], tmp_path, encoder)
    assert update.added == ("d",)
    assert update.changed == ("c",)
    assert update.removed == ("b",)
    assert update.unchanged == ("a",)
    # 甲一 stands in another document already.
    assert encoder.paragraphs == ["丙二改。", "丙四。", "丁一。"]
    assert update.encoded == 3
    assert load_index(tmp_path).documents == (A, changed, added)


def test_equal_paragraphs_are_encoded_once(tmp_path: Path) -> None:
    encoder = FakeEncoder()
    update = update_index([document("a", "同。", "同。"), document("b", "同。")], tmp_path, encoder)
    assert (encoder.paragraphs, update.encoded) == (["同。"], 1)
    assert len(update.index.paragraphs) == 3


@pytest.mark.parametrize(
    "change",
    [
        {"path": "elsewhere.txt"},
        {"title": "另一个题目"},
        {"sections": (Section("节", 0, 1, 1, 2),)},
    ],
)
def test_what_changes_beside_the_text_is_taken_over_without_encoding(
    tmp_path: Path, change: dict[str, object]
) -> None:
    update_index([A, B], tmp_path, FakeEncoder())
    changed = dataclasses.replace(A, **change)  # type: ignore[arg-type]
    update = update_index([changed, B], tmp_path, FakeEncoder())
    assert (update.changed, update.encoded) == (("a",), 0)
    assert load_index(tmp_path).documents == (changed, B)


def test_another_order_is_taken_over_without_encoding(tmp_path: Path) -> None:
    update_index([A, B], tmp_path, FakeEncoder())
    update = update_index([B, A], tmp_path, FakeEncoder())
    assert (update.unchanged, update.encoded, update.generation) == (("b", "a"), 0, "000002")
    assert load_index(tmp_path).documents == (B, A)


def test_from_empty_to_full_and_back(tmp_path: Path) -> None:
    for documents, encoded in (
        ([], 0),
        ([A], 2),
        ([], 0),
        ([A], 2),
        ([Document("e", "", "", "")], 0),
    ):
        update = update_index(documents, tmp_path, FakeEncoder())
        assert update.encoded == encoded
        assert load_index(tmp_path).documents == tuple(documents)
        assert check_index(tmp_path) == []


def test_updates_come_to_what_a_build_from_nothing_comes_to(tmp_path: Path) -> None:
    choose = random.Random(20261124)
    for step in range(12):
        documents = [
            document(
                id, *choose.choices([f"{id}{n}。" for n in "一二三四五"], k=choose.randint(0, 4))
            )
            for id in choose.sample("甲乙丙丁戊", choose.randint(0, 5))
        ]
        update_index(documents, tmp_path / "kept", FakeEncoder())
        update_index(documents, tmp_path / f"fresh{step}", FakeEncoder())
        assert content(tmp_path / "kept") == content(tmp_path / f"fresh{step}")
        assert len(generations(tmp_path / "kept")) <= 2


def test_another_model_means_a_rebuild(tmp_path: Path) -> None:
    update_index([A, B], tmp_path, FakeEncoder("sha256:" + "a" * 64))
    encoder = FakeEncoder("e5@2", dimension=8)
    update = update_index([A, B], tmp_path, encoder)
    assert update.reason == "索引来自另一个模型（sha256:aaaaaaaaaaaa…），现在是 e5@2；已重建"
    assert (update.unchanged, update.encoded) == (("a", "b"), 3)
    index = load_index(tmp_path)
    assert (index.model, index.dimension) == ("e5@2", 8)


def test_rebuild_encodes_everything_again(tmp_path: Path) -> None:
    update_index([A, B], tmp_path, FakeEncoder())
    update = update_index([A, B], tmp_path, FakeEncoder(), rebuild=True)
    assert (update.reason, update.encoded) == ("按 --rebuild 全部重建", 3)
    assert update.generation == "000002"


def test_the_generation_before_is_kept_and_no_more(tmp_path: Path) -> None:
    for number, documents in enumerate(([A], [B], [C], [A, B]), start=1):
        update_index(documents, tmp_path, FakeEncoder())
        assert generations(tmp_path) == [f"{n:06}" for n in (number - 1, number) if n]


def test_leftovers_of_killed_runs_are_cleaned(tmp_path: Path) -> None:
    for documents in ([A], [A, B]):
        update_index(documents, tmp_path, FakeEncoder())

    def leave() -> None:
        (tmp_path / "generations" / "000009").mkdir()
        (tmp_path / "generations" / "000009" / "vectors.faiss").write_bytes(b"half")
        (tmp_path / "current.new").write_bytes(b"000009")

    leave()
    update_index([A, B], tmp_path, FakeEncoder())
    assert generations(tmp_path) == ["000001", "000002"]
    assert not (tmp_path / "current.new").exists()
    leave()
    assert update_index([A, B, C], tmp_path, FakeEncoder()).generation == "000003"
    assert generations(tmp_path) == ["000002", "000003"]
    assert not (tmp_path / "current.new").exists()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_index_that_is_up_to_date_serves(tmp_path: Path) -> None:
    update_index([A], tmp_path, FakeEncoder())
    tmp_path.chmod(0o500)
    try:
        assert update_index([A], tmp_path, FakeEncoder()).encoded == 0
        with pytest.raises(IndexFileError):
            update_index([B], tmp_path, FakeEncoder())
    finally:
        tmp_path.chmod(0o700)


def test_a_full_disk_leaves_the_index_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    update_index([A], tmp_path, FakeEncoder())

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("index.generation._write_through", full)
    with pytest.raises(IndexFileError) as caught:
        update_index([A, B], tmp_path, FakeEncoder())
    assert str(caught.value) == (
        f"{tmp_path}：不能读写索引（No space left on device）；请检查权限和磁盘空间，"
        "或用 --index 换一个文件夹"
    )
    monkeypatch.undo()
    assert load_index(tmp_path).documents == (A,)
    update_index([A, B], tmp_path, FakeEncoder())
    assert load_index(tmp_path).documents == (A, B)


def test_two_documents_of_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'a' is there twice"):
        update_index([A, A], tmp_path, FakeEncoder())
    assert list(tmp_path.iterdir()) == []


class BrokenEncoder(FakeEncoder):
    def __init__(self, vectors: NDArray[np.float32]) -> None:
        super().__init__()
        self.broken = vectors

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.broken


@pytest.mark.parametrize(
    "vectors",
    [np.full((2, 4), np.nan), np.zeros((2, 4)), np.eye(3), np.ones((2, 4)), np.ones(2), np.eye(1)],
)
def test_a_broken_model_is_stopped_before_anything_is_written(
    tmp_path: Path, vectors: NDArray[np.float32]
) -> None:
    with pytest.raises(EncoderError, match="没有给每个段落一个长度为 1 的向量"):
        update_index([A], tmp_path, BrokenEncoder(vectors))
    with pytest.raises(IndexFileError):
        load_index(tmp_path)


def test_two_updates_at_once_share_the_work(tmp_path: Path) -> None:
    encoders = [FakeEncoder(seconds=0.02) for _ in range(4)]
    threads = [
        threading.Thread(target=update_index, args=([A, B, C], tmp_path, encoder))
        for encoder in encoders
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(encoder.paragraphs) for encoder in encoders) == [0, 0, 0, 6]
    assert generations(tmp_path) == ["000001"]


def test_an_update_that_does_not_end_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.updating, "_PATIENCE", 0.05)
    with writing(tmp_path, 0), pytest.raises(IndexFileError) as caught:
        update_index([A], tmp_path, FakeEncoder())
    assert str(caught.value) == (f"{tmp_path}：另一个 wenda 正在写这个索引；请等它结束后再试")


def test_importing_the_index_is_cheap() -> None:
    heavy = ("torch", "transformers", "sentence_transformers", "faiss", "bm25s", "scipy")
    program = (
        "import sys; import index.retriever, index.updating; "
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_an_index_that_is_up_to_date_loads_no_torch(tmp_path: Path) -> None:
    update_index([A], tmp_path, FakeEncoder())
    program = (
        "import sys; from pathlib import Path; from index.updating import update_index; "
        "from tests.index.fake_encoder import FakeEncoder; from tests.index.test_updating import A;"
        f"print(update_index([A], Path({str(tmp_path)!r}), FakeEncoder()).encoded, "
        "'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "0 False", done.stderr
