"""Where things stand in the report's plots: shares in, SVG units out.

No plotting library: what they draw brings colours of its own, where the page has a light and a dark
dress and a policy that lets no style in, and they are slow to load.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.question_sets.calibration import Point

WIDTH, HEIGHT = 440, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 24, 14, 50
# A line of more points than this looks the same.
_POINTS_DRAWN = 400
# Coverages in the table behind the plot.
_ROWS = 20


@dataclass(frozen=True, slots=True)
class Frame:
    """A plot whose axes run from 0 to `x_max` and to `y_max`, both shares."""

    x_max: float = 1.0
    y_max: float = 1.0

    def x(self, share: float) -> float:
        """Return the distance from the left edge."""
        return round(_LEFT + share / self.x_max * (WIDTH - _LEFT - _RIGHT), 1)

    def y(self, share: float) -> float:
        """Return the distance from the top edge; larger shares stand higher."""
        return round(HEIGHT - _BOTTOM - share / self.y_max * (HEIGHT - _TOP - _BOTTOM), 1)

    def line(self, points: Sequence[Point]) -> str:
        """Return the risk over the coverage as the points of a polyline."""
        return " ".join(f"{self.x(point.coverage)},{self.y(point.risk)}" for point in points)


def ticks(most: float) -> tuple[float, ...]:
    """Return where an axis that ends at `most` is labelled: at each fifth."""
    return tuple(round(most * fifth / 5, 4) for fifth in range(6))


def risk_frame(points: Sequence[Point]) -> Frame:
    """Return a frame no higher than the risks need, so that small ones can be told apart."""
    most = max((point.risk for point in points), default=0.0)
    return Frame(y_max=next(y_max for y_max in (0.05, 0.1, 0.25, 0.5, 1.0) if most <= y_max))


def drawn(points: Sequence[Point]) -> list[Point]:
    """Return as many of the points as can be told apart, the last among them."""
    step = max(1, len(points) // _POINTS_DRAWN)
    return [*points[: len(points) - 1 : step], *points[-1:]]


def tabled(points: Sequence[Point]) -> list[Point]:
    """Return the first point at or above each twentieth of coverage, and the last."""
    chosen: list[Point] = []
    for point in points:
        if not chosen or int(point.coverage * _ROWS) > int(chosen[-1].coverage * _ROWS):
            chosen.append(point)
    if points and chosen[-1] is not points[-1]:
        chosen.append(points[-1])
    return chosen
