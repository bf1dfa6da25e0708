"""The outbox: a mail is a row in the transaction that makes it necessary; the worker sends it."""

import logging
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import clock
from extensions import db
from models import OutgoingMail
from services import jobs

LOG = logging.getLogger("contact_hour.mail")
SMTP_TIMEOUT_S = 20


def queue(recipient: str, subject: str, body: str) -> OutgoingMail:
    """Put a mail in the outbox, with the job that sends it, in the transaction in progress."""
    mail = OutgoingMail(
        recipient=recipient,
        subject=" ".join(subject.split())[:200],
        body=body,
        message_id=f"<{uuid4().hex}@contact-hour>",
        created_at=clock.now(),
    )
    db.session.add(mail)
    db.session.flush()
    jobs.enqueue("mail", mail.id, key=f"mail-{mail.id}")
    return mail


def find_unsent(mail_id: int) -> OutgoingMail | None:
    """The mail, unless it has been sent already."""
    mail = db.session.get(OutgoingMail, mail_id)
    return mail if mail is not None and mail.sent_at is None else None


def mark_sent(mail_id: int, now: datetime) -> None:
    mail = db.session.get_one(OutgoingMail, mail_id)
    mail.sent_at = now
    db.session.flush()


def as_message(mail: OutgoingMail, sender: str) -> EmailMessage:
    """The mail as a message. Its Message-ID stays the same over every retry."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    message.set_content(mail.body)
    return message


def deliver(message: EmailMessage, smtp_url: str | None, folder: Path) -> None:
    """Send by SMTP, or write a file where no SMTP server is set. Raises OSError or SMTPException.

    `smtp_url`: smtp://user:password@host:587 (STARTTLS when offered) or smtps://host:465.
    """
    if smtp_url is None:
        _write_to_file(message, folder)
        return
    with connect(smtp_url) as server:
        server.send_message(message)


@contextmanager
def connect(smtp_url: str) -> Iterator[smtplib.SMTP]:
    """A connection to the SMTP server, encrypted where it offers to be, logged in.

    Raises OSError or SMTPException.
    """
    url = urlsplit(smtp_url)
    host = url.hostname or ""
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if url.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, url.port or 465, timeout=SMTP_TIMEOUT_S, context=context)
    else:
        server = smtplib.SMTP(host, url.port or 587, timeout=SMTP_TIMEOUT_S)
    with server:
        if url.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls(context=context)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        yield server


def _write_to_file(message: EmailMessage, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{clock.now():%Y%m%d-%H%M%S}-{message['Message-ID'].strip('<>').split('@')[0][:8]}.eml"
    (folder / name).write_bytes(bytes(message))
    LOG.warning("no SMTP server is set: mail to %s written to %s", message["To"], folder / name)
