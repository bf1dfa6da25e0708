"""The command groups of the operator, added to `flask`."""

from flask import Flask

from commands.center import center
from commands.courses import courses
from commands.people import people
from commands.work import worker


def init_app(app: Flask) -> None:
    for group in (center, courses, people, worker):
        app.cli.add_command(group)
