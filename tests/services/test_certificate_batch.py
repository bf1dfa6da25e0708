"""`flask certificates`: a batch that can be stopped and taken up again, and the look."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from config import PROJECT
from extensions import db
from models import AuditEvent, Certificate, CertificateDocument
from services.certificate_documents import list_undrawn
from services.pdf.drawing_process import DrawingFailed, DrawingProcess
from tests.completed import complete_all, issue
from tests.conftest import Installation, close, install, test_settings
from tests.factories import make_enrollment, make_person


@pytest.fixture
def center(tmp_path: Path) -> Any:
    """An installation of its own, on SQLite, with three certificates to be drawn."""
    made = install(test_settings(tmp_path))
    with made.app.app_context():
        for number in range(3):
            person = make_person(f"l{number}@example.org", f"Learner {number}")
            issue(complete_all(make_enrollment(person)), name=f"Learner {number}")
        db.session.commit()
        db.session.remove()
    yield made
    close(made)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that were drawn, by a process that draws nothing."""
    names: list[str] = []

    def draw(self: DrawingProcess, template: str, facts: dict[str, Any]) -> bytes:
        if facts["name"] == "Learner 1" and not names.count("repaired"):
            raise DrawingFailed("no memory left")
        names.append(facts["name"])
        return b"%PDF-"

    monkeypatch.setattr(DrawingProcess, "draw", draw)
    return names


def test_a_batch_goes_on_where_it_stopped_and_draws_nothing_twice(
    center: Installation, drawn: list[str]
) -> None:
    run = center.app.test_cli_runner()
    first = run.invoke(args=["certificates", "render"])
    assert first.exit_code == 1
    assert "2 certificates drawn, 1 failed." in first.output
    assert sorted(drawn) == ["Learner 0", "Learner 2"], "on the provider's own paper"
    with center.app.app_context():
        assert len(list_undrawn()) == 1
    drawn.append("repaired")
    second = run.invoke(args=["certificates", "render", "--processes", "1"])
    assert (second.exit_code, drawn[-2:]) == (0, ["repaired", "Learner 1"])
    with center.app.app_context():
        assert db.session.query(CertificateDocument).count() == 3
        assert db.session.query(Certificate).count() == 3
    assert "Every certificate is drawn." in run.invoke(args=["certificates", "render"]).output


def test_the_look_is_tried_before_it_is_kept(center: Installation, tmp_path: Path) -> None:
    run = center.app.test_cli_runner()
    logo = str(PROJECT / "content" / "provider" / "logo.svg")
    hostile = tmp_path / "hostile.svg"
    hostile.write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    refused = run.invoke(args=["certificates", "look", "--seal", str(hostile)])
    assert refused.exit_code == 1
    assert "Nothing was changed." in refused.output
    assert run.invoke(args=["certificates", "look", "--accent", "#eeeeee"]).exit_code == 1
    kept = run.invoke(args=["certificates", "look", "--accent", "#7a1f2b", "--logo", logo])
    assert kept.exit_code == 0, kept.output
    with center.app.app_context():
        kind = AuditEvent.kind == "provider.look-changed"
        told = db.session.scalars(select(AuditEvent).where(kind)).one()
        assert (told.actor_id, set(told.facts)) == (None, {"accent", "logo"})
    sample = tmp_path / "sample.pdf"
    assert run.invoke(args=["certificates", "preview", str(sample)]).exit_code == 0
    assert sample.read_bytes().startswith(b"%PDF-")
