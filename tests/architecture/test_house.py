"""The house's own rules: every route listed, templates compile, migrations match, sizes."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import text

from blueprints.access import ACCESS
from config import PROJECT
from extensions import db
from models.append_only import GUARDS, create_triggers, list_missing_triggers
from models.base import Base
from models.safety import UnsafeDatabase, refuse_unsafe
from tests.conftest import Installation

ROOMS = ("blueprints", "commands", "services", "models", "domain", "course_format")
LONGEST_FILE = 400
LONGEST_FUNCTION = 60


def list_sources() -> list[Path]:
    top = [
        PROJECT / name for name in ("app.py", "assembly.py", "assets.py", "clock.py", "config.py")
    ]
    return top + [path for room in ROOMS for path in sorted((PROJECT / room).rglob("*.py"))]


def test_every_route_is_in_the_access_list(sqlite_installation: Installation) -> None:
    routes = {rule.endpoint for rule in sqlite_installation.app.url_map.iter_rules()}
    assert routes - set(ACCESS) == set(), "a route without an audience is closed to everyone"
    assert set(ACCESS) - routes == set(), "the access list names routes that do not exist"


def test_a_route_that_is_not_listed_is_closed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ACCESS, "catalog.show_catalogue")
    assert app.test_client().get("/").status_code in (302, 303, 403)


def test_every_template_compiles(sqlite_installation: Installation) -> None:
    app = sqlite_installation.app
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)


def test_no_template_has_inline_style_or_script() -> None:
    for path in (PROJECT / "templates").rglob("*.html"):
        if "pdf" in path.parts:
            continue
        source = path.read_text()
        assert " style=" not in source, path
        assert "<style" not in source, path
        assert " onclick=" not in source and "hx-on" not in source, path


def test_layers_hold() -> None:
    tool = Path(sys.executable).with_name("lint-imports")
    finished = subprocess.run([tool], cwd=PROJECT, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stdout


def test_migrations_match_the_models(context: Flask) -> None:
    connection = db.session.connection()
    differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    own = ("alembic_version", "course_search")
    assert [d for d in differences if not any(name in str(d) for name in own)] == []


def test_guards_stand_and_refuse(context: Flask) -> None:
    connection = db.session.connection()
    assert list_missing_triggers(connection) == []
    with pytest.raises(Exception, match="append-only"), db.session.begin_nested():
        connection.execute(text("UPDATE edition SET title = 'other'"))


def test_the_start_notices_a_missing_guard(context: Flask) -> None:
    connection = db.session.connection()
    guard = GUARDS[0]
    on_table = "" if connection.dialect.name == "sqlite" else f" ON {guard.table}"
    connection.execute(text(f"DROP TRIGGER {guard.name}{on_table}"))
    with pytest.raises(UnsafeDatabase, match=guard.name):
        refuse_unsafe(connection)
    create_triggers(connection)
    refuse_unsafe(connection)


@pytest.mark.parametrize("path", list_sources(), ids=str)
def test_files_and_functions_stay_small(path: Path) -> None:
    source = path.read_text()
    assert len(source.splitlines()) <= LONGEST_FILE
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"
