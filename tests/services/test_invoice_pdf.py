"""The PDF of an invoice: tagged, whole in every script, nothing fetched, drawn and stored once."""

import io
import subprocess
from typing import Any

import page as pdf_rules
import pikepdf
import pytest
from flask import Flask

from extensions import db
from models import OrderDocument
from services import invoices
from services.pdf.draw import draw
from tests.factories import make_person
from tests.ordering import give_price, place


def facts(**changes: Any) -> dict[str, Any]:
    return {
        "heading": "Invoice",
        "number": "INV-000042",
        "ordered_on": "November 25, 2026",
        "due_on": "December 25, 2026",
        "paid": "",
        "lines": [["A Course (CTA-101, edition 1)", "$48.00"], ["Total", "$48.00"]],
        "seller": {
            "name": "Center",
            "address": ["1 Street", "City"],
            "email": "a@example.org",
            "phone": "",
        },
        "buyer": {"name": "Alice Learner", "organization": "", "address": "2 Road\nTown"},
        "terms": {"check_to": "Center\n1 Street", "transfer_to": "Bank 7"},
        "demonstration": False,
        **changes,
    }


@pytest.mark.parametrize(
    "name", ["Alice Learner", "Нина Ткаченко", "محمّد الخطيب", "欧阳修文", "김민준"]
)
def test_it_passes_the_rules_in_every_script(name: str) -> None:
    buyer = {"name": name, "organization": "Agency", "address": ""}
    content = draw("invoice", facts(buyer=buyer))
    report = pdf_rules.validate_pdf_bytes(content, profile=pdf_rules.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, [failure.message for failure in report.failures]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Invoice INV-000042"
        assert str(pdf.Root.Lang) == "en"


def test_it_says_what_to_do_and_the_receipt_what_was_done() -> None:
    words = as_words(draw("invoice", facts()))
    for expected in ("Please pay by December 25, 2026", "Bank 7", "$48.00", "2 Road"):
        assert expected in words
    receipt = as_words(draw("invoice", facts(heading="Receipt", paid="Check, No. 1, May 3, 2027")))
    assert "Check, No. 1, May 3, 2027" in receipt
    assert "Bank 7" not in receipt


def test_what_was_typed_is_text_and_fetches_nothing() -> None:
    hostile = '<img src="file:///etc/passwd"><link rel=attachment href="file:///etc/passwd">'
    buyer = {"name": hostile, "organization": hostile, "address": hostile}
    content = draw("invoice", facts(buyer=buyer))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.attachments) == 0
    assert "file:///etc/passwd" in as_words(content)


def test_a_long_invoice_goes_on_to_a_second_page() -> None:
    address = "\n".join(f"Line {number}" for number in range(40))
    with pikepdf.open(
        io.BytesIO(draw("invoice", facts(terms={"check_to": address, "transfer_to": ""})))
    ) as pdf:
        assert len(pdf.pages) > 1


def test_it_is_drawn_from_the_order_and_stored_once(context: Flask) -> None:
    give_price()
    order = place(make_person())
    db.session.commit()
    drawn: list[dict[str, Any]] = []

    def note(given: dict[str, Any]) -> bytes:
        drawn.append(given)
        return draw("invoice", given)

    for _ in range(2):
        invoices.render_document(order.id, "invoice", note)
    assert len(drawn) == 1
    stored = db.session.get_one(OrderDocument, (order.id, "invoice"))
    words = as_words(stored.content)
    assert "Invoice INV-000001" in words
    assert "A Small Course (SML-101, edition 2)" in words
    assert "Alice Learner" in words


def as_words(content: bytes) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    )
    return " ".join(done.stdout.decode().split())
