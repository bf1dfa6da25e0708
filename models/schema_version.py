"""Which migrations the database stands at, and which this version of the program needs."""

from functools import lru_cache
from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def read_heads(connection: Connection) -> frozenset[str]:
    """The migrations that the database stands at; none for an empty one."""
    return frozenset(MigrationContext.configure(connection).get_current_heads())


def is_at_head(connection: Connection) -> bool:
    """Whether the database is as this version of the program needs it."""
    return read_heads(connection) == _expected_heads()


@lru_cache(maxsize=1)
def _expected_heads() -> frozenset[str]:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return frozenset(ScriptDirectory.from_config(config).get_heads())
