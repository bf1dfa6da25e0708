"""Contact Hour: the whole application; for commands on course folders, only those commands."""

import sys

from flask import Flask

from commands import course_text
from config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application. Raises ConfigurationError or UnsafeDatabase, never starts wrong.

    `flask courses check` reads files and nothing else: it waits for no page and no database.
    """
    if settings is None and course_text.is_asked_for(sys.argv[1:]):
        return course_text.create_app()
    from assembly import assemble

    return assemble(settings)
