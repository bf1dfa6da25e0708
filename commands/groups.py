"""The command groups of the operator, added to `flask`."""

from flask import Flask

from commands.audit import audit
from commands.backups import backup, restore
from commands.center import center
from commands.certificates import certificates
from commands.courses import courses
from commands.doctor import doctor
from commands.people import people
from commands.retention import retention
from commands.work import worker


def init_app(app: Flask) -> None:
    groups = (audit, backup, center, certificates, courses, doctor)
    for group in (*groups, people, restore, retention, worker):
        app.cli.add_command(group)
