"""Opening an encoder, and one on a tiny model made here: no download, no bundled weights."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.embedding import Encoder, EncoderError, folder_identity, open_encoder

SENTENCES = ["北仑区在宁波市。", "海天集团生产注塑机，每年投入研发。", "座椅", "Größe 5.2%"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers folder with a BERT of one layer over single characters."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *sorted(set("".join(SENTENCES)) - {" "})]
    tokenizer = Tokenizer(models.WordLevel({p: n for n, p in enumerate(pieces)}, "[UNK]"))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    plain = folder / "plain"
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        model_max_length=32,
    ).save_pretrained(plain)
    import torch

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=12,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=32,
    )
    BertModel(config).save_pretrained(plain)
    transformer = Transformer(str(plain))
    model = SentenceTransformer(
        modules=[transformer, Pooling(12)],
        prompts={"query": "问", "document": "文"},
        device="cpu",
    )
    model.save(str(folder / "model"))
    return folder / "model"


@pytest.fixture(scope="module")
def encoder(tiny: Path) -> Encoder:
    return open_encoder(str(tiny))


def test_rows_are_normalised_float32(encoder: Encoder) -> None:
    for vectors in encoder.encode_questions(SENTENCES), encoder.encode_paragraphs(SENTENCES):
        assert vectors.shape == (4, 12) and vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1, 1])
    assert encoder.dimension == 12


def test_vectors_are_sentence_transformers_own_with_its_prompts(
    encoder: Encoder, tiny: Path
) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(tiny), device="cpu")
    for text in SENTENCES:
        for prompt, mine in (
            ("问", encoder.encode_questions([text])),
            ("文", encoder.encode_paragraphs([text])),
        ):
            expected = model.encode([prompt + text], prompt="", normalize_embeddings=True)
            np.testing.assert_allclose(mine, expected, atol=1e-5)


def test_paragraphs_come_back_in_their_order(encoder: Encoder) -> None:
    texts = [SENTENCES[n % 4] * (n % 5 + 1) for n in range(40)]
    steps: list[tuple[int, int]] = []
    vectors = encoder.encode_paragraphs(texts, lambda *step: steps.append(step))
    assert steps == [(16, 40), (32, 40), (40, 40)]
    for row in (0, 7, 39):
        np.testing.assert_allclose(
            vectors[row], encoder.encode_paragraphs([texts[row]])[0], atol=1e-5
        )


def test_nothing_is_no_rows(encoder: Encoder) -> None:
    assert encoder.encode_questions([]).shape == (0, 12)
    assert encoder.encode_paragraphs([]).shape == (0, 12)


@pytest.mark.parametrize("text", ["", "\ud800", "\x00", "😀" * 500, "北" * 10_000])
def test_any_text_is_encoded(encoder: Encoder, text: str) -> None:
    for vectors in encoder.encode_questions([text]), encoder.encode_paragraphs([text]):
        assert np.isfinite(vectors).all()


def test_threads_get_what_one_gets(encoder: Encoder) -> None:
    texts = SENTENCES * 10
    expected = [encoder.encode_questions([text]) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: encoder.encode_questions([text]), texts))
    assert all((a == b).all() for a, b in zip(found, expected, strict=True))


def test_identity_is_of_what_the_vectors_depend_on(tiny: Path, tmp_path: Path) -> None:
    identity = folder_identity(tiny)
    copy = shutil.copytree(tiny, tmp_path / "另一处")
    (copy / "README.md").write_text("x")
    (copy / ".git").mkdir()
    (copy / ".git" / "config.json").write_text("x")
    (copy / "onnx").mkdir()
    (copy / "onnx" / "model.json").write_text("x")
    assert folder_identity(copy) == identity == open_encoder(str(copy)).identity
    weights = copy / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    assert folder_identity(copy) != identity


def test_opening_loads_nothing(tiny: Path) -> None:
    program = (
        "import sys; from index.embedding import open_encoder; "
        f"print(bool(open_encoder({str(tiny)!r}).identity), bool(open_encoder().identity), "
        "[n for n in ('torch', 'transformers', 'sentence_transformers') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "True True []", done.stderr


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    missing = str(tmp_path / "没有")
    with pytest.raises(EncoderError) as caught:
        open_encoder(missing)
    assert str(caught.value) == f"模型 {missing}：找不到这个文件夹；请检查 WENDA_MODEL 的拼写"


def test_a_file_is_no_model(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(b"")
    with pytest.raises(EncoderError) as caught:
        open_encoder(str(path))
    assert str(caught.value) == (
        f"模型 {path}：是一个文件，不是文件夹；请用 WENDA_MODEL 指定模型文件夹"
    )


@pytest.mark.parametrize("content", [None, "{broken"])
def test_a_folder_without_a_model(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "config.json").write_text(content)
    with pytest.raises(EncoderError) as caught:
        open_encoder(str(tmp_path))
    assert str(caught.value) == (
        f"模型 {tmp_path}：这个文件夹里没有可用的 modules.json 或 config.json，不是 "
        "sentence-transformers 模型；请用 WENDA_MODEL 指定模型所在的文件夹"
    )


def test_a_damaged_model_is_one_line(tiny: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(tiny, tmp_path / "model")
    (copy / "model.safetensors").write_bytes(b"\x00" * 64)
    with pytest.raises(EncoderError) as caught:
        open_encoder(str(copy)).encode_questions(["北仑"])
    message = str(caught.value)
    assert message.startswith(f"模型 {copy}：不能载入（")
    assert message.endswith("）；请检查模型文件是否完整，或用 WENDA_MODEL 指定另一个模型")
    assert "\n" not in message


@pytest.fixture
def no_hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A hub that cannot be reached; the names that it is asked for."""
    import huggingface_hub

    asked: list[str] = []

    def unreachable(name: str, local_files_only: bool = False, **_: object) -> str:
        asked.append(f"{name} {'here' if local_files_only else 'there'}")
        raise OSError("no route\nto host")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", unreachable)
    yield asked


