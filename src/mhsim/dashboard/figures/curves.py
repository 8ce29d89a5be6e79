"""Lines along time or along a setting, with bands for how sure they are, named where they end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from math import isfinite, nan

from mhsim.dashboard.figures.canvas import BOLD, LINE, WIDE, apart, drawing, element, long, ticks, words

LOOKS = 6
"""Looks of lines told apart by colour, dashes and the mark at the end; more lines begin again with the first."""


@dataclass(frozen=True)
class ChartLine:
    """One line of a picture.

    Attributes
    ----------
    label : str
        What it is, in few words; stands at its end.
    x, y : sequence of float
        Its points, x rising; a gap where y is not a finite number.
    low, high : sequence of float, optional
        The band it lies in.
    look : int
        0 to 5; the same look has the same colour, dashes and mark in all pictures (0: A, 1: B).
    steps : bool
        Whether it stays level until the next point, as a share of groups does.
    """

    label: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None
    look: int = 0
    steps: bool = False


@dataclass(frozen=True)
class Frame:
    """Where the axes of a picture lie, and what they mean."""

    left: float
    right: float
    over: float
    under: float
    x: tuple[float, float]
    y: tuple[float, float]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return the place of a point; what lies above or below the axes is drawn at their edge."""
        across = (x - self.x[0]) / max(self.x[1] - self.x[0], 1e-12)
        up = (min(max(y, self.y[0]), self.y[1]) - self.y[0]) / max(self.y[1] - self.y[0], 1e-12)
        return self.left + across * (self.right - self.left), self.under - up * (self.under - self.over)


def curves(
    lines: Sequence[ChartLine],
    *,
    title: str,
    across: str,
    up: str,
    describe: str,
    top: float | None = 1.0,
    marks: Sequence[tuple[float, str]] = (),
    width: int = WIDE,
) -> str:
    """Return a picture of lines as inline SVG.

    Parameters
    ----------
    lines : sequence of ChartLine
        What is drawn, at best five or fewer.
    title, describe : str
        What the picture is, and what it shows, in words, for those who do not see it.
    across, up : str
        What the axes are, with units.
    top : float, optional
        The highest value of the vertical axis; None for that of the lines.
    marks : sequence of (float, str)
        Places on the horizontal axis that are marked by a thin upright line, and their words.
    width : int
        The width it is drawn for; under 480 the names of lines stand above the picture. See `canvas.both`.
    """
    wide = width >= 480
    labels = max((long(line.label, BOLD) for line in lines), default=0.0) + 22.0 if wide else 12.0
    over = 30.0 + (0.0 if wide else LINE * len(lines))
    frame = Frame(46.0, width - min(labels, 0.42 * width), over, over + (220.0 if wide else 190.0), *_reach(lines, top))
    inside = [_axes(frame, across, up), *(_upright(frame, place, text) for place, text in marks)]
    inside += [draw(frame, line) for draw in (_band, _line) for line in lines]
    inside += _names_at_ends(frame, lines) if wide else _names_above(lines)
    return drawing(width, frame.under + 40.0, title, describe, inside, "curves")


def _reach(lines: Sequence[ChartLine], top: float | None) -> tuple[tuple[float, float], tuple[float, float]]:
    places = [x for line in lines for x in line.x]
    if top is None:
        heights = [y for line in lines for y in (*line.y, *(line.high or ())) if isfinite(y)]
        top = max([*heights, 0.0]) or 1.0
        top = next(tick for tick in ticks(0.0, 2.0 * top, 8) if tick >= top * 0.9999)
    return (min(places, default=0.0), max(places, default=1.0)), (0.0, top)


def _axes(frame: Frame, across: str, up: str) -> str:
    parts = [words(up, 0.0, frame.over - 14.0, "words axis")]
    for tick in ticks(*frame.y, 4):
        y = frame.at(frame.x[0], tick)[1]
        parts.append(element("line", x1=frame.left, x2=frame.right, y1=y, y2=y, class_="rule"))
        parts.append(words(f"{tick:,g}", frame.left - 7.0, y + 4.0, "words tick", "end"))
    for tick in ticks(*frame.x, 5):
        x = frame.at(tick, frame.y[0])[0]
        parts.append(element("line", x1=x, x2=x, y1=frame.under, y2=frame.under + 4.0, class_="axis-line"))
        parts.append(words(f"{tick:,g}", x, frame.under + 17.0, "words tick", "middle"))
    parts.append(element("line", x1=frame.left, x2=frame.right, y1=frame.under, y2=frame.under, class_="axis-line"))
    parts.append(words(across, (frame.left + frame.right) / 2, frame.under + 34.0, "words axis", "middle"))
    return "".join(parts)


