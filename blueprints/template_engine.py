"""How templates are read: strictly, their components made once, addresses remembered."""

from flask import Flask
from jinja2 import StrictUndefined, Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context

from blueprints.links import address


class PageTemplate(Template):
    """A template whose macros are made once, instead of being looked over at each import.

    The components are imported without context and take everything as arguments, so that they
    are the same for every page.
    """

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


def init_app(app: Flask) -> None:
    environment = app.jinja_env
    environment.template_class = PageTemplate
    environment.cache = {}  # every template is kept: there are a few dozen
    environment.undefined = StrictUndefined
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    environment.globals["url_for"] = address
