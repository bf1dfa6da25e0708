"""The PDF of a certificate: one page, tagged, every glyph there, nothing fetched, drawn apart.

How a name looks is seen only by looking at the page as a picture (`pdftoppm`).
"""

import io
import re
from typing import Any

import page as pdf_rules
import pikepdf
import pytest

from services.pdf import draw as drawing
from services.pdf.certificate import TooLong
from services.pdf.data_urls import data_url
from services.pdf.draw import MissingGlyphs, as_html, draw
from tests.printed import BASE_URL, LONG_NAME, facts

NAMES = {
    "Latin": "Şükrü Žižek-Łukasz Ångström",
    "Vietnamese": "Nguyễn Thị Phương Đặng",
    "Greek": "Ελένη Παπαδοπούλου",
    "Cyrillic": "Ольга Щербакова-Ґалаґан",
    "Hebrew": "שָׂרָה בן־דוד",
    "Arabic": "محمّد عبد الرحمن الخطيب",
    "Devanagari": "श्रीकृष्ण द्विवेदी",
    "Thai": "กิตติศักดิ์ ศรีสุวรรณ",
    "Khmer": "ស្រីនាង ចន្ទ្រា",
    "Chinese": "欧阳修文",
    "Japanese": "斎藤 さくら",
    "Korean": "김민준",
}


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def list_tags(node: Any) -> list[Any]:
    """Every structure element below a node, in reading order."""
    if isinstance(node, pikepdf.Array):
        return [tag for child in node for tag in list_tags(child)]
    if not isinstance(node, pikepdf.Dictionary) or "/S" not in node:
        return []
    return [node, *list_tags(node.get("/K", pikepdf.Array()))]


@pytest.fixture(scope="module")
def sample() -> bytes:
    return draw("certificate", facts())


@pytest.mark.parametrize("script", NAMES)
def test_names_in_every_script_have_all_glyphs_and_pass_the_rules(script: str) -> None:
    content = draw("certificate", facts(NAMES[script]))
    report = pdf_rules.validate_pdf_bytes(content, profile=pdf_rules.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, [failure.message for failure in report.failures]
    with opened(content) as pdf:
        said = [
            str(tag.ActualText)
            for tag in list_tags(pdf.Root.StructTreeRoot.K)
            if "/ActualText" in tag
        ]
        assert said == [NAMES[script]], "read aloud in reading order, whatever the direction"


@pytest.mark.parametrize("character", ["\ue000", "\U0010fffd", "\u0378"])
def test_a_character_without_a_glyph_fails_instead_of_printing_a_box(character: str) -> None:
    with pytest.raises(MissingGlyphs, match="notdef"):
        draw("certificate", facts(f"Alice {character}"))


def test_joiners_and_direction_marks_need_no_glyph() -> None:
    assert draw("certificate", facts("a\u200db \u200fمحمد")).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("name", "licenses", "bodies", "why"),
    [
        ("Alice Learner", 0, 0, "nothing but a name"),
        ("Alice Learner", 1, 3, "the reference course"),
        (LONG_NAME, 4, 4, "a long name, four licenses, four bodies"),
        ("W" * 60 + " " + "M" * 59, 4, 4, "the widest name that can be saved"),
        (LONG_NAME, 4, 6, "more bodies than fit in one row"),
    ],
)
def test_everything_fits_one_landscape_page(
    name: str, licenses: int, bodies: int, why: str
) -> None:
    with opened(draw("certificate", facts(name, licenses, bodies))) as pdf:
        assert len(pdf.pages) == 1, why
        box = [float(side) for side in pdf.pages[0].mediabox]
        assert box == [0, 0, 792, 612]


def test_what_can_never_fit_is_refused_not_cut() -> None:
    with pytest.raises(TooLong):
        draw("certificate", facts(bodies=40))


def test_language_title_and_display_of_the_title(sample: bytes) -> None:
    with opened(sample) as pdf:
        assert str(pdf.Root.Lang) == "en"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert bool(pdf.Root.MarkInfo.Marked)
        with pdf.open_metadata() as metadata:
            title = "Certificate of completion: Cultivating a Therapeutic Alliance"
            assert metadata["dc:title"] == title
            assert metadata["pdfuaid:part"] == "1"


