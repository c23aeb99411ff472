from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.fusion import weighted_sum
from index.passage import lead_up
from index.retriever import Retriever
from index.updating import update_index
from tests.index.fake_encoder import FakeEncoder, document

DOCUMENTS = [
    document("一", "北仑区在宁波市东部。", "海天集团生产注塑机。", "北仑区在宁波市东部。"),
    document("二", "继峰股份生产汽车座椅。", "申洲国际生产针织服装。"),
]


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    update = update_index(DOCUMENTS, tmp_path_factory.mktemp("index"), FakeEncoder())
    return Retriever(update.index, FakeEncoder())


def test_the_paragraph_that_says_it_comes_first(retriever: Retriever) -> None:
    best = retriever.retrieve("海天集团生产注塑机。")[0]
    assert (best.paragraph.document, best.paragraph.number) == ("一", 2)
    assert best.text == "海天集团生产注塑机。"
    assert best.dense == pytest.approx(1.0)  # the fake encoder gives the same text the same vector
    assert best.dense <= 1.0
    assert best.lexical > 0


def test_a_passage_is_found_by_other_words_for_the_question_s(retriever: Retriever) -> None:
    def instead(question: str) -> dict[str, dict[str, float]]:
        return {"凳子": {"座椅": 1.0}} if "凳子" in question else {}

    plain, knowing = (
        Retriever(retriever.index, FakeEncoder(), 0.0, told) for told in (None, instead)
    )
    assert all(passage.lexical == 0 for passage in plain.retrieve("凳子"))
    best = knowing.retrieve("凳子")[0]
    assert best.text == "继峰股份生产汽车座椅。"
    assert best.lexical == pytest.approx(retriever.retrieve("座椅")[0].lexical)
    # An article of one's own is searched alike.
    assert knowing.over(DOCUMENTS).retrieve("凳子")[0].text == best.text


def test_a_passage_comes_with_what_leads_up_to_it(retriever: Retriever) -> None:
    best = retriever.retrieve("海天集团生产注塑机。")[0]
    whole = retriever.index.document("一")
    assert best.lead_up == lead_up(whole.title, whole.text[: best.paragraph.start])
    assert best.lead_up.endswith("北仑区在宁波市东部。")


@pytest.mark.parametrize(
    ("title", "before", "expected"),
    [
        ("茶厂", "茶厂", "茶厂"),
        ("茶厂", "厂长来了。", "茶厂。厂长来了。"),
        ("", "厂长来了。", "厂长来了。"),
        ("茶厂", "", "茶厂。"),
        ("茶" * 90, "厂" * 90, "茶" * 20 + "。" + "厂" * 80),
    ],
)
def test_a_title_leads_up_and_the_end_of_what_stands_before(
    title: str, before: str, expected: str
) -> None:
    assert lead_up(title, before) == expected


def test_scores_are_those_of_store_and_lexical_index_fused(retriever: Retriever) -> None:
    question = "谁生产座椅？"
    index = retriever.index
    dense = index.store.vectors() @ FakeEncoder().encode_questions([question])[0]
    lexical = index.lexical.scores(question)
    fused = weighted_sum(dense, lexical, 0.7)
    found = retriever.retrieve(question, k=9)
    rows = [index.paragraphs.index(passage.paragraph) for passage in found]
    assert sorted(rows) == [0, 1, 2, 3, 4]
    assert [p.fused for p in found] == sorted((p.fused for p in found), reverse=True)
    for row, passage in zip(rows, found, strict=True):
        assert passage.dense == pytest.approx(dense[row], abs=1e-6)
        assert passage.lexical == pytest.approx(lexical[row])
        assert passage.fused == pytest.approx(fused[row], abs=1e-6)
        assert passage.text == index.texts[row]


def test_ties_go_to_the_earlier_paragraph(retriever: Retriever) -> None:
    found = retriever.retrieve("北仑区在哪里？", k=5)
    same = [p for p in found if p.text == "北仑区在宁波市东部。"]
    assert [p.paragraph.number for p in same] == [1, 3]
    assert same[0].fused == same[1].fused


def test_k(retriever: Retriever) -> None:
    everything = retriever.retrieve("北仑", k=99)
    assert len(everything) == 5
    assert retriever.retrieve("北仑", k=2) == everything[:2]
    assert retriever.retrieve("北仑", k=0) == retriever.retrieve("北仑", k=-1) == []


def test_one_document_only(retriever: Retriever) -> None:
    found = retriever.retrieve("海天集团生产注塑机。", document="二")
    assert {p.paragraph.document for p in found} == {"二"}
    assert len(found) == 2
    assert sum(p.fused for p in found) == pytest.approx(0, abs=1e-5)
    assert retriever.retrieve("海天", document="三") == []


@pytest.mark.parametrize("question", ["", "  \n\t　"])
def test_a_blank_question_finds_nothing(retriever: Retriever, question: str) -> None:
    assert retriever.retrieve(question) == []


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    encoder = FakeEncoder()
    empty = Retriever(update_index([], tmp_path, encoder).index, encoder)
    assert empty.retrieve("北仑") == []
    assert encoder.questions == []


def test_many_are_each(retriever: Retriever) -> None:
    questions = ["北仑在哪里？", "", "谁生产座椅？"]
    assert retriever.retrieve_many(questions, k=3) == [
        retriever.retrieve(question, k=3) for question in questions
    ]
    assert retriever.retrieve_many([]) == []


def test_the_weight_decides(retriever: Retriever) -> None:
    index, encoder = retriever.index, FakeEncoder()
    question = "注塑机"
    lexical = Retriever(index, encoder, dense_weight=0.0).retrieve(question)
    assert lexical[0].text == "海天集团生产注塑机。"
    dense = Retriever(index, encoder, dense_weight=1.0).retrieve(question)
    assert [p.dense for p in dense] == sorted((p.dense for p in dense), reverse=True)
    with pytest.raises(ValueError, match="dense_weight"):
        Retriever(index, encoder, dense_weight=1.5)


def test_another_encoder_is_refused(retriever: Retriever) -> None:
    with pytest.raises(ValueError, match="the index is of fake@1, not of fake@2"):
        Retriever(retriever.index, FakeEncoder("fake@2"))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(question=st.text())
def test_any_question(retriever: Retriever, question: str) -> None:
    found = retriever.retrieve(question)
    assert len(found) == (5 if question.strip() else 0)
    for passage in found:
        assert np.isfinite([passage.dense, passage.lexical, passage.fused]).all()
        document = retriever.index.document(passage.paragraph.document)
        assert document.paragraph_text(passage.paragraph) == passage.text


def test_threads_find_the_same(retriever: Retriever) -> None:
    questions = [f"{name}生产什么？" for name in ("海天", "继峰", "申洲", "北仑")] * 25
    expected = [retriever.retrieve(question) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(retriever.retrieve, questions)) == expected
