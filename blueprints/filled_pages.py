"""Pages of a person, most of which say the same to everybody: made once, then only filled in.

A page is rendered once for what it is given that belongs to nobody, with slots where personal
values stand, in the environment of `rendered_once`, which cannot know who asks. For each request
the values are escaped and put into the slots; they are not kept.
"""

import re
import secrets
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import Flask, current_app
from jinja2 import Environment
from markupsafe import Markup, escape

KEPT = 512
_MARK = secrets.token_hex(12)
"""Of this process: no text of a course can look like a slot."""
_SLOT = re.compile(rf"{_MARK}\.(\w+)\.")


def init_app(app: Flask, environment: Environment) -> None:
    @lru_cache(maxsize=KEPT)
    def cut(template: str, **given: Any) -> tuple[str, ...]:
        return tuple(_SLOT.split(environment.get_template(template).render(given)))

    app.extensions["filled_pages"] = cut


def slot(name: str) -> Markup:
    """Where a personal value will stand. Nothing can be asked of it: it is always the same text."""
    return Markup(f"{_MARK}.{name}.")  # noqa: S704 - no markup in it


def fill(template: str, given: Mapping[str, Any], personal: Mapping[str, str]) -> str:
    """The page for what it is given (see `once`), with this person's values in its slots."""
    parts = list(current_app.extensions["filled_pages"](template, **given))
    for place in range(1, len(parts), 2):
        parts[place] = escape(personal[parts[place]])
    return "".join(parts)
