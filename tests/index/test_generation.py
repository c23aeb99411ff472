"""Every way an index on disk can be damaged is noticed at load, named, and put right."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from corpus.document import Repair
from index.generation import Index, IndexFileError, check_index, load_index
from index.updating import update_index
from tests.index.fake_encoder import FakeEncoder, document

DOCUMENTS = (
    document("一", "北仑区在宁波。", "海天集团做注塑机。", section="科创聚力"),
    document("二", "继峰股份做座椅。"),
)
FILES = (
    "documents.json",
    "lexical-rows.npy",
    "lexical-starts.npy",
    "lexical-weights.npy",
    "lexical.json",
    "manifest.json",
    "vectors.faiss",
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("sound") / "索引"
    update_index(DOCUMENTS, directory, FakeEncoder())
    return directory


@pytest.fixture
def directory(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "索引"))


def find(directory: Path, name: str) -> Path:
    return directory / name if name == "current" else directory / "generations" / "000001" / name


def test_what_is_written_comes_back(directory: Path) -> None:
    index = load_index(directory)
    assert index.documents == DOCUMENTS
    assert [p.number for p in index.paragraphs] == [1, 2, 1]
    assert index.texts == ("北仑区在宁波。", "海天集团做注塑机。", "继峰股份做座椅。")
    assert (index.model, index.dimension, index.generation) == ("fake@1", 16, "000001")
    assert index.document("二") == DOCUMENTS[1]
    assert index.rows("一").tolist() == [0, 1] and index.rows("三").tolist() == []
    assert (index.store.vectors() == FakeEncoder().encode_paragraphs(index.texts)).all()
    assert check_index(directory) == []


def test_the_manifest_describes_the_generation(directory: Path) -> None:
    manifest = json.loads(find(directory, "manifest.json").read_text("utf-8"))
    assert manifest["format"] == 1
    assert manifest["model"] == "fake@1"
    assert sorted(manifest["files"]) == sorted(set(FILES) - {"manifest.json"})
    assert sorted(path.name for path in find(directory, "").iterdir()) == sorted(FILES)
    assert manifest["documents"] == [
        {
            "id": one.id,
            "path": one.path,
            "fingerprint": one.fingerprint(),
            "paragraphs": len(one.paragraphs),
        }
        for one in DOCUMENTS
    ]


def test_any_characters_come_back(tmp_path: Path) -> None:
    odd = dataclasses.replace(
        document("奇", "\ud800\x00\u2028😀", "\x1b[31m"),
        repairs=(Repair("joined", 3, "a\ud83d", "b"),),
    )
    update_index([odd], tmp_path, FakeEncoder())
    assert load_index(tmp_path).documents == (odd,)


def test_nothing_is_an_index_too(tmp_path: Path) -> None:
    update_index([], tmp_path, FakeEncoder())
    assert load_index(tmp_path).paragraphs == ()
    assert check_index(tmp_path) == []


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def extend(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


def zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: tuple[Callable[[Path], None], ...] = (truncate, halve, empty, extend, zero, Path.unlink)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", ["current", *FILES])
def test_a_damaged_file_is_named_and_the_index_rebuilt(
    directory: Path, name: str, damage: Callable[[Path], None]
) -> None:
    damage(find(directory, name))
    assert_noticed_and_rebuilt(directory, name)


def assert_noticed_and_rebuilt(directory: Path, name: str) -> None:
    with pytest.raises(IndexFileError) as caught:
        load_index(directory)
    assert caught.value.trouble == "damaged"
    message = str(caught.value)
    assert message.startswith(f"{find(directory, name)}：索引已损坏（")
    assert message.endswith("；请运行 wenda index 重建")
    assert "\n" not in message
    assert check_index(directory) == [message]

    encoder = FakeEncoder()
    update = update_index(DOCUMENTS, directory, encoder)
    assert update.reason == message.replace("请运行 wenda index 重建", "已重建")
    assert (update.added, update.encoded) == (("一", "二"), 3)
    assert load_index(directory).documents == DOCUMENTS
    assert check_index(directory) == []


@pytest.mark.parametrize("name", FILES)
def test_one_flipped_byte_is_noticed_wherever_it_is(directory: Path, name: str) -> None:
    path = find(directory, name)
    content = path.read_bytes()
    for at in sorted({0, 1, len(content) - 1, *range(7, len(content), len(content) // 20 + 1)}):
        for mask in (0x01, 0x20, 0xFF):
            flipped = bytearray(content)
            flipped[at] ^= mask
            path.write_bytes(flipped)
            with pytest.raises(IndexFileError) as caught:
                load_index(directory)
            assert (caught.value.trouble, str(path) in str(caught.value)) == ("damaged", True)
    path.write_bytes(content)
    assert check_index(directory) == []


def test_every_flipped_bit_of_the_pointer_is_noticed(directory: Path) -> None:
    path = find(directory, "current")
    content = path.read_bytes()
    for at in range(len(content)):
        for bit in range(8):
            flipped = bytearray(content)
            flipped[at] ^= 1 << bit
            path.write_bytes(flipped)
            with pytest.raises(IndexFileError) as caught:
                load_index(directory)
            assert caught.value.trouble == "damaged"


@pytest.mark.parametrize(
    "garbage",
    [b"\x00" * 72, b"000001\n", b"../../etc " + b"0" * 64 + b"\n", "第一代\n".encode(), b"{}"],
)
def test_garbage_in_the_pointer(directory: Path, garbage: bytes) -> None:
    find(directory, "current").write_bytes(garbage)
    assert_noticed_and_rebuilt(directory, "current")


def test_a_pointer_to_another_generation_is_noticed(directory: Path) -> None:
    # The digest in `current` is the one of its own manifest, so no other folder can stand in.
    update_index(DOCUMENTS[:1], directory, FakeEncoder())
    current = find(directory, "current")
    current.write_bytes(b"000001" + current.read_bytes()[6:])
    with pytest.raises(IndexFileError, match=r"000001.manifest\.json：索引已损坏"):
        load_index(directory)


def test_every_damaged_file_is_named(directory: Path) -> None:
    find(directory, "documents.json").unlink()
    truncate(find(directory, "vectors.faiss"))
    size = find(directory, "vectors.faiss").stat().st_size
    assert check_index(directory) == [
        f"{find(directory, 'documents.json')}：索引已损坏（没有这个文件）；请运行 wenda index 重建",
        f"{find(directory, 'vectors.faiss')}：索引已损坏"
        f"（应有 {size + 1} 字节，实有 {size} 字节）；请运行 wenda index 重建",
    ]


def rewrite_manifest(directory: Path, **changes: object) -> None:
    """Write another manifest and vouch for it, as another wenda would have."""
    path = find(directory, "manifest.json")
    manifest = {**json.loads(path.read_text("utf-8")), **changes}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    find(directory, "current").write_bytes(f"000001 {digest}\n".encode())


@pytest.mark.parametrize("rebuild", [False, True])
def test_a_newer_format_is_refused_and_left_alone(directory: Path, rebuild: bool) -> None:
    rewrite_manifest(directory, format=2, files="something else")
    before = {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}
    message = (
        f"{find(directory, 'manifest.json')}：索引是第 2 版格式，这个 wenda 只认识到第 1 版；"
        "请更新 wenda，或用 --index 换一个文件夹"
    )
    with pytest.raises(IndexFileError) as caught:
        load_index(directory)
    assert (caught.value.trouble, str(caught.value)) == ("newer", message)
    assert check_index(directory) == [message]
    with pytest.raises(IndexFileError) as caught:
        update_index(DOCUMENTS, directory, FakeEncoder(), rebuild=rebuild)
    assert str(caught.value) == message
    assert before == {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def test_an_older_format_is_rebuilt(directory: Path) -> None:
    rewrite_manifest(directory, format=0)
    with pytest.raises(IndexFileError) as caught:
        load_index(directory)
    assert caught.value.trouble == "older"
    update = update_index(DOCUMENTS, directory, FakeEncoder())
    assert update.encoded == 3
    assert update.reason == f"{find(directory, 'manifest.json')}：索引是旧的第 0 版格式；已重建"


@pytest.mark.parametrize(
    "changes",
    [
        {"files": {}},
        {"files": None},
        {"documents": []},
        {"dimension": 17},
        {"lexical": None},
        {"format": None},
    ],
)
def test_a_manifest_that_contradicts_the_files_is_damage(
    directory: Path, changes: dict[str, object]
) -> None:
    rewrite_manifest(directory, **changes)
    with pytest.raises(IndexFileError) as caught:
        load_index(directory)
    assert caught.value.trouble == "damaged"
    assert check_index(directory) == [str(caught.value)]


def test_other_terms_are_indexed_anew_without_encoding(directory: Path) -> None:
    rewrite_manifest(directory, lexical={"tokens": 0, "k1": 1.5, "b": 0.75})
    assert check_index(directory) == [
        f"{find(directory, '').parent / '000001'}："
        "词语索引是旧的切分法或参数；请运行 wenda index 更新"
    ]
    encoder = FakeEncoder()
    update = update_index(DOCUMENTS, directory, encoder)
    assert update.reason == "词语索引是旧的切分法或参数；已重建（向量照旧）"
    assert (update.encoded, encoder.paragraphs, update.generation) == (0, [], "000002")
    assert check_index(directory) == []


def test_no_index_yet(tmp_path: Path) -> None:
    for directory in (tmp_path, tmp_path / "nowhere"):
        message = f"{directory}：这里还没有索引；请先运行 wenda index"
        with pytest.raises(IndexFileError) as caught:
            load_index(directory)
        assert (caught.value.trouble, str(caught.value)) == ("missing", message)
        assert check_index(directory) == [message]
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_no_index(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("x")
    for directory in (path, path / "below"):
        with pytest.raises(IndexFileError):
            load_index(directory)
        with pytest.raises(IndexFileError) as caught:
            update_index(DOCUMENTS, directory, FakeEncoder())
        assert caught.value.trouble == "unusable"


def test_a_folder_in_place_of_a_file_is_one_line(directory: Path) -> None:
    make_folder(find(directory, "vectors.faiss"))
    with pytest.raises(IndexFileError) as caught:
        load_index(directory)
    assert str(find(directory, "vectors.faiss")) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_generation_that_is_replaced_while_it_is_read(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two updates pass between reading `current` and the files: the reader takes the new one."""
    import index.generation as generation

    read_manifest, updated = generation._read_manifest, []

    def overtaken(directory: Path, pointer: bytes) -> tuple[Path, dict[str, object]]:
        if not updated:
            updated.append(True)
            update_index(DOCUMENTS[:1], directory, FakeEncoder())
            update_index(DOCUMENTS[1:], directory, FakeEncoder())
            assert not find(directory, "manifest.json").exists()
        return read_manifest(directory, pointer)

    # The updates read, too; they are let through.
    monkeypatch.setattr(generation, "_read_manifest", overtaken)
    index: Index = load_index(directory)
    assert index.documents == DOCUMENTS[1:]


def test_vectors_are_as_encoded_to_the_last_bit(directory: Path) -> None:
    vectors = load_index(directory).store.vectors()
    assert vectors.dtype == np.float32
    assert (
        vectors.tobytes() == FakeEncoder().encode_paragraphs(load_index(directory).texts).tobytes()
    )
