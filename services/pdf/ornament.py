"""The drawn frame and seal of a certificate: fine interlaced waves, as on engraved paper.

Lengths are in CSS pixels (96 to an inch). Printed in black and white it stays as fine.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

EDGE = 30.0
"""The outer rule's distance from the paper's edge; printers leave about 24 px blank."""
BAND = 30.0
"""The width of the woven band inside the outer rule."""
CORNER = 38.0
"""The side of the square in each corner."""
WAVE = 39.8
STRANDS = 5
SEAL = 120

Point = tuple[float, float]


@dataclass(frozen=True)
class Inks:
    """The two colors of the ornament: of its rules, and of its waves."""

    ink: str
    tint: str


@lru_cache(maxsize=8)
def frame_svg(width: float, height: float, inks: Inks) -> str:
    """The frame of a whole page."""
    inner = EDGE + BAND
    rules = ((EDGE, 3.0), (EDGE + 4.5, 0.6), (inner, 0.6), (inner + 3.0, 1.2))
    parts = [
        *(_rectangle(width, height, inset, stroke, inks.ink) for inset, stroke in rules),
        f'<g fill="none" stroke="{inks.tint}" stroke-width="0.5">',
        *_sides(width, height),
        *(_rosette(x, y, 12.0, petals=8) for x, y in _corner_centers(width, height)),
        "</g>",
    ]
    return _svg(width, height, "".join(parts))


def rule_svg(inks: Inks) -> str:
    """The line below the name."""
    return _svg(420, 1, f'<rect width="420" height="1" fill="{inks.ink}"/>')


@lru_cache(maxsize=8)
def seal_svg(inks: Inks) -> str:
    """The seal: a rosette around the mark, a clock whose hands reach out."""
    center = SEAL / 2
    mark = (
        f'<g transform="translate({center - 20} {center - 20}) scale(1.25)" fill="none" '
        f'stroke="{inks.ink}" stroke-width="2.6">'
        '<path d="M27.3 9.5A13 13 0 1 0 27.3 22.5"/><path d="M16 7v9h14"/></g>'
    )
    rings = "".join(
        f'<circle cx="{center}" cy="{center}" r="{radius}" fill="none" stroke="{inks.ink}" '
        f'stroke-width="{stroke}"/>'
        for radius, stroke in ((29.5, 1.2), (32, 0.6))
    )
    petals = _rosette(center, center, 46.0, petals=24, inner=33.0, strands=4)
    waves = f'<g fill="none" stroke="{inks.tint}" stroke-width="0.5">{petals}</g>'
    return _svg(SEAL, SEAL, waves + rings + mark)


def _sides(width: float, height: float) -> list[str]:
    """The woven band on four sides, between the corners."""
    middle = EDGE + 4.5 + (BAND - 4.5) / 2
    start = EDGE + CORNER
    long_side, short_side = width - 2 * start, height - 2 * start
    return [
        *_woven(long_side, lambda s, t: (start + s, middle + t)),
        *_woven(long_side, lambda s, t: (start + s, height - middle + t)),
        *_woven(short_side, lambda s, t: (middle + t, start + s)),
        *_woven(short_side, lambda s, t: (width - middle + t, start + s)),
    ]


def _woven(length: float, place: Callable[[float, float], Point]) -> list[str]:
    """Strands of a band of some length: sine waves shifted against each other."""
    waves = round(length / WAVE)
    turn = 2 * math.pi * waves / length
    reach = (BAND - 4.5) / 2 - 2.5

    def strand(shift: float) -> str:
        return _curve(
            lambda s: place(s, reach * math.sin(turn * s + shift)), length, steps=4 * waves
        )

    return [strand(2 * math.pi * number / STRANDS) for number in range(STRANDS)]


def _rosette(
    x: float, y: float, radius: float, *, petals: int, inner: float = 2.0, strands: int = 3
) -> str:
    """Closed curves that swing between two radii, shifted against each other."""
    middle, swing = (radius + inner) / 2, (radius - inner) / 2

    def strand(shift: float) -> str:
        def place(angle: float) -> Point:
            distance = middle + swing * math.sin(petals * angle + shift)
            return x + distance * math.cos(angle), y + distance * math.sin(angle)

        return _curve(place, 2 * math.pi, steps=4 * petals)

    return "".join(strand(2 * math.pi * number / strands) for number in range(strands))


def _corner_centers(width: float, height: float) -> list[Point]:
    at = EDGE + 4.5 + (BAND - 4.5) / 2
    return [(x, y) for x in (at, width - at) for y in (at, height - at)]


def _rectangle(width: float, height: float, inset: float, stroke: float, ink: str) -> str:
    return (
        f'<rect x="{inset}" y="{inset}" width="{width - 2 * inset:.1f}" '
        f'height="{height - 2 * inset:.1f}" fill="none" stroke="{ink}" stroke-width="{stroke}"/>'
    )


def _curve(place: Callable[[float], Point], length: float, steps: int) -> str:
    """A curve as cubic Bézier pieces that meet it in place and direction at every step.

    Steps are even, so that each piece leaves as the one before arrives: it is then not written,
    because reading these numbers is a good part of a drawing's time.
    """
    step = length / steps
    x, y = place(0.0)
    commands = [f"M{x:.1f} {y:.1f}"]
    for number in range(steps):
        start, end = number * step, (number + 1) * step
        leaving, arriving = _ahead(place, start, step / 3), _ahead(place, end, -step / 3)
        pieces = (leaving, arriving, place(end)) if number == 0 else (arriving, place(end))
        numbers = " ".join(f"{x:.1f} {y:.1f}" for x, y in pieces)
        commands.append(("C" if number == 0 else "S") + numbers)
    return f'<path d="{"".join(commands)}"/>'


def _ahead(place: Callable[[float], Point], at: float, by: float) -> Point:
    """The point `by` ahead of a place on a curve, along its direction there."""
    nearby = by / 1000
    (x, y), (x_after, y_after) = place(at), place(at + nearby)
    return x + (x_after - x) / nearby * by, y + (y_after - y) / nearby * by


def _svg(width: float, height: float, content: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{content}</svg>'
    )
