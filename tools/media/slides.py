"""Slides: each state of each slide as a page of one document, drawn as images.

A slide has one state for its heading and figure, then one for each point that appears.
"""

import re
import subprocess
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from html import escape
from pathlib import Path

from PIL import Image

from media.script import FOOTER, Script, Slide, split_label
from media.sheet import HERE, ROOT, write_pdf

POSTER_QUALITY = 82
NO_BREAK_SPACE, NO_BREAK_HYPHEN = "\u00a0", "\u2011"
ARROW = (
    '<defs><marker id="arrow" viewBox="0 0 10 10" refX="5" refY="5" markerWidth="6" '
    'markerHeight="6" orient="auto"><path class="dark" d="M0 0L10 5L0 10Z"/></marker></defs>'
)
"""What a figure's `marker-end="url(#arrow)"` refers to."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing of the course: its SVG and its description in words."""

    svg: str
    description: str


def read_figure(folder: Path, name: str) -> Figure:
    """Return a drawing from `folder`, with the common style; LookupError without a `desc`."""
    svg = (folder / f"{name}.svg").read_text(encoding="utf-8")
    description = ElementTree.fromstring(svg).findtext("{http://www.w3.org/2000/svg}desc")
    if not description:
        raise LookupError(f"{name}.svg has no desc element to describe it.")
    style = (HERE / "figure.css").read_text(encoding="utf-8")
    styled = re.sub(r"(<svg\b[^>]*>)", rf"\1<style>{style}</style>{ARROW}", svg, count=1)
    return Figure(styled, " ".join(description.split()))


def draw_slides(script: Script, figures: dict[str, Figure], folder: Path) -> list[list[Path]]:
    """Draw the recording's pictures into `folder`; return them by slide, the opening card first."""
    states = [[_opening(script)]]
    for number, slide in enumerate(script.slides, 1):
        shown = range(len(slide.points) + 1)
        states.append([_slide(script, slide, number, count, figures) for count in shown])
    pages = "".join(page for slide_states in states for page in slide_states)
    write_pdf(pages, script.title, HERE / "slides.css", folder / "slides.pdf")
    command = ["pdftoppm", "-png", "-r", "96", folder / "slides.pdf", folder / "slide"]
    subprocess.run(command, check=True)
    pictures = iter(sorted(folder.glob("slide-*.png")))
    return [[next(pictures) for _ in slide_states] for slide_states in states]


def write_poster(picture: Path, poster: Path) -> None:
    """Write the opening card as WebP."""
    with Image.open(picture) as image:
        image.convert("RGB").save(poster, "WEBP", quality=POSTER_QUALITY, method=6)


def _opening(script: Script) -> str:
    mark = (ROOT / "static/img/favicon.svg").read_text(encoding="utf-8")
    return (
        f'<section class="slide opening"><div class="mark">{mark}</div>'
        f'<div class="text"><h1>{_typeset(script.title)}</h1><div class="rule"></div>'
        f"<p>{_typeset(script.course_title)}</p></div>{_foot()}</section>"
    )


def _slide(
    script: Script, slide: Slide, number: int, shown: int, figures: dict[str, Figure]
) -> str:
    points = "".join(_point(text, at < shown) for at, text in enumerate(slide.points))
    figure = figures[slide.figure].svg if slide.figure else ""
    return (
        f'<section class="slide"><p class="head">{_typeset(script.title)}</p>'
        f'<div class="text{" beside" if figure else ""}">'
        f"<h2>{_typeset(slide.title)}</h2><ul>{points}</ul></div>"
        f'<div class="figure">{figure}</div>{_foot(f"{number} of {len(script.slides)}")}</section>'
    )


def _point(text: str, shown: bool) -> str:
    label, rest = split_label(text)
    name = f"<b>{_typeset(label)}:</b> " if label else ""
    return f"<li{'' if shown else ' class=hidden'}>{name}{_typeset(rest)}</li>"


def _typeset(text: str) -> str:
    """Return the text with true apostrophes, whole compounds, no short word alone at the end."""
    joined = re.sub(r"(?<=\w)-(?=\w)", NO_BREAK_HYPHEN, text.replace("'", "’"))
    return escape(re.sub(r" (\S{1,10})$", rf"{NO_BREAK_SPACE}\1", joined))


def _foot(number: str = "") -> str:
    return f'<div class="foot"><span class="number">{number}</span>{FOOTER}</div>'
