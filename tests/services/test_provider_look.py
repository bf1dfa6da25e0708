"""The look of certificates: changed by configuration, kept by certificates issued before."""

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import DatabaseError

import clock
from domain.refusals import Conflict, Invalid
from extensions import db
from models import ProviderImage
from services import look_drafts, provider_look
from services.audit import Actor
from services.certificate_documents import printed_facts, whole_facts
from services.look_drafts import Wanted
from services.pdf.draw import draw
from tests.completed import BASE_URL, complete_all, issue
from tests.factories import make_enrollment, make_person

LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><path d="M0 0h20v10H0z"/></svg>'
)


def test_a_change_of_the_look_reaches_the_next_certificate_only(context: Flask) -> None:
    before = issue(complete_all(make_enrollment(make_person())))
    provider_look.change_look(clock.now(), "#7A1F2B", "a4", {"logo": LOGO, "signature": LOGO})
    dave = make_person("dave@example.org", "Dave Stranger")
    after = issue(complete_all(make_enrollment(dave)), name="Dave Stranger")
    assert whole_facts(before)["look"]["accent"] == provider_look.ACCENT
    assert printed_facts(before, BASE_URL)["images"]["logo"] == ""
    look = whole_facts(after)["look"]
    assert (look["accent"], look["paper"], look["seal"]) == ("#7a1f2b", "a4", "")
    assert draw("certificate", printed_facts(after, BASE_URL)).startswith(b"%PDF-")


def test_an_image_can_be_taken_away_again(context: Flask) -> None:
    provider_look.change_look(clock.now(), images={"logo": LOGO})
    assert provider_look.change_look(clock.now(), images={"logo": b""})["logo"] == ""


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("accent", {"accent": "#cfe8d5"}),
        ("accent", {"accent": "green"}),
        ("paper", {"paper": "a3"}),
        ("seal", {"images": {"seal": b"GIF89a"}}),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field(context: Flask, field: str, change) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Invalid) as refused:
        provider_look.change_look(clock.now(), **change)
    assert refused.value.field == field


def test_the_database_keeps_images_as_they_are(context: Flask) -> None:
    provider_look.change_look(clock.now(), images={"logo": LOGO})
    with pytest.raises(DatabaseError, match="append-only"), db.session.begin_nested():
        db.session.execute(update(ProviderImage).values(content=b"other"))


def test_a_draft_is_kept_once_and_as_it_was_seen(context: Flask) -> None:
    look_drafts.save_draft("a" * 32, Wanted("#7a1f2b"), clock.now())
    actor = Actor(make_person().id, "")
    assert look_drafts.keep("a" * 32, Wanted("#7a1f2b"), actor, clock.now()) == ["accent"]
    with pytest.raises(Conflict):
        look_drafts.keep("a" * 32, Wanted("#00007f"), actor, clock.now())
    with pytest.raises(Conflict):
        look_drafts.save_draft("a" * 32, Wanted("#00007f"), clock.now())
    assert provider_look.present_look()["accent"] == "#7a1f2b"
    assert look_drafts.find_draft("a" * 32) is None
