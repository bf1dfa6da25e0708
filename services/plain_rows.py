"""Reading plain rows for pages that are asked for all the time: no entities, half the cost."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CursorResult, Executable

from extensions import db


def read(statement: Executable, given: Mapping[str, Any]) -> CursorResult[*tuple[Any, ...]]:
    """Execute a statement made once, in the session's transaction, after what is pending.

    The rows are tuples of columns; nothing is loaded into the session.
    """
    db.session.flush()
    return db.session.connection().execute(statement, given)
