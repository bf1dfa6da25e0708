"""Worksheets are kept as approved; what has changed since is said."""

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import DatabaseError

import clock
from domain.refusals import Invalid
from extensions import db
from models import CreditWorksheet
from services import credit_worksheets, editions
from services.audit import Actor
from services.time_reports import measured_minutes
from tests.completed import complete_all
from tests.factories import SLUG, make_administrator, make_enrollment, make_person


@pytest.fixture
def carol(context: Flask) -> Actor:
    return Actor(make_administrator().id, "request")


def approve(carol: Actor, method: str = "declared") -> CreditWorksheet:
    outline = editions.get_current_outline(SLUG)
    inputs = credit_worksheets.gather(outline)
    return credit_worksheets.approve(outline, inputs, method, "piloted", carol, clock.now())


def test_the_editions_own_figures_are_gathered(context: Flask) -> None:
    outline = editions.get_current_outline(SLUG)
    inputs = credit_worksheets.gather(outline)
    assert inputs.declared == outline.minutes
    assert inputs.questions == sum(unit.draw for unit in outline.units)
    assert inputs.words > 0
    assert (inputs.rate, inputs.measured) == (200, None)


def test_an_approval_keeps_method_inputs_result_approver_and_day(carol: Actor) -> None:
    row = approve(carol)
    assert (row.number, row.method, row.approver_id) == (1, "declared", carol.person_id)
    assert row.inputs["rate"] == 200
    assert row.results["declared"] == editions.get_current_outline(SLUG).minutes
    assert approve(carol).number == 2
    with pytest.raises(DatabaseError, match="append-only"), db.session.begin_nested():
        db.session.execute(update(CreditWorksheet).values(method="pilot"))


def test_a_method_without_a_figure_is_refused(carol: Actor) -> None:
    for method in ("pilot", "measured", "guess"):
        with pytest.raises(Invalid):
            approve(carol, method)


def test_what_changed_since_is_said(carol: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    approve(carol)
    outline = editions.get_current_outline(SLUG)
    assert credit_worksheets.get_worksheet(outline).changed == []
    far = (outline.minutes * 2.0, 9)
    monkeypatch.setattr(credit_worksheets, "_measured", lambda _edition_id: far)
    found = credit_worksheets.get_worksheet(outline)
    assert "The median measured time is now" in found.changed[0]
    assert any("Median measured time" in words for words in found.warnings)


def test_the_measured_median_needs_enough_learners(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credit_worksheets, "LEAST_LEARNERS", 2)
    outline = editions.get_current_outline(SLUG)
    for number in (1, 2):
        complete_all(make_enrollment(make_person(f"l{number}@example.org", f"Learner {number}")))
        assert measured_minutes(outline.edition_id)[1] == number
        given = (50, number)
        monkeypatch.setattr(credit_worksheets, "measured_minutes", {outline.edition_id: given}.get)
        inputs = credit_worksheets.gather(outline)
        assert inputs.measured_learners == number
        assert inputs.measured == (None if number == 1 else 50.0)
