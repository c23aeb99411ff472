"""Finding spans, on hand-made scores."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chatbot.reader import ReadingWeights, SpanReader
from chatbot.reader_model import ROW, WEIGHTS, ReaderModel, reading_row
from chatbot.reader_tokens import Tokens
from chatbot.span_finding import (
    LONGEST_ANSWER,
    ScoredWindow,
    best_span,
    certainty,
    sentence_mass,
    token_windows,
)
from corpus.document import Paragraph
from index.bundled_model import ModelFileError
from index.passage import Passage
from tests.chatbot.fake_reader_model import FakeReaderModel
from tests.index.fake_encoder import FakeEncoder


def passage(text: str, fused: float = 0.0, start: int = 100) -> Passage:
    return Passage(Paragraph("a", None, 1, start, start + len(text)), text, 0.5, 1.0, fused)


MASS = ReadingWeights(mass=1.0, coverage=0.0, paraphrased=0.0, passage=0.0, fit=0.0)


def reader(words: dict[str, str] | None = None, weights: ReadingWeights = MASS) -> SpanReader:
    return SpanReader(FakeReaderModel(words), FakeEncoder(), weights)  # type: ignore[arg-type]


def logits(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_the_best_span_is_the_best_sum() -> None:
    assert best_span(logits(0, 4, 1), logits(0, 1, 3)) == (1, 2, 4 + 3)


FOUR = Tokens([5, 6, 7, 8], [(0, 1), (1, 2), (2, 3), (3, 4)])


def test_ends_that_stand_out_are_certain_and_others_share() -> None:
    clear = ScoredWindow(0, 4, logits(0, 30, 0, 0), logits(0, 0, 30, 0), none=0.0)
    assert certainty(FOUR, [clear], 1, 3) == pytest.approx(0.0, abs=1e-6)
    even = ScoredWindow(0, 4, logits(1, 1, 1, 1), logits(2, 2, 2, 2), none=0.0)
    assert certainty(FOUR, [even], 1, 3) == pytest.approx(2 * np.log(1 / 4))


def test_the_window_that_is_surest_of_the_ends_counts() -> None:
    even = ScoredWindow(0, 3, logits(1, 1, 1), logits(1, 1, 1), none=0.0)
    clear = ScoredWindow(1, 4, logits(30, 0, 0), logits(0, 30, 0), none=0.0)
    assert certainty(FOUR, [even, clear], 1, 3) == pytest.approx(0.0, abs=1e-6)


def test_no_window_is_sure_of_what_it_does_not_show() -> None:
    half = ScoredWindow(0, 2, logits(9, 9), logits(9, 9), none=0.0)
    assert certainty(FOUR, [half], 1, 3) == -np.inf


def test_words_that_share_an_answer_speak_for_their_sentence_together() -> None:
    split = ScoredWindow(0, 4, logits(3, 3, 4, 0), logits(3, 3, 4, 0), none=1.0)
    assert sentence_mass(FOUR, [split], (0, 2)) == pytest.approx(2 * (3 + np.log(2)) - 1)
    assert sentence_mass(FOUR, [split], (2, 3)) == pytest.approx(4 + 4 - 1)


def test_the_window_that_speaks_most_for_a_sentence_counts() -> None:
    against = ScoredWindow(0, 2, logits(3, 3), logits(3, 3), none=9.0)
    without = ScoredWindow(2, 4, logits(7, 7), logits(7, 7), none=0.0)
    for_it = ScoredWindow(1, 4, logits(2, 0, 0), logits(2, 0, 0), none=0.0)
    windows = [against, without, for_it]
    assert sentence_mass(FOUR, windows, (0, 2)) == pytest.approx(2 + 2)
    assert sentence_mass(FOUR, [without], (0, 2)) == -np.inf


def test_an_end_never_comes_before_its_start() -> None:
    assert best_span(logits(0, 0, 9), logits(9, 0, 1)) == (2, 2, 10.0)


def test_an_answer_is_never_longer_than_allowed() -> None:
    starts = np.zeros(200, np.float32)
    ends = np.zeros(200, np.float32)
    starts[0] = ends[199] = 5
    first, last, _ = best_span(starts, ends)
    assert last - first < LONGEST_ANSWER


@pytest.mark.parametrize(
    ("count", "windows"),
    [(0, []), (10, [(0, 10)]), (11, [(0, 10), (6, 11)]), (22, [(0, 10), (6, 16), (12, 22)])],
)
def test_windows_overlap_and_cover(count: int, windows: list[tuple[int, int]]) -> None:
    assert token_windows(count, room=10, overlap=4) == windows


def test_a_span_stands_in_its_sentence_at_its_offsets() -> None:
    found = reader({"多少？": "5%"}).read("多少？", [passage("甲说。海天拿出5%用于研发。乙说。")])
    best = found[0]
    assert (best.start, best.end) == (107, 109)
    assert (best.sentence_start, best.sentence_end) == (103, 114)
    assert best.margin == pytest.approx(5 + 5 - 1)


def test_every_sentence_has_its_best_span() -> None:
    found = reader({"谁？": "张三"}).read("谁？", [passage("是张三。又有李四。", start=0)])
    assert [(span.sentence_start, span.sentence_end) for span in found] == [(0, 4), (4, 9)]


def test_the_score_is_the_weighted_sum_of_the_signs() -> None:
    weights = ReadingWeights(mass=0.5, coverage=3.0, paraphrased=0.0, passage=2.0, fit=1.0)
    read = reader({"张三是谁？": "张三"}, weights)
    (best,) = read.read("张三是谁？", [passage("张三是我。", fused=1.5)])
    best = read.compared("张三是谁？", best)
    encoder = FakeEncoder()
    cosine = float(
        encoder.encode_paragraphs(["张三是我。"])[0] @ encoder.encode_questions(["张三是谁？"])[0]
    )
    assert best.similarity == pytest.approx(cosine, abs=1e-6)
    # The question's terms: 张, 三, 是, 谁, 张三, 三是, 是谁; five stand in the one sentence.
    held, missing = np.log(1 + 1 / 2), np.log(1 + 1 / 1)
    assert best.coverage == pytest.approx(5 * held / (5 * held + 2 * missing))
    assert best.score == pytest.approx(0.5 * best.mass + 3.0 * best.coverage + 2.0 * 1.5)


def test_a_number_of_the_measure_asked_for_is_preferred() -> None:
    text = "从市中心东行50公里，有14个港口。"
    fitting = reader({"离市中心有多远？": "市中心"}).read(
        "离市中心有多远？", [passage(text, start=0)]
    )
    assert text[fitting[0].start : fitting[0].end] == "50公里"
    assert fitting[0].fit == 1.0
    text_of_story = "这部作品一共有33话。"
    told = reader({"有多少话？": "33话"}).read("有多少话？", [passage(text_of_story, start=0)])
    assert text_of_story[told[0].start : told[0].end] == "33话"
    missing = reader({"哪一年？": "港口"}).read("哪一年？", [passage(text, start=0)])
    assert missing[0].fit == -1.0
    ruled_out = reader({"花了多少钱？": "港口"}).read("花了多少钱？", [passage(text, start=0)])
    assert ruled_out[0].fit == -2.0
    other = reader({"有什么？": "港口"}).read("有什么？", [passage(text, start=0)])
    assert (text[other[0].start : other[0].end], other[0].fit) == ("港口", 0.0)


def test_a_passage_is_read_after_what_leads_up_to_it_and_answers_for_itself() -> None:
    model = FakeReaderModel({"谁？": "张三"})
    read = SpanReader(model, FakeEncoder(), MASS)  # type: ignore[arg-type]
    led_up = replace(passage("他是张三。", start=0), lead_up="茶厂。厂长是张三。")
    best = read.read("谁？", [led_up])[0]
    assert (best.start, best.end) == (2, 4)
    assert model.lead_ups == ["茶厂。厂长是张三。"]


def test_what_was_read_for_a_question_is_not_read_again() -> None:
    model = FakeReaderModel({"谁？": "张三"})
    read = SpanReader(model, FakeEncoder(), MASS)  # type: ignore[arg-type]
    first, second = passage("他是张三。", start=0), passage("她是李四。", start=10)
    alone = read.read("谁？", [first])
    assert read.read("谁？", [second, first, second])[0] == alone[0]
    read.others("谁？", alone[0])
    read.read("在哪？", [first])
    read.read("谁？", [replace(first, lead_up="茶厂。")])
    texts = ["".join(map(chr, window)) for window in model.windows]
    assert texts == ["他是张三。", "她是李四。", "他是张三。", "他是张三。"]


def test_a_second_look_takes_the_mean_of_three_readings() -> None:
    """Alone the second passage answers, after what leads up to it the network sees nothing."""

    class Swayed(FakeReaderModel):
        def scores(self, question, windows, lead_ups):  # type: ignore[no-untyped-def]
            found = super().scores(question, windows, lead_ups)
            for (starts, ends, _), before, window in zip(found, lead_ups, windows, strict=True):
                if before and ord("四") in window:
                    starts[:] = ends[:] = 0.0
            return found

    model = Swayed({"谁？": "李四"})
    read = SpanReader(model, FakeEncoder(), MASS)  # type: ignore[arg-type]
    first = replace(passage("他是张三。", start=0), lead_up="茶厂。")
    second = replace(passage("她是李四。", start=10), lead_up="茶厂。")
    spans = read.read("谁？", [first, second])
    again = read.read_again("谁？", spans)
    texts = ["".join(map(chr, window)) for window in model.windows]
    assert texts[2:] == ["他是张三。", "她是李四。", "他是张三。\n她是李四。"]
    assert not any(model.lead_ups[2:])
    assert again[0].passage is second
    # Five tokens of a sentence, of which alone one start and one end stand out by 5 logits.
    nothing, seen = 2 * np.log(5) - 1, 2 * np.log(4 + np.exp(5)) - 1
    assert again[0].mass == pytest.approx((nothing + seen + seen) / 3, abs=1e-5)
    assert again[0].score == pytest.approx(again[0].mass)
    assert again[1].mass == pytest.approx(nothing, abs=1e-5)
    assert read.read_again("谁？", []) == []


def test_what_leads_up_gives_way_to_the_passage_and_never_fills_the_row() -> None:
    model = FakeReaderModel()
    read = SpanReader(model, FakeEncoder(), MASS)  # type: ignore[arg-type]
    before = "前" * 300
    for length in (100, ROW - 20, ROW - 7, 2 * ROW):
        model.windows, model.lead_ups = [], []
        read.read("谁？", [replace(passage("字" * length), lead_up=before)])
        rows = zip(model.windows, model.lead_ups, strict=True)
        assert all(len(reading_row([1, 2], w, [*map(ord, b)])) <= ROW for w, b in rows)
        assert bool(model.lead_ups[0]) == (length <= ROW - 20)
        assert not any(model.lead_ups[1:])


def test_other_things_that_answer_stand_apart() -> None:
    text = "甲是作家。乙是画家。丙没来。"

    class Several(FakeReaderModel):
        def scores(self, question, windows, lead_ups):  # type: ignore[no-untyped-def]
            found = super().scores(question, windows, lead_ups)
            for (starts, ends, _), window in zip(found, windows, strict=True):
                at = "".join(map(chr, window)).find("乙")
                if at >= 0:
                    starts[at] = ends[at] = 4.0
            return found

    read = SpanReader(Several({"有谁？": "甲"}), FakeEncoder(), MASS)  # type: ignore[arg-type]
    best = read.read("有谁？", [passage(text, start=0)])[0]
    others = read.others("有谁？", best)
    assert [text[span.start : span.end] for span in (best, *others)] == ["甲", "乙"]
    assert text[others[0].sentence_start : others[0].sentence_end] == "乙是画家。"


def test_the_best_words_of_stretches_of_a_passage() -> None:
    text = "甲是作家，乙是画家。……丙没来。"
    read = reader({"有谁？": "甲"})
    best = read.read("有谁？", [passage(text, start=7)])[0]
    found = read.best_of("有谁？", best, [(5, 9), (10, 12), (12, 15)])
    assert len(found) == 2
    assert 7 + 5 <= found[0].start < found[0].end <= 7 + 9
    assert [(one.sentence_start, one.sentence_end) for one in found] == [(7, 19), (19, 23)]
    assert found[1].margin < best.margin


@pytest.mark.parametrize(
    ("third", "found"),
    [("李四", ["张三", "李四"]), ("张三", []), ("王五", [])],
    ids=["each", "the same words", "not answered"],
)
def test_each_part_of_a_question_is_answered_in_the_passage_or_none(
    third: str, found: list[str]
) -> None:
    text = "厂长是张三，会计是李四。"
    read = reader({"厂长是谁？": "张三", "会计是谁？": third})
    best = read.read("厂长是谁？", [passage(text, start=0)])[0]
    parts = read.each(["厂长是谁？", "会计是谁？"], best)
    assert [text[part.start : part.end] for part in parts] == found


@pytest.mark.parametrize(
    ("text", "last", "span"),
    [
        ("用苦草、芦苇和菱角铺底。", "菱角", "苦草、芦苇和菱角"),
        ("用芦苇和菱角铺底。", "菱角", "芦苇"),
        ("用苦草、芦苇，和菱角无关。", "菱角", "苦草、芦苇"),
    ],
)
def test_a_list_goes_on_to_its_last_thing_behind_and(text: str, last: str, span: str) -> None:
    class Ends(FakeReaderModel):
        def scores(self, question, windows, lead_ups):  # type: ignore[no-untyped-def]
            found = super().scores(question, windows, lead_ups)
            for (_, ends, _), window in zip(found, windows, strict=True):
                ends["".join(map(chr, window)).index(last) + len(last) - 1] = 1.0
            return found

    words = span.split("和")[0] if "、" in span else span
    read = SpanReader(Ends({"用了哪些草？": words}), FakeEncoder(), MASS)  # type: ignore[arg-type]
    best = read.read("用了哪些草？", [passage(text, start=0)])[0]
    assert text[best.start : best.end] == span


def test_a_sentence_is_encoded_only_when_compared_and_only_once() -> None:
    encoder = FakeEncoder()
    read = SpanReader(FakeReaderModel({"问？": "乙"}), encoder, MASS)  # type: ignore[arg-type]
    found = read.read("问？", [passage("甲。乙。"), passage("丙。")])
    assert encoder.paragraphs == []
    for _ in range(3):
        assert read.compared("问？", found[0]).similarity != 0.0
    assert encoder.paragraphs == ["乙。"]


def test_a_long_passage_is_read_in_overlapping_windows() -> None:
    text = "空话。" * 120 + "答案是张静章。" + "空话。" * 120
    model = FakeReaderModel({"谁？": "张静章"})
    read = SpanReader(model, FakeEncoder(), MASS)  # type: ignore[arg-type]
    best = read.read("谁？", [passage(text, start=0)])[0]
    assert text[best.start : best.end] == "张静章"
    assert len(model.windows) > 3
    assert max(map(len, model.windows)) == ROW - 4 - len("谁？")


def test_a_number_is_read_whole() -> None:
    text = "总额4501.6亿元，占10.78%。"
    best = reader({"多少？": "4501"}).read("多少？", [passage(text, start=0)])[0]
    assert text[best.start : best.end] == "4501.6亿元"


def test_other_passages_change_no_margin() -> None:
    read = reader()
    one, two = passage("甲乙丙丁。"), passage("戊己庚辛。", start=300)
    (alone,) = read.read("问？", [one])
    (beside,) = [span for span in read.read("问？", [two, one]) if span.passage is one]
    assert (alone.start, alone.end, alone.margin) == (beside.start, beside.end, beside.margin)


def test_without_passages_or_text_there_is_nothing_to_read() -> None:
    assert reader().read("谁？", []) == []
    assert reader().read("谁？", [passage("，。！")]) == []


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    copy = tmp_path / "reader"
    shutil.copytree(WEIGHTS, copy)
    return copy


@pytest.mark.slow
def test_the_shipped_reader_finds_a_short_answer() -> None:
    model = ReaderModel()
    text = "年逾八旬的海天集团创始人张静章说，海天每年拿出销售收入的5%用于技术研发。"
    read = SpanReader(model, FakeEncoder(), MASS)
    best = read.read("海天集团的创始人是谁？", [passage(text, start=0)])[0]
    assert text[best.start : best.end] == "张静章"
    elsewhere = "北仑港的集装箱航线已达250多条，宁波舟山港年货物吞吐量突破10亿吨。"
    [other] = read.read("海天集团的创始人是谁？", [passage(elsewhere, start=0)])
    assert best.margin > other.margin + 3
    again = read.read("海天集团的创始人是谁？", [passage("别的话。"), passage(text, start=0)])
    assert best.margin in [span.margin for span in again]


@pytest.mark.parametrize("damage", ["missing", "truncated", "flipped"])
def test_a_damaged_graph_is_named(weights: Path, damage: str) -> None:
    path = weights / "reader.onnx"
    content = bytearray(path.read_bytes())
    if damage == "missing":
        path.unlink()
    elif damage == "truncated":
        path.write_bytes(content[: len(content) // 2])
    else:
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    with pytest.raises(ModelFileError) as error:
        ReaderModel(weights)
    if damage == "missing":
        assert str(error.value) == f"{path}：缺少阅读模型；请重新安装 wenda"
    else:
        assert str(error.value) == f"{path}：文件不完整或已被改动；请重新安装 wenda"


def rewrite(weights: Path, **changes: object) -> Path:
    path = weights / "reader.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **changes}), "utf-8")
    return path


def test_a_newer_reader_is_refused(weights: Path) -> None:
    path = rewrite(weights, format=9)
    with pytest.raises(ModelFileError) as error:
        ReaderModel(weights)
    assert str(error.value) == (
        f"{path}：阅读模型的清单是第 9 版格式，这个 wenda 只认识第 2 版；请重新安装 wenda"
    )


def test_a_reader_of_another_encoder_is_refused(weights: Path) -> None:
    path = rewrite(weights, encoder="other@0")
    with pytest.raises(ModelFileError) as error:
        ReaderModel(weights)
    assert str(error.value) == f"{path}：阅读模型不配随附的编码模型；请重新安装 wenda"


def test_a_missing_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError) as error:
        ReaderModel(tmp_path)
    assert str(error.value) == f"{tmp_path / 'reader.json'}：缺少阅读模型的清单；请重新安装 wenda"


def test_a_name_asked_for_speaks_for_what_touches_one() -> None:
    text = "创始人张静章说了话。他在波兰建厂。制造业很强。"
    found = reader({"谁办的厂？": "张静章"}).read("谁办的厂？", [passage(text, start=0)])
    by_sentence = {text[span.sentence_start :][:3]: span.fit for span in found}
    assert by_sentence == {"创始人": 1.0, "他在波": -1.0, "制造业": -1.0}
    beside = reader({"谁办的厂？": "说"}).read("谁办的厂？", [passage(text, start=0)])
    assert {text[span.sentence_start :][:3]: span.fit for span in beside}["创始人"] == 0.0
