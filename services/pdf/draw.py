"""One document as PDF/UA-1. Nothing is fetched: no network, no files but our own templates.

Every tag, language, title and alternative text that a screen reader needs is in it (PDF/UA-1).
"""

# WeasyPrint carries no types.
# mypy: disallow-untyped-calls=False

import logging
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from services.pdf.audit_pack import AUDIT_PACK
from services.pdf.certificate import CERTIFICATE
from services.pdf.image import IMAGE, UnreadableImage
from services.pdf.invoice import INVOICE
from services.pdf.names import NAME
from services.pdf.sheet import Facts, Sheet
from services.pdf.transcript import TRANSCRIPT

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "pdf"
MISSING_GLYPH = ".notdef"
UNREAD = ("Failed to load image", "Failed to render SVG")
ALL = (AUDIT_PACK, CERTIFICATE, IMAGE, INVOICE, NAME, TRANSCRIPT)
SHEETS = {sheet.template: sheet for sheet in ALL}
"""The documents that can be drawn, by the name of their template."""


class MissingGlyphs(Exception):
    """A character has no glyph in any font: the PDF would show boxes."""


class _Warnings(logging.Handler):
    """Keeps what WeasyPrint warns of while one document is drawn."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def draw(template: str, facts: Facts) -> bytes:
    """The PDF of a document: `facts` are what its template prints, as JSON values.

    Raises MissingGlyphs if a character cannot be printed, UnreadableImage where the sheet needs
    its images and one cannot be drawn, and what the sheet's `fit` raises.
    """
    sheet = SHEETS[template]
    warnings = _Warnings()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(warnings)
    try:
        document = _lay_out(sheet, facts)
        pdf = document.write_pdf(pdf_variant="pdf/ua-1", finisher=sheet.finish(facts))
    finally:
        logger.removeHandler(warnings)
    _refuse(sheet, warnings.messages)
    return bytes(pdf)


def _refuse(sheet: Sheet, warnings: list[str]) -> None:
    missing = [message for message in warnings if MISSING_GLYPH in message]
    if missing:
        raise MissingGlyphs("; ".join(missing))
    if sheet.needs_images and any(message.startswith(UNREAD) for message in warnings):
        raise UnreadableImage("it cannot be drawn")


def as_html(template: str, facts: Facts) -> str:
    """The HTML that the PDF is drawn from; always with a language and a title."""
    page = _environment().get_template(f"{template}.html")
    return page.render(facts=facts, **SHEETS[template].context(facts))


def _lay_out(sheet: Sheet, facts: Facts) -> Document:
    html = HTML(string=as_html(sheet.template, facts), url_fetcher=_fetcher())
    style = _stylesheet(sheet.template, tuple(sorted(sheet.styles(facts).items())))

    def lay_out(added_style: str = "") -> Document:
        added = [CSS(string=added_style)] if added_style else []
        document: Document = html.render(stylesheets=[style, *added], font_config=_fonts())
        return document

    return sheet.fit(facts, lay_out)


def _fetcher() -> URLFetcher:
    return URLFetcher(allowed_protocols={"data"}, allow_redirects=False)


@lru_cache(maxsize=1)
def _fonts() -> FontConfiguration:
    """Made once per process and never shared over a fork."""
    return FontConfiguration()


@lru_cache(maxsize=16)
def _stylesheet(template: str, values: tuple[tuple[str, str], ...]) -> CSS:
    """A parsed stylesheet with its values in place; parsing it takes longer than a drawing."""
    files = (TEMPLATES / "fonts.css", TEMPLATES / f"{template}.css")
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    for name, value in values:
        text = text.replace(f"var(--{name})", value)
    return CSS(string=text, font_config=_fonts(), url_fetcher=_fetcher())


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
