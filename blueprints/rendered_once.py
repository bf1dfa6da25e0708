"""Parts of pages that say the same to everybody: rendered once in a process, then kept.

`once(template, **given)` renders a template with what it is given and nothing else, and keeps the
result for exactly that. Such a template cannot know who asks: request, session, form token and
the person's time zone are not there. What is given never changes: text, numbers, truth values,
dates, tuples of them, and the outlines of editions (the same as themselves only).
"""

from functools import lru_cache
from typing import Any

from flask import Flask
from jinja2 import Environment
from markupsafe import Markup

from blueprints import filled_pages

KEPT = 1024
PERSONAL_FILTERS = frozenset({"local", "local_date", "local_clock"})
IMPERSONAL_GLOBALS = frozenset({"asset", "dict", "namespace", "range", "url_for"})


def init_app(app: Flask) -> None:
    """Give templates `once`. Comes after the filters and the assets of pages."""
    environment = make_impersonal(app.jinja_env)

    @lru_cache(maxsize=KEPT)
    def once(template: str, **given: Any) -> Markup:
        return Markup(environment.get_template(template).render(given))  # noqa: S704 - escaped there

    app.jinja_env.globals["once"] = environment.globals["once"] = once
    filled_pages.init_app(app, environment)


def make_impersonal(pages: Environment) -> Environment:
    """The environment of pages without anything that differs from request to request."""
    environment = pages.overlay()
    environment.cache = {}
    environment.filters = {
        name: found for name, found in pages.filters.items() if name not in PERSONAL_FILTERS
    }
    environment.globals = {
        name: found for name, found in pages.globals.items() if name in IMPERSONAL_GLOBALS
    }
    return environment
