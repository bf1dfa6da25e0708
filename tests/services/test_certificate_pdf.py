"""The PDF of a certificate: one page, tagged, every glyph there, nothing fetched, drawn apart.

How a name looks is seen only by looking at the page as a picture (`pdftoppm`).
"""

import hashlib
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import page as pdf_rules
import pikepdf
import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import DatabaseError

from extensions import db
from models import Certificate, CertificateDocument
from services import certificate_documents
from services.certificate_documents import printed_facts, render_certificate
from services.pdf import draw as drawing
from services.pdf.draw import MissingGlyphs, TooLong, as_html, draw
from services.pdf.drawing_process import DrawingFailed, DrawingProcess
from tests.completed import complete_all, issue
from tests.factories import make_enrollment, make_license, make_person

BASE_URL = "https://learn.example.org"
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
LONG_NAME = "María-Fernanda Constantinopoulos-Featherstonehaugh de la Vega y Montenegro, PsyD, LMFT"
LICENSES = (
    ("Social worker", "Pennsylvania", "CW-014522"),
    ("Marriage and family therapist", "New Jersey", "37FI00184200"),
    ("Professional counselor", "District of Columbia", "PRC200001234"),
    ("Other behavioral health professional", "Outside the United States", "ICADC-99-104422"),
)
STATEMENT = (
    "The Test Training Center, Inc. is approved by the Board of {} to offer continuing education "
    "(provider number B-{}, valid from January 1, 2026 to December 31, 2029). It remains "
    "responsible for this course and its content. This course grants 4.75 contact hours."
)


