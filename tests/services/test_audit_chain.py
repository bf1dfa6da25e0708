"""Sealing the audit log in the database, and what `flask audit verify` says of tampering."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text

import clock
from extensions import db
from models import AuditEvent, AuditHead, AuditSeal
from models.append_only import may_delete
from services import audit, audit_chain


def record(count: int) -> None:
    for number in range(count):
        audit.record("key.created", actor_id=None, subject=f"key:{number}", facts={"ä": [1, 2.5]})


def change(statement: str) -> None:
    """What somebody with the database's password could do: without the guards."""
    _without_guards(lambda: db.session.execute(text(statement)))


def _without_guards(act: Callable[[], object]) -> None:
    sqlite = db.engine.dialect.name == "sqlite"
    for table in ("audit_event", "audit_seal"):
        for event in ("update", "delete"):
            where = "" if sqlite else f" ON {table}"
            db.session.execute(text(f"DROP TRIGGER IF EXISTS guard_{table}_{event}{where}"))
    act()


def test_everything_is_sealed_once_and_verifies(context: Flask) -> None:
    record(3)
    before = audit_chain.count_unsealed()
    assert before >= 3
    assert audit_chain.seal(clock.now()) == before
    assert audit_chain.seal(clock.now()) == 0
    record(1)
    assert audit_chain.count_unsealed() == 1
    audit_chain.seal(clock.now())
    db.session.expire_all()
    report = audit_chain.verify([audit_chain.get_head(clock.now())])
    assert (report.faults, report.sealed) == ([], before + 1)


def test_an_event_that_shows_late_with_a_lower_id_is_sealed_after_the_higher(
    context: Flask,
) -> None:
    audit_chain.seal(clock.now())
    last = db.session.scalar(select(func.max(AuditEvent.id))) or 0
    for event_id in (last + 20, last + 10):
        db.session.add(
            AuditEvent(
                id=event_id,
                kind="key.created",
                subject="",
                request_id="",
                facts={},
                happened_at=clock.now(),
            )
        )
        db.session.flush()
        audit_chain.seal(clock.now())
    sealed = select(AuditSeal.event_id).order_by(AuditSeal.number.desc()).limit(2)
    assert db.session.scalars(sealed).all() == [last + 10, last + 20]
    assert audit_chain.verify().faults == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE audit_event SET subject = 'key:9' WHERE subject = 'key:1'", "does not fit"),
        ("UPDATE audit_seal SET number = number + 5 WHERE number = 2", "missing"),
        ("DELETE FROM audit_seal WHERE number = 2", "missing"),
        ("DELETE FROM audit_seal WHERE number = (SELECT max(number) FROM audit_seal)", "ends at"),
    ],
)
def test_tampering_is_found(context: Flask, statement: str, words: str) -> None:
    record(5)
    audit_chain.seal(clock.now())
    change(statement)
    db.session.expire_all()
    assert words in " ".join(audit_chain.verify().faults)


def test_a_cut_end_is_found_by_the_anchor_and_explained_by_a_restore(context: Flask) -> None:
    record(5)
    audit_chain.seal(clock.now())
    anchor = audit_chain.get_head(clock.now())
    head = db.session.get_one(AuditHead, 1)
    before_last = db.session.get_one(AuditSeal, head.number - 1)
    head.number, head.hash = before_last.number, before_last.hash

    def cut() -> None:
        db.session.execute(delete(AuditSeal).where(AuditSeal.number > before_last.number))

    _without_guards(cut)
    assert audit_chain.verify().faults == []
    assert len(audit_chain.verify([anchor]).faults) == 1
    audit_chain.acknowledge_break("a backup was restored", clock.now())
    report = audit_chain.verify([anchor])
    assert (report.faults, report.acknowledged) == ([], 1)


def test_guards_step_aside_for_one_transaction_only(context: Flask) -> None:
    record(1)
    audit_chain.seal(clock.now())
    everything = delete(AuditSeal)
    with pytest.raises(Exception, match="append-only"), db.session.begin_nested():
        db.session.execute(everything)
    with may_delete(db.session, "a test"):
        db.session.execute(everything)
    record(1)
    audit_chain.seal(clock.now())
    with pytest.raises(Exception, match="append-only"), db.session.begin_nested():
        db.session.execute(everything)


def test_the_command_compares_with_the_anchor_file(context: Flask, tmp_path: Path) -> None:
    record(2)
    audit_chain.seal(clock.now())
    anchors = tmp_path / "anchors.txt"
    anchors.write_text("# heads\n" + audit_chain.anchor_line(audit_chain.get_head(clock.now())))
    db.session.commit()
    runner = context.test_cli_runner()
    whole = runner.invoke(args=["audit", "verify", "--anchors", str(anchors)])
    assert whole.exit_code == 0, whole.output
    assert "1 heads noted elsewhere compared" in whole.output
    anchors.write_text(f"2026-11-25T00:00:00+00:00 999999 {'a' * 64}\n")
    cut = runner.invoke(args=["audit", "verify", "--anchors", str(anchors)])
    assert cut.exit_code == 1
    anchors.write_text("no anchors at all")
    assert (
        "is no list of anchors"
        in runner.invoke(args=["audit", "verify", "--anchors", str(anchors)]).output
    )
