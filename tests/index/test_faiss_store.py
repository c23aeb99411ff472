from __future__ import annotations

import numpy as np
import pytest

from index.faiss_store import FaissStore

VECTORS = np.array([[1, 0], [0, 1], [0.6, 0.8], [0, 1]], np.float32)


def test_search_by_hand() -> None:
    rows, scores = FaissStore.build(VECTORS).search(np.array([0, 1], np.float32), 3)
    assert sorted(rows[:2].tolist()) == [1, 3] and rows[2] == 2
    assert scores == pytest.approx([1, 1, 0.8])


def test_search_among_some_rows() -> None:
    store = FaissStore.build(VECTORS)
    rows, scores = store.search(np.array([0, 1], np.float32), 9, np.array([0, 2]))
    assert rows.tolist() == [2, 0]
    assert scores == pytest.approx([0.8, 0])


@pytest.mark.parametrize(("k", "found"), [(0, 0), (1, 1), (4, 4), (1000, 4)])
def test_never_more_than_there_are(k: int, found: int) -> None:
    rows, scores = FaissStore.build(VECTORS).search(np.array([1, 0], np.float32), k)
    assert len(rows) == len(scores) == found
    assert (rows >= 0).all()


def test_equal_vectors_get_equal_scores() -> None:
    random = np.random.default_rng(0)
    vectors = random.standard_normal((1000, 384)).astype(np.float32)
    vectors[501] = vectors[7] = vectors[998]
    rows, scores = FaissStore.build(vectors).search(vectors[3], 1000)
    by_row = dict(zip(rows.tolist(), scores.tolist(), strict=True))
    assert by_row[501] == by_row[7] == by_row[998]


def test_written_and_read_again() -> None:
    store = FaissStore.build(VECTORS)
    again = FaissStore.from_bytes(store.to_bytes())
    assert (again.count, again.dimension) == (4, 2)
    assert (again.vectors() == VECTORS).all()
    assert again.to_bytes() == store.to_bytes()


def test_empty() -> None:
    store = FaissStore.from_bytes(FaissStore.build(np.zeros((0, 5), np.float32)).to_bytes())
    assert (store.count, store.dimension, store.vectors().shape) == (0, 5, (0, 5))
    assert store.search(np.ones(5, np.float32), 3)[0].tolist() == []


def test_what_is_no_index_is_refused() -> None:
    content = FaissStore.build(VECTORS).to_bytes()
    for broken in (b"", b"x", content[:-1], content[:20], b"{}" * 50):
        with pytest.raises(ValueError):
            FaissStore.from_bytes(broken)
