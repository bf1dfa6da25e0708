"""Whether this installation can answer requests: the database answers, migrations are at head."""

from functools import lru_cache

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from config import PROJECT
from extensions import db

OK = "ok"


def check() -> dict[str, str]:
    """Each thing that must be right by name: 'ok', or what is wrong in words."""
    try:
        present = read_heads()
    except SQLAlchemyError:
        return {"database": "does not answer", "migrations": "unknown"}
    finally:
        db.session.rollback()
    at_head = present == _expected_heads()
    return {"database": OK, "migrations": OK if at_head else "not at head"}


def read_heads() -> frozenset[str]:
    """The migrations that the database stands at."""
    context = MigrationContext.configure(db.session.connection())
    return frozenset(context.get_current_heads())


@lru_cache(maxsize=1)
def _expected_heads() -> frozenset[str]:
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "migrations"))
    return frozenset(ScriptDirectory.from_config(config).get_heads())
