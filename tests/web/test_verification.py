"""Anyone checks a certificate: by code, however typed, and not too often."""

import pytest
from flask import Flask

from domain.verification_code import shown_code
from tests.certified import Issued, add_event, alice, complete, issued, text_of
from tests.site import Site

__all__ = ["alice", "complete", "issued"]


def test_anyone_checks_a_certificate_by_typing_its_code(app: Flask, issued: Issued) -> None:
    visitor = Site(app)
    visitor.get("/verify")
    typed = f"  {shown_code(issued.code).lower().replace('-', ' ')} "
    response = visitor.post("/verify", {"code": typed})
    assert response.status_code == 303
    assert response.headers["Location"].endswith(issued.check)
    page = text_of(visitor.follow(response, may_write=True))
    for words in ("This certificate is valid", "Alice Learner", "A Small Course", "CE credits"):
        assert words in page, words


def test_the_check_shows_no_more_than_it_must(app: Flask, issued: Issued) -> None:
    response = Site(app).get(issued.check, may_write=True)
    page = text_of(response)
    for secret in ("SW-1001", "alice@example.org", "Signed:"):
        assert secret not in page, secret
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in page
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("kind", "words"),
    [("revoked", "This certificate has been revoked"), ("superseded", "has been replaced")],
)
def test_the_check_shows_the_state(app: Flask, issued: Issued, kind: str, words: str) -> None:
    add_event(app, issued.id, kind)
    page = text_of(Site(app).get(issued.check, may_write=True))
    assert words in page
    assert "Reason: issued in error." in page
    assert "is valid" not in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Type the code that is printed"),
        ("nonsense", "This is not a complete code."),
        ('"><script>alert(1)</script>', "This is not a complete code."),
        ("A" * 5000, "This is not a complete code."),
    ],
)
def test_what_is_no_code_is_said_at_the_field(app: Flask, typed: str, words: str) -> None:
    response = Site(app).post("/verify", {"code": typed})
    page = text_of(response)
    assert response.status_code == 422
    assert "<title>Error: " in page
    assert words in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("code", ["A" * 21, "nonsense", "2026-ABCDEFGH"])
def test_a_code_of_no_certificate(app: Flask, code: str) -> None:
    response = Site(app).get(f"/v/{code}", may_write=True)
    assert response.status_code == 404
    assert "No certificate has this code" in text_of(response)
    assert response.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.usefixtures("standing_clock")
def test_guessing_is_slowed_down(app: Flask, issued: Issued) -> None:
    visitor = Site(app)
    answers = [visitor.get(f"/v/{'A' * 21}", may_write=True) for _ in range(31)]
    assert [a.status_code for a in answers].count(404) <= 30
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert visitor.get(issued.check, may_write=True).status_code == 429
