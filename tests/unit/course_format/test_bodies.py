"""The profiles of bodies that ship: readable, dated, with a source, honest about doubts."""

from decimal import Decimal
from pathlib import Path

import pytest

from config import PROJECT
from course_format.bodies import read_bodies

SHIPPED = PROJECT / "content" / "bodies.yaml"


def test_what_ships_is_read_without_a_fault() -> None:
    bodies, faults = read_bodies(SHIPPED)
    assert faults == []
    ids = {body.id for body in bodies}
    assert {"apa", "aswb-ace", "nbcc-acep", "naadac", "ancc", "accme", "iacet"} <= ids
    assert all(body.source and body.rules for body in bodies)
    assert all("statement" in body.unconfirmed for body in bodies), "ours, not the bodies' own"


def test_the_numbers_are_those_of_the_field() -> None:
    bodies = {body.id: body for body in read_bodies(SHIPPED)[0]}
    assert bodies["naadac"].daily_maximum == Decimal("8.0")
    assert bodies["iacet"].hour_minutes == 600
    assert bodies["il-idfpr"].hour_minutes == bodies["ny-sw"].hour_minutes == 50
    assert "hour_minutes" in bodies["ny-sw"].unconfirmed
    assert bodies["pa-sw"].increment == 1


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{hours}", "{hour}", "means nothing in a statement"),
        ("kind: national", "kind: planet", "must be one of"),
        ("unconfirmed: [statement]", "unconfirmed: [colour]", "is not a field of a profile"),
        ("checked_on: 2026-11-23", "checked_on: yesterday", "must be a day"),
        ("id: aswb-ace", "id: apa", "is the id of another body"),
    ],
)
def test_faults_are_said(tmp_path: Path, old: str, new: str, words: str) -> None:
    file = tmp_path / "bodies.yaml"
    file.write_text(SHIPPED.read_text().replace(old, new))
    bodies, faults = read_bodies(file)
    assert bodies == []
    assert any(words in fault.message for fault in faults)