def test_the_reading_order_and_the_alternative_text(sample: bytes) -> None:
    with opened(sample) as pdf:
        tags = list_tags(pdf.Root.StructTreeRoot.K)
    kinds = [str(tag.S) for tag in tags if str(tag.S) in ("/H1", "/H2", "/Figure", "/Link")]
    assert kinds == ["/H1", "/H2", "/Link", "/Figure"]
    figure = next(tag for tag in tags if str(tag.S) == "/Figure")
    assert str(figure.Alt).endswith(f"{BASE_URL}/v/ABCDEFGHJKLMNPQRSTUVW")


def test_every_font_is_embedded_with_its_characters(sample: bytes) -> None:
    with opened(sample) as pdf:
        fonts = [
            o
            for o in pdf.objects
            if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/Font"
        ]
        outer = [font for font in fonts if font.Subtype == "/Type0"]
        assert outer
        for font in outer:
            assert "/ToUnicode" in font, font.BaseFont
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert any(key in descriptor for key in ("/FontFile2", "/FontFile3")), font.BaseFont


def test_the_same_certificate_is_drawn_to_the_same_bytes(sample: bytes) -> None:
    assert draw("certificate", facts()) == sample


def test_the_demonstration_is_marked_and_only_then() -> None:
    assert "Demonstration, not for credit" in as_html("certificate", facts())
    assert "Demonstration" not in as_html("certificate", facts(demonstration=False))


def test_statements_come_from_data_and_no_hours_stand_in_the_template() -> None:
    template = (drawing.TEMPLATES / "certificate.html").read_text(encoding="utf-8")
    assert not re.search(r"\d[.\d]*\s*(credit|hour|unit)", template)


@pytest.mark.parametrize(
    "hostile",
    [
        '<img src="file:///etc/passwd">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<style>@import url("http://127.0.0.1:9/x.css");</style>',
    ],
)
def test_markup_in_a_name_is_text(hostile: str) -> None:
    content = draw("certificate", facts(hostile[:120]))
    with opened(content) as pdf:
        assert "/EmbeddedFiles" not in pdf.Root.get("/Names", {})


HOSTILE_LOGO = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="alert(1)">
<script>fetch('http://127.0.0.1:9/')</script><style>@import url(http://127.0.0.1:9/c.css);</style>
<image href="file:///etc/hostname" width="9" height="9"/><path fill="url(http://127.0.0.1:9/p)"
d="M0 0h9v9z"/><use href="http://127.0.0.1:9/u.svg#a"/></svg>"""


def test_a_hostile_logo_would_fetch_nothing_and_break_nothing_if_it_were_kept(
    asked: list[str],
) -> None:
    images = {"logo": data_url(HOSTILE_LOGO), "seal": data_url(b"\x89PNG"), "signature": ""}
    content = draw("certificate", facts(images=images))
    assert asked == []
    with opened(content) as pdf:
        assert len(pdf.pages) == 1


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a drawing tries to open in files or at other hosts."""
    found: list[str] = []
    for handler, method in (("File", "file_open"), ("HTTP", "http_open"), ("HTTPS", "https_open")):
        monkeypatch.setattr(
            f"urllib.request.{handler}Handler.{method}", lambda self, url: found.append(url)
        )
    return found


def test_nothing_is_fetched_even_by_a_spoiled_template(
    monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    spoiled = as_html("certificate", facts()).replace(
        "<footer>",
        '<img alt="x" src="file:///etc/hostname"><img alt="x" src="http://127.0.0.1:9/x.png">'
        '<link rel="attachment" href="file:///etc/passwd"><footer>',
    )
    monkeypatch.setattr(drawing, "as_html", lambda _template, _facts: spoiled)
    content = draw("certificate", facts())
    assert asked == []
    with opened(content) as pdf:
        assert "/EmbeddedFiles" not in pdf.Root.get("/Names", {})
        assert not pdf.pages[0].get_images()
