"""The application, assembled on one screen: configuration, extensions, pages, commands."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import assets
import blueprints.addresses
import blueprints.areas
import blueprints.errors
import blueprints.gate
import blueprints.headers
import blueprints.page_context
import blueprints.player.sign_lane
import blueprints.rendered_once
import blueprints.request_log
import blueprints.template_engine
import commands.groups
from blueprints.http import may_write
from config import Settings, load_settings
from extensions import csrf, db, htmx, login_manager, migrate
from models.safety import refuse_unsafe
from models.sqlite import configure_sqlite


def assemble(settings: Settings | None = None) -> Flask:
    """Build the application. Raises ConfigurationError or UnsafeDatabase, never starts wrong."""
    settings = settings or load_settings()
    app = Flask("app", static_folder=None)
    app.ensure_sync = _as_it_is  # type: ignore[method-assign]
    app.config.from_mapping(settings.for_flask())
    settings.data.mkdir(parents=True, exist_ok=True)

    db.init_app(app)
    migrate.init_app(app, db)
    csrf.init_app(app)
    htmx.init_app(app)
    login_manager.init_app(app, add_context_processor=False)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            configure_sqlite(db.engine, may_write)
        with db.engine.connect() as connection:
            refuse_unsafe(connection)

    blueprints.player.sign_lane.init_app(app)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies
        )
    blueprints.addresses.init_app(app)
    blueprints.request_log.init_app(app)
    blueprints.gate.init_app(app)
    blueprints.headers.init_app(app)
    blueprints.template_engine.init_app(app)
    blueprints.page_context.init_app(app)
    blueprints.errors.init_app(app)
    blueprints.areas.init_app(app)
    commands.groups.init_app(app)
    assets.init_app(app, settings)
    blueprints.rendered_once.init_app(app)
    return app


def _as_it_is(function: Callable[..., Any]) -> Callable[..., Any]:
    """No view is asynchronous: nothing has to find that out a dozen times in each request."""
    return function