def _upright(frame: Frame, place: float, text: str) -> str:
    x = frame.at(place, frame.y[0])[0]
    late = x + long(text) + 6.0 > frame.right
    line = element("line", x1=x, x2=x, y1=frame.over - 4.0, y2=frame.under, class_="mark-line")
    return line + words(text, x + (-5.0 if late else 5.0), frame.under - 6.0, "words note", "end" if late else "start")


def _points(frame: Frame, line: ChartLine, heights: Sequence[float]) -> list[list[tuple[float, float]]]:
    """Return the places of a line, in as many pieces as gaps make of it; a level line gets the corners of its steps."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for x, y in zip(line.x, heights, strict=True):
        if not isfinite(y):
            if pieces[-1]:
                pieces.append([])
            continue
        place = frame.at(x, y)
        if line.steps and pieces[-1]:
            pieces[-1].append((place[0], pieces[-1][-1][1]))
        pieces[-1].append(place)
    return [piece for piece in pieces if piece]


def _path(places: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)


def _line(frame: Frame, line: ChartLine) -> str:
    pieces = _points(frame, line, line.y)
    path = "".join(_path(piece) for piece in pieces)
    if not path:
        return ""
    drawn = element("path", d=path, class_=f"line look-{line.look % LOOKS}")
    return drawn + sign(line.look, *pieces[-1][-1])


def _band(frame: Frame, line: ChartLine) -> str:
    if line.low is None or line.high is None:
        return ""
    known = [isfinite(low) and isfinite(high) for low, high in zip(line.low, line.high, strict=True)]
    lower, upper = (
        _points(frame, line, [value if there else nan for value, there in zip(edge, known, strict=True)])
        for edge in (line.low, line.high)
    )
    path = "".join(_path([*above, *reversed(below)]) + "Z" for below, above in zip(lower, upper, strict=True))
    return element("path", d=path, class_=f"band look-{line.look % LOOKS}") if path else ""


def sign(look: int, x: float, y: float, size: float = 4.5) -> str:
    """Return the mark of a look: disc, square, triangle, diamond, triangle upside down, cross."""
    kind, r = f"sign look-{look % LOOKS}", size
    if look % LOOKS == 0:
        return element("circle", cx=x, cy=y, r=r, class_=kind)
    shapes = {
        1: [(-r, -r), (r, -r), (r, r), (-r, r)],
        2: [(0, -r * 1.2), (r * 1.1, r * 0.9), (-r * 1.1, r * 0.9)],
        3: [(0, -r * 1.3), (r * 1.3, 0), (0, r * 1.3), (-r * 1.3, 0)],
        4: [(0, r * 1.2), (r * 1.1, -r * 0.9), (-r * 1.1, -r * 0.9)],
        5: [(-r, -r), (0, -r / 3), (r, -r), (r / 3, 0), (r, r), (0, r / 3), (-r, r), (-r / 3, 0)],
    }
    corners = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in shapes[look % LOOKS])
    return element("polygon", points=corners, class_=kind)


def _names_at_ends(frame: Frame, lines: Sequence[ChartLine]) -> list[str]:
    ends = [(line, pieces[-1][-1]) for line in lines if (pieces := _points(frame, line, line.y))]
    heights = apart([place[1] for _, place in ends], LINE, frame.over, frame.under)
    named = []
    for (line, (x, y)), height in zip(ends, heights, strict=True):
        if abs(height - y) > 6.0 or x < frame.right - 1.0:
            leader = f"M{x + 6:.1f} {y:.1f}L{frame.right + 13:.1f} {height:.1f}"
            named.append(element("path", d=leader, class_="leader"))
        named.append(words(line.label, frame.right + 16.0, height + 4.0, "words name"))
    return named


def _names_above(lines: Sequence[ChartLine]) -> list[str]:
    named = []
    for line, y in zip(lines, count(8.0, LINE), strict=False):
        named.append(element("path", d=f"M4 {y:.1f}L30 {y:.1f}", class_=f"line look-{line.look % LOOKS}"))
        named += [sign(line.look, 17.0, y), words(line.label, 38.0, y + 4.0, "words name")]
    return named
