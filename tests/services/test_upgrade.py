"""A newer program on an older database: it starts in order to migrate, and serves only then."""

from pathlib import Path

from flask_migrate import upgrade

from app import create_app
from config import PROJECT
from extensions import db
from models.append_only import list_missing_triggers
from tests.conftest import test_settings


def test_a_new_version_starts_on_an_old_database_and_migrates_it(tmp_path: Path) -> None:
    app = create_app(test_settings(tmp_path))
    with app.app_context():
        upgrade(directory=str(PROJECT / "migrations"), revision="0001")
        assert list_missing_triggers(db.session.connection()) != []
        db.session.remove()
        db.engine.dispose()
    newer = create_app(test_settings(tmp_path))
    assert newer.test_client().get("/healthz").status_code == 503
    refused = newer.test_cli_runner().invoke(args=["center", "run"])
    assert "center prepare" in refused.output
    prepared = newer.test_cli_runner().invoke(args=["center", "prepare"])
    assert prepared.exit_code == 0, prepared.output
    assert newer.test_client().get("/healthz").status_code == 200
    with newer.app_context():
        assert list_missing_triggers(db.session.connection()) == []
        db.session.remove()
        db.engine.dispose()
