"""Where a login may lead: only ever to a path of our own site."""

import pytest
from flask import Flask

from blueprints.accounts.return_to import safe_path

HOME = "/learn"


@pytest.fixture
def places() -> Flask:
    """An application that knows the learner's courses, and nothing else."""
    app = Flask(__name__)
    app.add_url_rule(HOME, endpoint="enrollment.list_my_courses", view_func=lambda: "")
    return app


@pytest.mark.parametrize(
    ("path", "expected", "why"),
    [
        ("/courses/small", "/courses/small", "a path of ours"),
        ("/learn/small/units/1/x?t=30#m1", "/learn/small/units/1/x?t=30#m1", "with all its parts"),
        ("/search?q=//evil.example", "/search?q=//evil.example", "slashes in a query lead nowhere"),
        ("/redirect?to=https://evil.example", "/redirect?to=https://evil.example", "nor do these"),
        (None, HOME, "nothing was asked"),
        ("", HOME, "nothing was asked"),
        ("courses", HOME, "not from the root: it would depend on where one is"),
        ("https://evil.example/", HOME, "another site"),
        ("HTTPS:evil.example", HOME, "a scheme without slashes is followed by browsers"),
        ("javascript:alert(1)", HOME, "a script"),
        ("data:text/html,x", HOME, "a page of the attacker's own"),
        ("//evil.example/", HOME, "another host, our scheme"),
        ("///evil.example/", HOME, "browsers read it as //"),
        ("/\\evil.example", HOME, "browsers turn backslashes"),
        ("\\\\evil.example", HOME, "browsers turn backslashes"),
        ("/\t/evil.example", HOME, "browsers drop tabs: //evil.example is left"),
        ("/\n/evil.example", HOME, "browsers drop line ends"),
        (" //evil.example", HOME, "browsers drop leading space"),
        ("/\x7fx", HOME, "a control character"),
        ("//evil.example\\@localhost/", HOME, "a name that looks like ours"),
        ("/login", HOME, "it would lead in a circle"),
        ("/login?next=/login", HOME, "it would lead in a circle"),
        ("/register", HOME, "they have an account"),
        ("/logout", HOME, "it would end what has just begun"),
    ],
)
def test_safe_path(places: Flask, path: str | None, expected: str, why: str) -> None:
    with places.test_request_context():
        assert safe_path(path) == expected, why
