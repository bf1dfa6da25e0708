"""Whether this installation can answer requests: the database answers, migrations are at head."""

from sqlalchemy.exc import SQLAlchemyError

from extensions import db
from models.schema_version import is_at_head

OK = "ok"


def check() -> dict[str, str]:
    """Each thing that must be right by name: 'ok', or what is wrong in words."""
    try:
        at_head = is_at_head(db.session.connection())
    except SQLAlchemyError:
        return {"database": "does not answer", "migrations": "unknown"}
    finally:
        db.session.rollback()
    return {"database": OK, "migrations": OK if at_head else "not at head"}
