"""What was put in the outbox, for tests."""

import re

from flask import Flask
from sqlalchemy import select

from extensions import db
from models import OutgoingMail


def list_mail(app: Flask, to: str) -> list[OutgoingMail]:
    """The mails to an address, the oldest first."""
    with app.app_context():
        query = select(OutgoingMail).where(OutgoingMail.recipient == to).order_by(OutgoingMail.id)
        return list(db.session.scalars(query))


def latest_path(app: Flask, to: str) -> str:
    """The path of the link in the latest mail to an address."""
    found = re.search(r"http://[^/\s]+(/\S+)", list_mail(app, to)[-1].body)
    assert found is not None
    return found[1]
