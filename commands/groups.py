"""The command groups of the operator, added to `flask`."""

from flask import Flask

from commands.audit import audit
from commands.center import center
from commands.courses import courses
from commands.people import people
from commands.work import worker


def init_app(app: Flask) -> None:
    for group in (audit, center, courses, people, worker):
        app.cli.add_command(group)