def test_a_name_that_nobody_knows(no_hub: list[str]) -> None:
    with pytest.raises(EncoderError) as caught:
        open_encoder("BAAI/bge-small-zh-v1.5")
    assert no_hub == ["BAAI/bge-small-zh-v1.5 here", "BAAI/bge-small-zh-v1.5 there"]
    assert str(caught.value) == (
        "模型 BAAI/bge-small-zh-v1.5：不是本机的文件夹，本机缓存里没有，也不能从模型站取得"
        "（OSError）；请检查 WENDA_MODEL 的拼写，或改用模型文件夹"
    )


@pytest.mark.parametrize("name", ["", "a/b/c", "../x", "模型", "a b", "C:\\models"])
def test_what_cannot_be_a_name_is_not_asked_for(no_hub: list[str], name: str) -> None:
    with pytest.raises(EncoderError):
        open_encoder(name)
    assert no_hub == []


def test_a_name_in_the_cache_is_its_folder(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    monkeypatch.setattr(huggingface_hub, "snapshot_download", lambda *_, **__: str(tiny))
    assert open_encoder("some/model").identity == folder_identity(tiny)


def test_the_folder_of_the_test_is_a_model_of_its_own(tiny: Path) -> None:
    modules = json.loads((tiny / "modules.json").read_text("utf-8"))
    assert all(module["type"].startswith("sentence_transformers.") for module in modules)


@pytest.mark.slow
def test_the_bundled_model_knows_what_belongs_together() -> None:
    encoder = open_encoder()
    assert encoder.dimension == 384
    questions = encoder.encode_questions(["海天集团生产什么？", "北仑区在哪里？"])
    paragraphs = encoder.encode_paragraphs(["北仑区位于宁波市东部。", "海天集团是注塑机生产企业。"])
    assert (questions @ paragraphs.T).argmax(axis=1).tolist() == [1, 0]