def facts(name: str = "Alice Learner", licenses: int = 1, bodies: int = 2, **changes: Any) -> Any:
    """What is printed, as `printed_facts` gives it."""
    return {
        "name": name,
        "licenses": [
            {"profession": p, "jurisdiction": j, "number": n} for p, j, n in LICENSES[:licenses]
        ],
        "course": {
            "title": "Cultivating a Therapeutic Alliance",
            "code": "CTA-101",
            "edition": 1,
            "categories": [],
            "format": "Self-paced, asynchronous, non-interactive: recorded webinars and readings",
        },
        "completed_on": "November 24, 2026",
        "issued_on": "November 24, 2026",
        "statement": "completed in full, all post-tests passed",
        "credits": [
            {
                "body": f"Board of Discipline {number}",
                "hours": "4.75",
                "unit_word": "contact hours",
                "statement": STATEMENT.format(f"Discipline {number}", number),
            }
            for number in range(1, bodies + 1)
        ],
        "instructors": [{"printed": "Bob Instructor, PhD"}],
        "provider": {
            "name": "Test Training Center",
            "legal_name": "Test Training Center, Inc.",
            "address": ["1 Test Street", "Philadelphia, PA 19000"],
            "email": "help@example.org",
            "phone": "555-0100",
            "website": "https://example.org",
        },
        "signatory": {"name": "Carol Director", "title": "CE Director"},
        "demonstration": True,
        "number": "2026-K7WPM3XQ",
        "shown_code": "ABCDEFG-HJKLMNP-QRSTUVW",
        "verify_url": f"{BASE_URL}/v/ABCDEFGHJKLMNPQRSTUVW",
        "verify_page": "learn.example.org/verify",
        "issued_at": "2026-11-24T17:05:00+00:00",
        **changes,
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
    return draw(facts())


@pytest.mark.parametrize("script", NAMES)
def test_names_in_every_script_have_all_glyphs_and_pass_the_rules(script: str) -> None:
    content = draw(facts(NAMES[script]))
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
        draw(facts(f"Alice {character}"))


def test_joiners_and_direction_marks_need_no_glyph() -> None:
    assert draw(facts("a\u200db \u200fمحمد")).startswith(b"%PDF-")


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
    with opened(draw(facts(name, licenses, bodies))) as pdf:
        assert len(pdf.pages) == 1, why
        box = [float(side) for side in pdf.pages[0].mediabox]
        assert box == [0, 0, 792, 612]


def test_what_can_never_fit_is_refused_not_cut() -> None:
    with pytest.raises(TooLong):
        draw(facts(bodies=40))


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
    assert draw(facts()) == sample


def test_the_demonstration_is_marked_and_only_then() -> None:
    assert "Demonstration, not for credit" in as_html(facts())
    assert "Demonstration" not in as_html(facts(demonstration=False))


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
    content = draw(facts(hostile[:120]))
    with opened(content) as pdf:
        assert "/EmbeddedFiles" not in pdf.Root.get("/Names", {})


def test_nothing_is_fetched_even_by_a_spoiled_template(monkeypatch: pytest.MonkeyPatch) -> None:
    spoiled = as_html(facts()).replace(
        "<footer>",
        '<img alt="x" src="file:///etc/hostname"><img alt="x" src="http://127.0.0.1:9/x.png">'
        '<link rel="attachment" href="file:///etc/passwd"><footer>',
    )
    monkeypatch.setattr(drawing, "as_html", lambda _facts: spoiled)
    asked: list[str] = []
    for handler, method in (("File", "file_open"), ("HTTP", "http_open"), ("HTTPS", "https_open")):
        monkeypatch.setattr(
            f"urllib.request.{handler}Handler.{method}", lambda self, url: asked.append(url)
        )
    content = draw(facts())
    assert asked == []
    with opened(content) as pdf:
        assert "/EmbeddedFiles" not in pdf.Root.get("/Names", {})
        assert not pdf.pages[0].get_images()


@pytest.fixture
def process() -> Iterator[DrawingProcess]:
    made = DrawingProcess()
    yield made
    made.end()


def pid_of(process: DrawingProcess) -> int:
    assert process._process is not None
    return process._process.pid


def test_one_process_draws_many_and_survives_a_failure(
    process: DrawingProcess, sample: bytes
) -> None:
    assert process.draw(facts()) == sample
    pid = pid_of(process)
    with pytest.raises(DrawingFailed, match="MissingGlyphs"):
        process.draw(facts("\ue000"))
    assert process.draw(facts()) == sample
    assert pid_of(process) == pid


def test_a_killed_process_does_no_harm(process: DrawingProcess, sample: bytes) -> None:
    process.draw(facts())
    os.kill(pid_of(process), 9)
    assert process.draw(facts()) == sample


def test_a_drawing_that_takes_too_long_is_given_up() -> None:
    hasty = DrawingProcess(longest_drawing_s=0.02)
    with pytest.raises(DrawingFailed, match="took too long"):
        hasty.draw(facts())
    hasty.end()


def test_the_process_gets_no_secrets(
    process: DrawingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "a secret of the center")
    process.draw(facts())
    environ = Path(f"/proc/{pid_of(process)}/environ").read_bytes()
    assert b"PATH=" in environ
    assert b"SECRET_KEY" not in environ


@pytest.fixture
def certificate(context: Flask) -> Certificate:
    alice = make_person()
    make_license(alice)
    return issue(complete_all(make_enrollment(alice)))


def count_documents() -> int:
    return db.session.scalar(select(func.count()).select_from(CertificateDocument)) or 0


def test_the_record_of_an_issued_certificate_can_be_drawn(certificate: Certificate) -> None:
    assert draw(printed_facts(certificate, BASE_URL)).startswith(b"%PDF-")


def test_the_bytes_are_stored_once_with_their_hash(certificate: Certificate) -> None:
    certificate_id = certificate.id
    db.session.commit()
    render_certificate(certificate_id, BASE_URL, lambda _facts: b"first")
    render_certificate(certificate_id, BASE_URL, lambda _facts: b"second")
    stored = certificate_documents.find_pdf(certificate_id)
    assert stored is not None
    assert stored.content == b"first"
    assert stored.sha256 == hashlib.sha256(b"first").hexdigest()
    assert count_documents() == 1


def test_of_two_workers_the_first_to_store_decides(certificate: Certificate) -> None:
    certificate_id = certificate.id
    db.session.commit()

    def overtaken(_facts: dict[str, Any]) -> bytes:
        render_certificate(certificate_id, BASE_URL, lambda _f: b"faster")
        return b"slower"

    render_certificate(certificate_id, BASE_URL, overtaken)
    stored = certificate_documents.find_pdf(certificate_id)
    assert stored is not None
    assert stored.content == b"faster"


def test_a_failed_drawing_leaves_the_certificate_issued(certificate: Certificate) -> None:
    certificate_id = certificate.id
    db.session.commit()

    def fail(_facts: dict[str, Any]) -> bytes:
        raise DrawingFailed("no memory left")

    with pytest.raises(DrawingFailed):
        render_certificate(certificate_id, BASE_URL, fail)
    db.session.rollback()
    assert not certificate_documents.is_stored(certificate_id)
    assert db.session.get(Certificate, certificate_id) is not None


def test_the_database_refuses_to_change_a_document(certificate: Certificate) -> None:
    certificate_id = certificate.id
    db.session.commit()
    render_certificate(certificate_id, BASE_URL, lambda _facts: b"first")
    with pytest.raises(DatabaseError, match="append-only"), db.session.begin_nested():
        db.session.execute(update(CertificateDocument).values(content=b"other"))
