"""The command groups of the operator, added to `flask`."""

from flask import Flask

from commands.audit import audit
from commands.backups import backup, restore
from commands.center import center
from commands.courses import courses
from commands.doctor import doctor
from commands.people import people
from commands.retention import retention
from commands.work import worker


def init_app(app: Flask) -> None:
    for group in (audit, backup, center, courses, doctor, people, restore, retention, worker):
        app.cli.add_command(group)
