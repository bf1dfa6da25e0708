"""One certificate as PDF/UA-1. Nothing is fetched: no network, no files but our own template.

Run as `python -m services.pdf.draw` it reads the facts as JSON from standard input and writes
the PDF to standard output; the worker does so with limits on time and memory.
"""

import base64
import io
import json
import logging
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "pdf"
MISSING_GLYPH = ".notdef"


class MissingGlyphs(Exception):
    """A character has no glyph in any font: the PDF would show boxes."""


class _Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def draw(facts: dict[str, Any]) -> bytes:
    """The PDF of a certificate. `facts` is the record's, with `number`, `code` and `verify_url`.

    Raises MissingGlyphs if a character cannot be printed, ValueError without title or language.
    """
    html = as_html(facts)
    if "<title>" not in html or "<html lang=" not in html:
        raise ValueError("a certificate needs a title and a language")
    fonts, stylesheet = _style()
    warnings = _Warnings()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(warnings)
    try:
        pdf = HTML(string=html, url_fetcher=_fetcher()).write_pdf(
            stylesheets=[stylesheet], font_config=fonts, pdf_variant="pdf/ua-1"
        )
    finally:
        logger.removeHandler(warnings)
    if any(MISSING_GLYPH in message for message in warnings.messages):
        raise MissingGlyphs("; ".join(warnings.messages))
    return bytes(pdf)


def as_html(facts: dict[str, Any]) -> str:
    """The HTML that the PDF is drawn from."""
    return _environment().get_template("certificate.html").render(
        facts=facts, qr=_qr(facts["verify_url"])
    )


def _qr(url: str) -> str:
    """The QR code of an address, as a data URL of an SVG."""
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="svg", border=2, xmldecl=False, svgns=True, scale=4)
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()


def _fetcher() -> URLFetcher:
    return URLFetcher(allowed_protocols={"data"}, allow_redirects=False)


@lru_cache(maxsize=1)
def _style() -> tuple[FontConfiguration, CSS]:
    """Fonts and stylesheet, parsed once per process (never shared over a fork)."""
    fonts = FontConfiguration()
    text = (TEMPLATES / "certificate.css").read_text(encoding="utf-8")
    return fonts, CSS(string=text, font_config=fonts, url_fetcher=_fetcher())


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


if __name__ == "__main__":
    sys.stdout.buffer.write(draw(json.load(sys.stdin)))
