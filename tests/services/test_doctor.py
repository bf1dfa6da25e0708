"""`flask doctor`: each check notices what it is there for."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

import clock
from config import Settings
from domain import orders
from extensions import db
from models import Job
from services import audit, audit_chain, checkup, printed_names
from services.checkup import FAULT, OK, WARNING, Finding
from tests.factories import make_person
from tests.ordering import give_price, place

NOW = clock.now()


@pytest.fixture(autouse=True)
def all_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are drawn by the tests of names; drawing is slow."""
    monkeypatch.setattr(printed_names, "find_missing", lambda name: "")


@pytest.fixture
def settings(context: Flask) -> Settings:
    found: Settings = context.config["SETTINGS"]
    db.session.commit()
    return found


def find(settings: Settings, name: str) -> Finding:
    return next(one for one in checkup.examine(settings, clock.now()) if one.name == name)


def test_a_sound_installation_has_no_fault(settings: Settings) -> None:
    states = {one.name: (one.state, one.words) for one in checkup.examine(settings, clock.now())}
    assert len(states) == 10
    assert [one for one in states.items() if one[1][0] == FAULT] == []


def test_pending_migrations_are_a_fault_and_end_the_examination(settings: Settings) -> None:
    db.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    db.session.commit()
    found = list(checkup.examine(settings, clock.now()))
    assert [(one.name, one.state) for one in found] == [("Database", FAULT)]
    assert "center prepare" in found[0].words


def test_late_jobs_mean_that_the_worker_does_not_run(settings: Settings) -> None:
    due = clock.now() - timedelta(minutes=11)
    db.session.add(Job(kind="mail", subject_id=1, state="queued", run_at=due))
    db.session.commit()
    assert find(settings, "Worker").state == FAULT


def test_a_mail_server_that_does_not_answer_is_a_fault(settings: Settings) -> None:
    silent = replace(settings, smtp_url="smtp://127.0.0.1:1")
    assert find(silent, "Mail").state == FAULT


def test_something_written_in_the_future_means_a_wrong_clock(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = clock.now() + timedelta(hours=1)
    with monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: ahead)
        audit.record("key.created", actor_id=None)
        db.session.commit()
    assert find(settings, "Clock").state == FAULT


def test_a_name_that_no_font_holds_is_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_person("x@example.org", "Zoë 𐎀")
    db.session.commit()
    monkeypatch.setattr(printed_names, "find_missing", lambda name: "𐎀" if "𐎀" in name else "")
    found = find(settings, "Fonts")
    assert (found.state, "𐎀" in found.words) == (WARNING, True)
    monkeypatch.setattr(printed_names, "find_missing", lambda name: "王" if "王" in name else "")
    assert find(settings, "Fonts").state == FAULT


def test_an_old_backup_is_a_fault_and_a_fresh_one_is_not(
    settings: Settings, tmp_path: Path
) -> None:
    elsewhere = replace(settings, data=tmp_path, content=settings.content)
    backup = elsewhere.backup_folder / "one.tar"
    backup.parent.mkdir()
    backup.write_text("x")
    assert find(elsewhere, "Backups").state == OK
    old = clock.now().timestamp() - 27 * 3600
    os.utime(backup, (old, old))
    assert find(elsewhere, "Backups").state == FAULT
    production = replace(settings, data=tmp_path / "new", production=True)
    production.data.mkdir()
    assert find(production, "Backups").state == WARNING


def test_an_order_that_is_paid_but_opened_nothing_is_a_fault(settings: Settings) -> None:
    give_price()
    order = place(make_person())
    order.state = orders.PAID
    db.session.commit()
    found = find(settings, "Orders")
    assert (found.state, str(order.number) in found.words) == (FAULT, True)


def test_missing_media_are_a_fault(settings: Settings, tmp_path: Path) -> None:
    from models import EditionFile

    row = db.session.query(EditionFile).first()
    assert row is not None
    db.session.add(
        EditionFile(
            edition_id=row.edition_id,
            path="media/gone.mp4",
            sha256="f" * 64,
            media_type="video/mp4",
            size_bytes=5,
            text=None,
        )
    )
    db.session.commit()
    assert find(settings, "Media").state == FAULT


def test_an_audit_log_that_was_cut_off_is_a_fault(settings: Settings, tmp_path: Path) -> None:
    anchors = tmp_path / "anchors"
    anchors.write_text(f"2026-11-25T00:00:00+00:00 999999 {'a' * 64}\n")
    found = find(replace(settings, audit_anchor_file=anchors), "Audit log")
    assert found.state == FAULT
    audit_chain.seal(clock.now())
    anchors.write_text(audit_chain.anchor_line(audit_chain.get_head(clock.now())) + "\n")
    db.session.commit()
    assert find(replace(settings, audit_anchor_file=anchors), "Audit log").state == OK


def test_the_command_tells_and_exits(context: Flask) -> None:
    db.session.commit()
    runner = context.test_cli_runner()
    sound = runner.invoke(args=["doctor"])
    assert sound.exit_code == 0, sound.output
    assert "Every order that is paid has its enrollment." in sound.output
    due = clock.now() - timedelta(minutes=11)
    db.session.add(Job(kind="mail", subject_id=1, state="queued", run_at=due))
    db.session.commit()
    wrong = runner.invoke(args=["doctor"])
    assert wrong.exit_code == 1
    assert "WRONG  Worker" in wrong.output
