"""One certificate as PDF/UA-1. Nothing is fetched: no network, no files but our own template.

Every tag, language, title and alternative text that a screen reader needs is in it (PDF/UA-1).
"""

# WeasyPrint and pydyf carry no types.
# mypy: disallow-untyped-calls=False

import base64
import io
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pydyf
import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from domain.writing import direction, language, width
from services.pdf.ornament import frame_svg, rule_svg, seal_svg

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "pdf"
MISSING_GLYPH = ".notdef"
TEXT_SIZES_PX = (15.0, 14.25, 13.5, 12.75, 12.0, 11.25, 10.5, 9.75)
"""Tried in turn until the certificate fits one page."""
LOWEST_END_PX = 604.0
"""Where the text has to end, from the top of the page, for the foot to have its place."""
COMFORT_PX = 54.0
"""The space to be left over, so that the page can breathe; sizes below 12.75 do without it."""
SMALLEST_COMFORTABLE_PX = 12.75
AIR_PLACES = 6
MOST_AIR_PX = 24.0
NAME_WIDTHS = (30, 42, 60)
"""Names up to so many narrow letters keep the larger sizes, on one line."""


class MissingGlyphs(Exception):
    """A character has no glyph in any font: the PDF would show boxes."""


class TooLong(Exception):
    """The facts do not fit one page even in the smallest size."""


class _Warnings(logging.Handler):
    """Keeps what WeasyPrint warns of while one certificate is drawn."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@dataclass(frozen=True)
class _Style:
    """Fonts and stylesheet, made once per process and never shared over a fork."""

    fonts: FontConfiguration
    stylesheet: CSS


def draw(facts: dict[str, Any]) -> bytes:
    """The PDF of a certificate. `facts` are those of `certificate_documents.printed_facts`.

    Raises MissingGlyphs if a character cannot be printed, TooLong if one page does not suffice.
    """
    warnings = _Warnings()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(warnings)
    try:
        html = HTML(string=as_html(facts), url_fetcher=_fetcher())
        pdf = _fit(html).write_pdf(pdf_variant="pdf/ua-1", finisher=_readable(facts["name"]))
    finally:
        logger.removeHandler(warnings)
    missing = [message for message in warnings.messages if MISSING_GLYPH in message]
    if missing:
        raise MissingGlyphs("; ".join(missing))
    return bytes(pdf)


def as_html(facts: dict[str, Any]) -> str:
    """The HTML that the PDF is drawn from; always with a language and a title."""
    name = facts["name"]
    return (
        _environment()
        .get_template("certificate.html")
        .render(
            facts=facts,
            name_size=1 + sum(width(name) > most for most in NAME_WIDTHS),
            name_direction=direction(name),
            name_language=language(name),
            qr=_data_url(_qr(facts["verify_url"])),
        )
    )


def _fit(html: HTML) -> Document:
    """Lay out in the largest size that fits one page well, then share out the space left over."""
    for size in TEXT_SIZES_PX:
        left = _space_left(_lay_out(html, size, 0))
        if left >= (COMFORT_PX if size > SMALLEST_COMFORTABLE_PX else 0):
            return _lay_out(html, size, min(left / AIR_PLACES, MOST_AIR_PX))
    raise TooLong("the certificate does not fit one page in the smallest size")


def _space_left(document: Document) -> float:
    """The height between the end of the text and the foot; negative where there is none."""
    end = document.pages[0].anchors.get("end")
    return -1.0 if end is None else LOWEST_END_PX - float(end[1])


def _lay_out(html: HTML, size_px: float, air_px: float) -> Document:
    style = _style()
    sizes = CSS(string=f"html {{ --air: {air_px:.2f}px }} main {{ font-size: {size_px}px }}")
    document: Document = html.render(stylesheets=[style.stylesheet, sizes], font_config=style.fonts)
    return document


def _readable(name: str) -> Callable[[Document, pydyf.PDF], None]:
    """What the PDF lacks to be read aloud and copied rightly, as its finishing touch."""

    def finish(_document: Document, pdf: pydyf.PDF) -> None:
        for element in pdf.objects:
            if isinstance(element, pydyf.Dictionary) and element.get("S") == "/Sect":
                _say(element, name)
            elif isinstance(element, pydyf.Stream) and b"begincmap" in element.stream:
                element.stream = [_mapped(line) for line in element.stream]

    return finish


def _say(element: pydyf.Dictionary, name: str) -> None:
    """Give the name's tag its text in reading order: its glyphs stand in the order they are seen.

    The name is the only section of the template; in the PDF it becomes a paragraph.
    """
    element["S"] = "/P"
    element["ActualText"] = pydyf.String(name)


def _mapped(line: bytes) -> bytes:
    """Map the further glyphs of a cluster, left without a character, to an invisible one."""
    return line.replace(b"<>", b"<2060>")


def _qr(url: str) -> bytes:
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="svg", border=0, xmldecl=False, svgns=True)
    return out.getvalue()


def _data_url(svg: bytes) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg).decode()


def _fetcher() -> URLFetcher:
    return URLFetcher(allowed_protocols={"data"}, allow_redirects=False)


@lru_cache(maxsize=1)
def _style() -> _Style:
    fonts = FontConfiguration()
    text = (TEMPLATES / "certificate.css").read_text(encoding="utf-8")
    for name, svg in (("frame", frame_svg()), ("seal", seal_svg()), ("rule", rule_svg())):
        text = text.replace(f"var(--{name})", f'url("{_data_url(svg.encode())}")')
    return _Style(fonts, CSS(string=text, font_config=fonts, url_fetcher=_fetcher()))


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
