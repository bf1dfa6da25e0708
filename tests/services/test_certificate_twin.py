"""The page of a certificate says what its PDF says; hostile content fetches and breaks nothing."""

import io
import re
import subprocess
import unicodedata
from typing import Any

import html5lib
import pikepdf
import pytest
from flask import Flask, render_template_string

from services.pdf.draw import draw
from tests.conftest import Installation
from tests.printed import LONG_NAME, facts

SHEET = """{% import "components/certificate.html" as paper %}
{{ paper.sheet(facts, "valid", images) }}"""
IMAGES = {"logo": "", "seal": "", "signature": "", "qr": "/qr"}
HOSTILE = (
    '<img src="file:///etc/passwd" onerror="alert(1)">',
    '"><script>alert(1)</script>',
    '<link rel="attachment" href="file:///etc/passwd">',
    "<style>@import 'http://127.0.0.1:9/x.css';</style>",
    "{{ 7 * 7 }} {% raw %}",
    "</body></html>",
    "\u202eevil\u202c \u2066isolated\u2069",
)


def words_of(text: str) -> set[str]:
    """The words of a text, whatever its line breaks, marks and capitals."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return set(re.findall(r"\w+", plain))


def words_of_pdf(content: bytes) -> set[str]:
    read = subprocess.run(
        ["pdftotext", "-", "-"], input=content, capture_output=True, check=True, text=False
    )
    return words_of(read.stdout.decode())


def page_of(app: Flask, printed: dict[str, Any]) -> str:
    with app.test_request_context("/"):
        return render_template_string(SHEET, facts=printed, images=IMAGES)


def words_of_page(text: str) -> set[str]:
    tree = html5lib.parse(text, namespaceHTMLElements=False)
    return words_of(" ".join(tree.itertext()))


@pytest.fixture
def app(sqlite_installation: Installation) -> Flask:
    """Templates only: which database is behind them does not matter."""
    return sqlite_installation.app


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"name": LONG_NAME, "licenses": 4, "bodies": 3},
        {"bodies": 0, "licenses": 0, "demonstration": False},
        {"replaces": "2026-ABCDEFGH"},
    ],
    ids=["plain", "long", "no credit", "replacement"],
)
def test_both_say_the_same(app: Flask, changes: dict[str, Any]) -> None:
    printed = facts(**changes)
    for credit in printed["credits"]:
        credit["course_number"] = "SB-77"
    printed["course"]["categories"] = ["Ethics"]
    paper = words_of_pdf(draw("certificate", printed))
    page = words_of_page(page_of(app, printed))
    assert page == paper


def test_a_fact_missing_on_one_of_them_is_noticed(app: Flask) -> None:
    paper = words_of_pdf(draw("certificate", facts()))
    assert words_of_page(page_of(app, facts(statement="completed"))) != paper


@pytest.mark.parametrize("turn", [0, 4])
def test_hostile_words_are_words(app: Flask, turn: int, monkeypatch: pytest.MonkeyPatch) -> None:
    name, title, number, provider = (*HOSTILE, HOSTILE[0])[turn : turn + 4]
    asked: list[object] = []
    for handler, method in (("File", "file_open"), ("HTTP", "http_open"), ("HTTPS", "https_open")):
        monkeypatch.setattr(
            f"urllib.request.{handler}Handler.{method}", lambda self, url: asked.append(url)
        )
    printed = facts(name)
    printed["course"]["title"] = title
    printed["licenses"][0]["number"] = number
    printed["provider"]["name"] = provider
    content = draw("certificate", printed)
    assert asked == []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == 1
        assert "/EmbeddedFiles" not in pdf.Root.get("/Names", {})
        assert "/AA" not in pdf.Root and "/OpenAction" not in pdf.Root
    page = page_of(app, printed)
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    assert not list(tree.iter("script")) and not list(tree.iter("style"))
    assert [image.get("src") for image in tree.iter("img")] == ["/qr"]


@pytest.mark.parametrize(
    "svg",
    [
        '<script>alert(1)</script><path d="M0 0"/>',
        '<image href="file:///etc/passwd" width="9" height="9"/>',
        '<image href="http://127.0.0.1:9/x.png" width="9" height="9"/>',
        '<style>@import url("http://127.0.0.1:9/x.css"); path { fill: url(file:///etc/passwd) }'
        "</style>",
    ],
)
def test_a_hostile_logo_fetches_nothing_even_if_it_got_in(
    svg: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.pdf.data_urls import data_url

    asked: list[object] = []
    for handler, method in (("File", "file_open"), ("HTTP", "http_open"), ("HTTPS", "https_open")):
        monkeypatch.setattr(
            f"urllib.request.{handler}Handler.{method}", lambda self, url: asked.append(url)
        )
    whole = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{svg}</svg>'
    images = {"logo": data_url(whole.encode()), "seal": "", "signature": ""}
    assert draw("certificate", facts(images=images)).startswith(b"%PDF-")
    assert asked == []
