"""The outbox and its jobs: none done twice, none lost, mail sent with retries."""

import smtplib
import threading
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select, update

import clock
from commands.work import job_handlers
from extensions import db
from models import Job, OutgoingMail
from services import jobs, mail
from services.pdf.drawing_process import DrawingProcess
from tests.at_once import at_once, own_app
from tests.ports import free_port

__all__ = ["own_app"]
MANY = 30


def test_no_job_is_done_twice(own_app: Flask) -> None:
    with own_app.app_context():
        for number in range(MANY):
            jobs.enqueue("count", number)
        db.session.commit()
    done: list[int] = []
    lock = threading.Lock()

    def count(number: int) -> None:
        with lock:
            done.append(number)

    at_once(own_app, 3, lambda n: jobs.work_off(f"worker-{n}", {"count": count}))
    assert sorted(done) == list(range(MANY))


def test_a_job_of_a_rolled_back_transaction_never_was(own_app: Flask) -> None:
    with own_app.app_context():
        jobs.enqueue("count", 1)
        db.session.rollback()
        assert not jobs.is_any_due(clock.now())


def test_a_failing_job_is_put_off_and_tried_again(own_app: Flask) -> None:
    with own_app.app_context():
        jobs.enqueue("fails", 7)
        db.session.commit()

        def fail(_: int) -> None:
            raise OSError("no route")

        jobs.work_off("worker", {"fails": fail})
        job = db.session.scalars(select(Job)).one()
        assert (job.state, job.tries) == ("queued", 1)
        assert "no route" in (job.error or "")
        assert job.run_at > clock.now()


def test_a_dead_workers_job_is_taken_over_and_its_late_end_refused(own_app: Flask) -> None:
    with own_app.app_context():
        jobs.enqueue("count", 1)
        db.session.commit()
        lost = jobs.claim("dead", clock.now())
        assert lost is not None
        assert jobs.claim("other", clock.now()) is None, "the lease still holds"
        later = clock.now() + jobs.LEASE + timedelta(seconds=1)
        taken = jobs.claim("other", later)
        assert taken is not None and taken.tries == 2
        assert not jobs.finish(lost, "dead", later)
        assert jobs.finish(taken, "other", later)


class Inbox:
    """An SMTP server that keeps what it gets, and refuses while `refuses` is set."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.refuses = False
        self.url = ""

    async def handle_DATA(self, server, session, envelope) -> str:  # type: ignore[no-untyped-def]  # noqa: N802
        if self.refuses:
            return "451 try again later"
        self.messages.append(envelope.content)
        return "250 OK"


@pytest.fixture
def inbox():  # type: ignore[no-untyped-def]
    handler = Inbox()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port, ready_timeout=60)
    controller.start()
    handler.url = f"smtp://127.0.0.1:{port}"
    yield handler
    controller.stop()


def test_mail_is_sent_once_its_message_id_staying_the_same(
    own_app: Flask, inbox: Inbox, tmp_path: Path
) -> None:
    with own_app.app_context():
        queued = mail.queue("ana@example.org", "Grüße\r\nBcc: evil@example.org", "Ein Text: ñ")
        message = mail.as_message(queued, "center@example.org")
        db.session.commit()
        inbox.refuses = True
        with pytest.raises(smtplib.SMTPException):
            mail.deliver(message, inbox.url, tmp_path)
        inbox.refuses = False
        mail.deliver(message, inbox.url, tmp_path)
        again = mail.as_message(db.session.get_one(OutgoingMail, queued.id), "center@example.org")
    assert message["Message-ID"] == again["Message-ID"]
    assert len(inbox.messages) == 1
    assert b"\nBcc:" not in inbox.messages[0]


def test_without_smtp_mail_becomes_a_file_and_the_log_says_so(
    own_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    settings = own_app.config["SETTINGS"]
    with own_app.app_context(), DrawingProcess() as process:
        mail.queue("ana@example.org", "Hello", "A text")
        db.session.commit()
        assert jobs.work_off("worker", job_handlers(settings, process)) == 1
        assert db.session.scalars(select(OutgoingMail)).one().sent_at is not None
    files = list(settings.mail_folder.glob("*.eml"))
    assert len(files) == 1
    assert "no SMTP server is set" in caplog.text


def test_mail_waits_while_the_server_refuses(own_app: Flask) -> None:
    with own_app.app_context():
        mail.queue("ana@example.org", "Hello", "A text")
        db.session.commit()

        def refuse(_: int) -> None:
            raise smtplib.SMTPServerDisconnected("gone")

        for _ in range(3):
            jobs.work_off("worker", {"mail": refuse})
            db.session.execute(update(Job).values(run_at=clock.now()))
            db.session.commit()
        job = db.session.scalars(select(Job)).one()
        assert (job.state, job.tries) == ("queued", 3)
        assert timedelta(days=3) < jobs.MOST_TRIES * jobs.LONGEST_WAIT


def test_a_message_is_whole(own_app: Flask) -> None:
    with own_app.app_context():
        queued = mail.queue("ana@example.org", "Subject", "Body")
        message: EmailMessage = mail.as_message(queued, "center@example.org")
    assert message["To"] == "ana@example.org"
    assert message["From"] == "center@example.org"
    assert message.get_content() == "Body\n"
