"""Commands that read or write the database."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from extensions import db
from models.schema_version import is_at_head

P, R = ParamSpec("P"), TypeVar("R")
NOT_PREPARED = "The database is not prepared for this version. Run: flask center prepare"


def on_database(command: Callable[P, R]) -> Callable[P, R]:
    """Run a command within the application, and say in words if the database is not prepared."""

    @with_appcontext
    @wraps(command)
    def run(*given: P.args, **named: P.kwargs) -> R:
        try:
            return command(*given, **named)
        except DBAPIError as error:
            if _is_prepared():
                raise
            raise click.ClickException(NOT_PREPARED) from error

    return run


def _is_prepared() -> bool:
    db.session.rollback()
    return is_at_head(db.session.connection())
