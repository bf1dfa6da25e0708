"""A backup taken while people work, restored on an empty machine; damaged ones refused."""

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

import clock
from app import create_app
from config import PROJECT
from domain.refusals import Conflict, Invalid
from extensions import db
from models import Certificate, CertificateDocument, Enrollment, Person
from services import audit, audit_chain, backup, restore
from services.backup import Manifest
from tests.conftest import close, install, test_settings
from tests.factories import make_enrollment, make_person

CERTIFICATES = 100


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A pattern of addresses of databases of the test's own: '' for SQLite."""
    if request.param == "sqlite":
        yield ""
        return
    server = request.getfixturevalue("postgresql_url")
    names = ("backup_source", "backup_target")
    _on_server(server, [f"DROP DATABASE IF EXISTS {name}" for name in names])
    _on_server(server, [f"CREATE DATABASE {name}" for name in names])
    yield server
    _on_server(server, [f"DROP DATABASE {name} WITH (FORCE)" for name in names])


def test_a_backup_under_load_is_restored_whole(url: str, tmp_path: Path) -> None:
    source = install(test_settings(tmp_path / "source", _named(url, "backup_source")))
    archive = tmp_path / "backup.tar"
    with source.app.app_context():
        _fill()
    stop, wrote = threading.Event(), [0]
    writer = threading.Thread(target=_write_on, args=(source.app, stop, wrote))
    writer.start()
    with source.app.app_context():
        _wait_for(wrote, 3)
        manifest = _back_up(archive, tmp_path / "source" / "media")
        before = wrote[0]
        _wait_for(wrote, before + 3)
    stop.set()
    writer.join()
    close(source)

    app = create_app(test_settings(tmp_path / "target", _named(url, "backup_target")))
    with app.app_context():
        _restore(archive, tmp_path / "target")
        _check_restored(manifest)
        make_person("new@example.org")
        db.session.commit()
    assert app.test_client().get("/").status_code == 200
    _check_media(tmp_path)
    with app.app_context():
        with pytest.raises(Conflict, match="not empty"):
            _restore(archive, tmp_path / "target")
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("spoil", ["a byte", "the end", "another file", "the manifest"])
def test_a_damaged_backup_puts_nothing_in_place(tmp_path: Path, spoil: str) -> None:
    source = install(test_settings(tmp_path / "source"))
    archive = tmp_path / "backup.tar"
    with source.app.app_context():
        _back_up(archive, tmp_path / "source" / "media")
    close(source)
    _spoil(archive, spoil)
    app = create_app(test_settings(tmp_path / "target"))
    with app.app_context():
        with pytest.raises(Invalid, match="cannot be restored"):
            _restore(archive, tmp_path / "target")
        with db.engine.connect() as connection:
            assert backup.is_empty(connection)
        db.engine.dispose()
    assert not (tmp_path / "target" / "media").exists()


def test_the_commands_say_what_they_did(context: Flask, tmp_path: Path) -> None:
    db.session.commit()
    target = tmp_path / "one.tar"
    runner = context.test_cli_runner()
    written = runner.invoke(args=["backup", str(target)])
    assert written.exit_code == 0, written.output
    assert "rows" in written.output
    assert "is there already" in runner.invoke(args=["backup", str(target)]).output
    refused = runner.invoke(args=["restore", str(target)])
    assert refused.exit_code == 1
    assert "not empty" in refused.output


def _fill() -> None:
    """Certificates with documents, and a sealed audit log."""
    for number in range(CERTIFICATES):
        person = make_person(f"learner{number}@example.org", f"Nguyễn {number}")
        study = make_enrollment(person)
        _add_certificate(study.enrollment, number)
    audit.record("key.created", actor_id=None, facts={"n": 1})
    db.session.commit()
    audit_chain.seal_everything(clock.now())


def _add_certificate(enrollment: Enrollment, number: int) -> None:
    content = f"certificate {number}\x00\\\n".encode() * 50
    row = Certificate(
        number=f"2026-{number:06}",
        verification_code=f"CODE{number}",
        enrollment_id=enrollment.id,
        person_id=enrollment.person_id,
        edition_id=enrollment.edition_id,
        printed_name="Ольга\tC:\\N",
        completed_at=clock.now(),
        completed_on=clock.now().date(),
        issued_at=clock.now(),
        attestation="I did\nthe work",
        facts={"ä": [1, None, 2.5]},
    )
    db.session.add(row)
    db.session.flush()
    db.session.add(
        CertificateDocument(
            certificate_id=row.id,
            variant="standard",
            media_type="application/pdf",
            sha256=hashlib.sha256(content).hexdigest(),
            content=content,
            rendered_at=clock.now(),
        )
    )
    db.session.flush()


def _write_on(app: Flask, stop: threading.Event, wrote: list[int]) -> None:
    with app.app_context():
        while not stop.is_set():
            audit.record("key.created", actor_id=None, subject=f"key:{wrote[0]}")
            db.session.commit()
            wrote[0] += 1


def _wait_for(wrote: list[int], count: int) -> None:
    waiting = threading.Event()
    for _ in range(1000):
        if wrote[0] >= count:
            return
        waiting.wait(0.01)
    raise AssertionError("the writer stands still")


def _back_up(archive: Path, media: Path) -> Manifest:
    told: list[tuple[int, int]] = []
    manifest = backup.write_backup(archive, media, clock.now(), lambda *at: told.append(at))
    assert told[-1][0] == told[-1][1], "progress ends at the whole"
    return manifest


def _restore(archive: Path, data: Path) -> None:
    def migrate(revision: str) -> None:
        upgrade(directory=str(PROJECT / "migrations"), revision=revision)

    restore.restore_backup(archive, data, data / "media", clock.now(), migrate, lambda *_: None)


def _check_restored(manifest: Manifest) -> None:
    assert manifest.rows["certificate"] == CERTIFICATES
    assert db.session.scalar(select(func.count()).select_from(Person)) == CERTIFICATES
    documents = db.session.scalars(select(CertificateDocument)).all()
    assert len(documents) == CERTIFICATES
    assert all(hashlib.sha256(one.content).hexdigest() == one.sha256 for one in documents)
    assert db.session.scalars(select(Certificate.printed_name)).first() == "Ольга\tC:\\N"
    assert audit_chain.read_head() == manifest.audit_head
    audit_chain.seal_everything(clock.now())
    assert audit_chain.verify().faults == []


def _check_media(tmp_path: Path) -> None:
    for folder in ("source", "target"):
        (tmp_path / folder / "media").mkdir(exist_ok=True)
    names = [
        sorted(
            str(p.relative_to(tmp_path / folder)) for p in (tmp_path / folder).rglob("media/*/*")
        )
        for folder in ("source", "target")
    ]
    assert names[0] == names[1]


def _spoil(archive: Path, how: str) -> None:
    content = bytearray(archive.read_bytes())
    if how == "a byte":
        content[3000] ^= 1
    elif how == "the end":
        content = content[: len(content) // 2]
    elif how == "another file":
        at = content.index(b"database/database.sqlite3")
        content[at : at + 10] = b"../../../e"
        header = content[at : at + 512]
        header[148:156] = b" " * 8
        content[at + 148 : at + 156] = b"%06o\0 " % sum(header)
    else:
        at = content.index(b'"format": 1')
        content[at : at + 11] = b'"format": 9'
    archive.write_bytes(bytes(content))


def _named(url: str, name: str) -> str:
    if not url:
        return ""
    return sqlalchemy.make_url(url).set(database=name).render_as_string(hide_password=False)


def _on_server(url: str, statements: list[str]) -> None:
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()
