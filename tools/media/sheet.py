"""PDF from HTML, with the fonts of the center and nothing from elsewhere."""

import os
from html import escape
from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FONTS = (
    ("Contact Serif", "600", "normal", "serif"),
    ("Contact Sans", "400 700", "normal", "sans"),
    ("Contact Sans", "400", "italic", "sans-italic"),
)


def write_pdf(
    body: str, title: str, style: Path, file: Path, language: str = "en-US", **options: str
) -> None:
    """Write `body`, a piece of HTML, as PDF in the style sheet's look."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")  # or fonts would carry the time of writing
    fetcher = URLFetcher(allowed_protocols=["file"], fail_on_errors=True)
    fonts = FontConfiguration()
    faces = CSS(string=_font_faces(), font_config=fonts, url_fetcher=fetcher)
    look = CSS(filename=style, font_config=fonts, url_fetcher=fetcher)
    head = f'<meta charset="utf-8"><title>{escape(title)}</title>'
    page = f'<!doctype html><html lang="{language}"><head>{head}</head><body>{body}</body></html>'
    HTML(string=page, url_fetcher=fetcher).write_pdf(
        file, stylesheets=[faces, look], font_config=fonts, **options
    )


def _font_faces() -> str:
    return "".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: {slant}; '
        f'src: url("{(ROOT / "static/fonts" / name).as_uri()}.woff2") }}'
        for family, weight, slant, name in FONTS
    )
