"""Line charts as SVG text: what the live page of a run is drawn with, without any drawing package."""

import math
from collections.abc import Mapping, Sequence
from html import escape

__all__ = ["Points", "bars", "chart", "thin"]

Points = Sequence[tuple[float, float]]
"""(step, value), by rising step."""

WIDTH, HEIGHT = 520, 260
LEFT, RIGHT, TOP, BOTTOM = 56, 10, 28, 30
COLOURS = ("#1965b0", "#dc050c", "#4eb265", "#f1932d", "#882e72", "#777777", "#5289c7", "#90c987")
MOST_POINTS = 300


def chart(title: str, series: Mapping[str, Points]) -> str:
    """One chart of every series that has a finite value; empty text if none has.

    Each is drawn in its own colour and named with its last value. Long ones are thinned.
    """
    finite = {name: [point for point in points if math.isfinite(point[1])] for name, points in series.items()}
    lines = {name: thin(points) for name, points in finite.items() if points}
    if not lines:
        return ""
    steps = [step for points in lines.values() for step, _ in points]
    values = [value for points in lines.values() for _, value in points]
    across = _Scale(min(steps), max(steps), LEFT, WIDTH - RIGHT)
    up = _Scale(min(values), max(values), HEIGHT - BOTTOM, TOP)
    drawn = [_axes(title, across, up)]
    for place, (name, points) in enumerate(lines.items()):
        colour = COLOURS[place % len(COLOURS)]
        path = " ".join(f"{across(step):.1f},{up(value):.1f}" for step, value in points)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        label = escape(f"{name} {points[-1][1]:.4g}")
        drawn.append(
            f'<text x="{WIDTH - RIGHT - 4}" y="{TOP + 14 + 14 * place}" text-anchor="end" '
            f'fill="{colour}">{label}</text>'
        )
    return _drawing(drawn)


def bars(title: str, heights: Sequence[float]) -> str:
    """A bar for every height, highest first: how evenly something is shared out."""
    ordered = thin([(float(place), height) for place, height in enumerate(sorted(heights, reverse=True))])
    if not ordered:
        return ""
    across = _Scale(0, max(len(heights), 1), LEFT, WIDTH - RIGHT)
    up = _Scale(0.0, max(max(height for _, height in ordered), 1e-12), HEIGHT - BOTTOM, TOP)
    width = max((WIDTH - LEFT - RIGHT) / len(ordered), 0.5)
    drawn = [_axes(title, across, up)]
    for place, height in ordered:
        top = up(height)
        drawn.append(
            f'<rect x="{across(place):.1f}" y="{top:.1f}" width="{width:.1f}" '
            f'height="{HEIGHT - BOTTOM - top:.1f}" fill="{COLOURS[0]}"/>'
        )
    return _drawing(drawn)


def thin(points: Points, *, most: int = MOST_POINTS) -> list[tuple[float, float]]:
    """At most ``most`` points: means of neighbours, at their last step.

    Example, ``most=2``::

        (1, 4) (2, 2) (3, 0) (4, 6)  ->  (2, 3) (4, 3)
    """
    size = -(-len(points) // most) if points else 1
    groups = [points[start : start + size] for start in range(0, len(points), size)]
    return [(group[-1][0], sum(value for _, value in group) / len(group)) for group in groups]


class _Scale:
    """Values from ``low`` to ``high`` laid on pixels from ``start`` to ``end``."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low = low
        self.high = high if high > low else low + 1
        self._start = start
        self._end = end

    def __call__(self, value: float) -> float:
        return self._start + (value - self.low) / (self.high - self.low) * (self._end - self._start)


def _drawing(parts: Sequence[str]) -> str:
    sizes = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {sizes}>{"".join(parts)}</svg>'


def _axes(title: str, across: _Scale, up: _Scale) -> str:
    marks = [f'<text x="{LEFT}" y="16" font-weight="bold">{escape(title)}</text>']
    for share, anchor in ((0.0, "middle"), (0.5, "middle"), (1.0, "end")):  # the last ends at the border
        value = up.low + share * (up.high - up.low)
        y = up(value)
        marks.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        marks.append(f'<text x="{LEFT - 4}" y="{y + 4:.1f}" text-anchor="end">{value:.3g}</text>')
        place = across.low + share * (across.high - across.low)
        marks.append(
            f'<text x="{across(place):.1f}" y="{HEIGHT - 10}" text-anchor="{anchor}">{place:,.0f}</text>'
        )
    return "".join(marks)
