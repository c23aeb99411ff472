"""Expected values are the arithmetic written out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import reciprocal_rank, weighted_sum, z_scores


def test_z_scores_by_hand() -> None:
    # Mean 4; deviations -3, -1, 1, 3; variance (9 + 1 + 1 + 9) / 4 = 5.
    scores = z_scores(np.array([1, 3, 5, 7], np.float32))
    assert scores == pytest.approx([-3 / 5**0.5, -1 / 5**0.5, 1 / 5**0.5, 3 / 5**0.5])


@pytest.mark.parametrize("scores", [[], [0.8], [0.5, 0.5, 0.5], [0.0, 0.0], [0.7, 0.7 + 1e-7]])
def test_scores_that_tell_nothing_apart_are_0(scores: list[float]) -> None:
    assert z_scores(np.array(scores, np.float32)).tolist() == [0.0] * len(scores)


def test_weighted_sum_by_hand() -> None:
    # z of (0, 1) is (-1, 1), of (4, 2) is (1, -1).
    fused = weighted_sum(np.array([0.0, 1.0]), np.array([4.0, 2.0]), 0.75)
    assert fused == pytest.approx([0.75 * -1 + 0.25 * 1, 0.75 * 1 + 0.25 * -1])


def test_without_a_lexical_hit_the_dense_side_decides_alone() -> None:
    fused = weighted_sum(np.array([0.1, 0.3]), np.zeros(2), 0.7)
    assert fused == pytest.approx([-0.7, 0.7])


def test_a_single_paragraph_is_average() -> None:
    assert weighted_sum(np.array([0.9]), np.array([12.0])).tolist() == [0.0]


def test_weights_at_the_ends_leave_one_side_out() -> None:
    dense, lexical = np.array([0.1, 0.3]), np.array([5.0, 1.0])
    assert weighted_sum(dense, lexical, 1.0) == pytest.approx([-1, 1])
    assert weighted_sum(dense, lexical, 0.0) == pytest.approx([1, -1])


def test_reciprocal_rank_by_hand() -> None:
    # Dense ranks 3, 1, 2; lexical ranks 1, 2, none.
    fused = reciprocal_rank(np.array([0.1, 0.9, 0.5]), np.array([7.0, 2.0, 0.0]))
    assert fused == pytest.approx(
        [(1 / (60 + 3)) + (1 / (60 + 1)), (1 / (60 + 1)) + (1 / (60 + 2)), 1 / (60 + 2)]
    )


def test_equal_scores_share_the_better_rank() -> None:
    fused = reciprocal_rank(np.array([0.5, 0.9, 0.5]), np.zeros(3), constant=1)
    assert fused == pytest.approx([1 / (1 + 2), 1 / (1 + 1), 1 / (1 + 2)])


def test_nothing_fused_is_nothing() -> None:
    nothing = np.zeros(0, np.float32)
    assert weighted_sum(nothing, nothing).tolist() == []
    assert reciprocal_rank(nothing, nothing).tolist() == []


@pytest.mark.parametrize("function", [weighted_sum, reciprocal_rank])
def test_scores_of_other_paragraphs_are_refused(function: object) -> None:
    assert callable(function)
    with pytest.raises(ValueError, match=r"dense scores \(2,\) and lexical scores \(3,\)"):
        function(np.zeros(2), np.zeros(3))


@pytest.mark.parametrize("weight", [-0.1, 1.1, math.nan])
def test_a_weight_outside_0_to_1_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="dense_weight"):
        weighted_sum(np.zeros(2), np.zeros(2), weight)


@given(st.lists(st.tuples(st.floats(-1, 1, width=32), st.floats(0, 64, width=32)), min_size=1))
def test_the_best_on_both_sides_is_the_best(pairs: list[tuple[float, float]]) -> None:
    dense, lexical = np.array(pairs, np.float32).T
    top = int(np.argmax(dense))
    lexical[top] = lexical.max()
    for fused in (weighted_sum(dense, lexical), reciprocal_rank(dense, lexical)):
        assert np.isfinite(fused).all()
        assert fused[top] >= fused.max() - 1e-9
