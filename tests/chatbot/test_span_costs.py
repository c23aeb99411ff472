"""What speaks against a span besides the network's scores."""

from __future__ import annotations

import numpy as np

from chatbot.span_costs import span_costs, span_signs
from chatbot.span_finding import best_span

TEXT = "花期三月，果期（七）月"
OFFSETS = [(at, at + 1) for at in range(len(TEXT))]
COMMA, BRACKET = TEXT.index("，"), TEXT.index("（")


def test_signs_are_counted_from_the_first_to_the_last_token() -> None:
    signs = span_signs(TEXT, OFFSETS, "花期在哪月？", across=True)
    assert signs["across"][0, COMMA - 1] == 0
    assert signs["across"][0, COMMA] == signs["across"][0, 9] == 1
    assert signs["across"][COMMA + 1, 9] == 0
    # 花期 stands in the question; the 期 of 果期 has another neighbour there, 月 has none.
    assert signs["said"][0, 3] == 2
    assert signs["said"][COMMA + 1, 10] == 0


def test_what_is_bracketed_itself_goes_into_no_bracket() -> None:
    signs = span_signs(TEXT, OFFSETS, "", across=True)
    assert signs["bracket"][BRACKET, BRACKET + 2] == 0
    assert signs["bracket"][BRACKET - 1, BRACKET + 2] == 1


def test_clauses_cost_nothing_where_they_answer() -> None:
    assert span_costs(TEXT, OFFSETS, "", across=True)[2, COMMA + 1] > 0
    assert span_costs(TEXT, OFFSETS, "", across=False)[2, COMMA + 1] == 0


def test_costs_choose_and_are_no_part_of_the_sum() -> None:
    starts, ends = np.zeros(len(TEXT), np.float32), np.zeros(len(TEXT), np.float32)
    starts[2], ends[3], ends[7] = 5.0, 5.0, 5.5  # 三月, or 三月，果期（
    assert best_span(starts, ends) == (2, 7, 10.5)
    costs = span_costs(TEXT, OFFSETS, "", across=True)
    assert best_span(starts, ends, costs=costs) == (2, 3, 10.0)
