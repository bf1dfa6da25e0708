"""A real Chromium against a live server with the courses that ship with the product."""

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from sqlalchemy import delete
from werkzeug.serving import WSGIRequestHandler, make_server

import clock
from app import create_app
from commands.demonstration import ensure_accounts
from commands.work import job_handlers
from config import PROJECT, Settings
from extensions import db
from models import Throttle
from services import editions, installation, jobs, provider
from services.pdf.drawing_process import DrawingProcess
from tests.conftest import test_settings
from tests.ports import free_port

FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--autoplay-policy=no-user-gesture-required",
] + (["--no-sandbox"] if os.geteuid() == 0 else [])


LONGEST_WAIT_MS = 60_000
"""Of what happens at once unless the machine stalls."""
expect.set_options(timeout=LONGEST_WAIT_MS)


@dataclass(frozen=True)
class Center:
    """A running learning center: its address, its application, its settings."""

    url: str
    app: Flask
    settings: Settings

    def work_off(self) -> int:
        """Do what the worker would do now."""
        with self.app.app_context(), DrawingProcess() as process:
            done = jobs.work_off("test-worker", job_handlers(self.settings, process))
            db.session.remove()
        return done


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(autouse=True)
def remembered_afresh() -> None:
    """Another test's installation, in the same process, has other courses under the same ids."""
    editions.forget()
    provider.forget()


@pytest.fixture(scope="session")
def center(shared_memory: Path) -> Iterator[Center]:
    port = free_port()
    settings = replace(
        test_settings(shared_memory / "center"), port=port, base_url=f"http://127.0.0.1:{port}"
    )
    app = create_app(replace(settings, trusted_hosts=("127.0.0.1", "localhost")))
    with app.app_context():
        upgrade(directory=str(PROJECT / "migrations"))
        list(installation.install_content(settings.content, settings.media_folder, clock.now()))
        ensure_accounts(clock.now())
        db.session.commit()
        db.session.remove()
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Center(settings.base_url, app, settings)
    server.shutdown()
    server.server_close()
    thread.join()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield launched
        launched.close()


def forget_tries(center: Center) -> None:
    """What limits count: all tests' people have one address, and all of a role are one person."""
    with center.app.app_context():
        db.session.execute(delete(Throttle))
        db.session.commit()
        db.session.remove()


@pytest.fixture
def new_context(browser: Browser, center: Center) -> Iterator[object]:
    """Makes browser contexts (`scripts`, and whatever else a context takes); closes them after."""
    forget_tries(center)
    made: list[BrowserContext] = []

    def make(*, scripts: bool = True, **options: object) -> BrowserContext:
        context = browser.new_context(
            java_script_enabled=scripts,
            base_url=center.url,
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(LONGEST_WAIT_MS)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()
