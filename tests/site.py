"""A browser without scripts for tests: keeps cookies, sends the form's token, checks each page."""

import re
from collections import Counter
from urllib.parse import urlsplit

import html5lib
from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from extensions import db

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)", re.IGNORECASE)
XHTML = "{http://www.w3.org/1999/xhtml}"
UNLABELLED_TYPES = frozenset({"hidden", "submit", "button", "image"})


class Site:
    """What a person sees and does, as requests. Every HTML page is parsed and checked."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self.token = ""

    def get(self, path: str, *, htmx: bool = False, may_write: bool = False) -> TestResponse:
        """GET without following; fails if the page is malformed or, unless declared, writes."""
        with _WriteWatch(self.app) as watch:
            response = self.client.get(path, headers=_headers(htmx))
        if not may_write:
            assert not watch.statements, f"GET {path} wrote: {watch.statements}"
        return self._checked(response, htmx)

    def post(
        self, path: str, data: dict[str, object] | None = None, *, htmx: bool = False
    ) -> TestResponse:
        """POST a form with the token of the latest page (a page is fetched if there is none)."""
        if not self.token and self.get("/login").status_code != 200:
            self.get("/account")
        fields = {"csrf_token": self.token, **(data or {})}
        return self._checked(self.client.post(path, data=fields, headers=_headers(htmx)), htmx)

    def follow(self, response: TestResponse, *, may_write: bool = False) -> TestResponse:
        """Follow redirects of our own site until a page."""
        while response.status_code in (302, 303):
            parts = urlsplit(response.headers["Location"])
            assert not parts.netloc or parts.netloc == "localhost", parts
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            response = self.get(path, may_write=may_write)
        return response

    def log_in(self, email: str, password: str = "") -> TestResponse:
        """Log in as somebody made by the factories."""
        from tests.factories import PASSWORD

        self.token = ""
        response = self.post("/login", {"email": email, "password": password or PASSWORD})
        self.token = ""
        return response

    def forget_login(self) -> None:
        """Lose the session's token but not whose browser it is, as an idle session does."""
        with self.client.session_transaction() as session:
            session["seen"] = 0

    def _checked(self, response: TestResponse, htmx: bool) -> TestResponse:
        if response.mimetype != "text/html" or not response.data:
            return response
        text = response.get_data(as_text=True)
        if htmx and response.status_code < 300:
            assert "<html" not in text, "an HTMX answer holds a whole page"
            return response
        if "<html" in text and response.status_code not in (301, 302, 303, 304):
            self._remember_token(text)
            check_page(text)
        return response

    def _remember_token(self, text: str) -> None:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
        self.token = found[1] if found else self.token


def check_page(text: str) -> None:
    """Fail on malformed HTML, repeated ids, fields without a label, not exactly one h1."""
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=True)
    tree = parser.parse(text)
    assert not parser.errors, f"malformed HTML: {parser.errors[:3]}"
    ids = Counter(element.get("id") for element in tree.iter() if element.get("id"))
    repeated = [name for name, times in ids.items() if times > 1]
    assert not repeated, f"repeated ids: {repeated}"
    assert len(list(tree.iter(f"{XHTML}h1"))) == 1, "a page has exactly one h1"
    cutting = [field.get("name") for field in tree.iter() if field.get("maxlength")]
    assert not cutting, f"a browser cuts what is pasted into {cutting}, without a word"
    unlabelled = _list_unlabelled(tree)
    assert not unlabelled, f"fields without a label: {unlabelled}"


def _list_unlabelled(tree) -> list[str]:  # type: ignore[no-untyped-def]
    labelled = {label.get("for") for label in tree.iter(f"{XHTML}label")}
    wrapped = {
        id(field)
        for label in tree.iter(f"{XHTML}label")
        for field in label.iter()
        if field is not label
    }
    fields = [
        element
        for tag in ("input", "select", "textarea")
        for element in tree.iter(XHTML + tag)
        if element.get("type") not in UNLABELLED_TYPES
    ]
    return [
        str(field.get("name"))
        for field in fields
        if field.get("id") not in labelled
        and id(field) not in wrapped
        and not field.get("aria-label")
        and not field.get("aria-labelledby")
    ]


class _WriteWatch:
    """Notes every statement that writes while it is on."""

    def __init__(self, app: Flask) -> None:
        self.statements: list[str] = []
        with app.app_context():
            self.engine = db.engine

    def __enter__(self) -> "_WriteWatch":
        event.listen(self.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, connection, cursor, statement, parameters, context, many) -> None:  # type: ignore[no-untyped-def]
        if WRITES.match(statement):
            self.statements.append(statement[:120])


def _headers(htmx: bool) -> dict[str, str]:
    return {"HX-Request": "true"} if htmx else {}
