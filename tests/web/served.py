"""Every byte that somebody is served: a crawl of all links, and of all routes with own values."""

import re
from html import unescape
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter
from werkzeug.test import TestResponse

from blueprints.access import ACCESS, Audience
from tests.site import Site

LINKS = re.compile(r'(?:href|src|action|poster|data-[a-z-]*url|data-hx-get)="([^"]+)"')
NOT_FOLLOWED = ("/logout", "/login")
MOST_PAGES = 400


def as_bytes(response: TestResponse) -> str:
    """Status, headers and body of an answer as one text."""
    body = response.get_data().decode("utf-8", "replace")
    return f"{response.status}\n{response.headers}\n{body}"


def crawl(site: Site, starts: list[str]) -> dict[str, str]:
    """Everything that links lead to from some pages, by path: pages, files, exports, scripts."""
    served: dict[str, str] = {}
    waiting = list(starts)
    while waiting and len(served) < MOST_PAGES:
        path = waiting.pop()
        if path in served or path.startswith(NOT_FOLLOWED):
            continue
        response = site.client.get(path)
        served[path] = as_bytes(response)
        if response.status_code in (301, 302, 303):
            waiting.append(_own_path(response.headers["Location"]))
        elif response.mimetype == "text/html":
            text = response.get_data(as_text=True)
            waiting += [_own_path(unescape(link)) for link in LINKS.findall(text)]
        response.close()
        waiting = [path for path in waiting if path]
    assert len(served) < MOST_PAGES, "the crawl does not end"
    return served


def routes_for_learners(app: Flask, values: dict[str, object]) -> list[str]:
    """The address of every GET route that a learner may ask for, filled with their own values."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or ACCESS.get(rule.endpoint) not in (
                Audience.ANYONE,
                Audience.LEARNER,
            ):
                continue
            given = {name: values.get(name, values["slug"]) for name in rule.arguments}
            for name, converter in rule._converters.items():
                if name not in values:
                    given[name] = _any_value(converter, values)
            found.append(app.url_for(rule.endpoint, **given))
    return [_own_path(path) for path in found]


def _any_value(converter: BaseConverter, values: dict[str, object]) -> object:
    """A value that an address takes, where nothing of the learner's own fits."""
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    return 1 if isinstance(converter, IntegerConverter) else values["slug"]


def _own_path(link: str) -> str:
    """The path on our own site; '' for everything else."""
    parts = urlsplit(link)
    if parts.netloc not in ("", "localhost") or parts.scheme not in ("", "http"):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "") if parts.path else ""
