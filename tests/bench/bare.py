"""The bare framework: what everything is measured by.

`/`: one page from a template. `/queries`: a page for somebody logged in, with three queries and
a list of twenty rows, as any small Flask product has. POST `/`: nothing at all. POST `/rows/n`:
one row written for somebody logged in.
"""

import os
import tempfile

from flask import Flask, request
from flask_login import LoginManager, UserMixin, login_required, login_user
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event

app = Flask(__name__)
app.secret_key = "bare"
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///" + os.path.join(  # noqa: PTH118
    tempfile.gettempdir(), "contact-hour-bare.sqlite3"
)
db = SQLAlchemy(app)
login = LoginManager(app)
PAGE = "<!DOCTYPE html><html lang=en><title>Bare</title><h1>{{ words }}</h1>"
LIST = PAGE + "<ul>{% for row in rows %}<li>{{ row.id }}: {{ row.text }}</li>{% endfor %}</ul>"
page_template = app.jinja_env.from_string(PAGE)
list_template = app.jinja_env.from_string(LIST)


class Row(UserMixin, db.Model):  # type: ignore[misc, name-defined]
    """A user, and a row of the list."""

    id = db.Column(db.Integer, primary_key=True)
    text = db.Column(db.String)


@login.user_loader
def load_user(user_id: str) -> Row | None:
    return db.session.get(Row, int(user_id))


@app.get("/")
def show_page() -> str:
    return page_template.render(words="A bare page")


@app.get("/login")
def create_login() -> str:
    login_user(db.session.get(Row, 1))
    return "logged in"


@app.get("/queries")
@login_required
def show_list() -> str:
    count = db.session.scalar(db.select(db.func.count()).select_from(Row))
    rows = db.session.scalars(db.select(Row).order_by(Row.id).limit(20)).all()
    return list_template.render(words=f"{count} rows", rows=rows)


@app.post("/rows/<int:number>")
@login_required
def save_row(number: int) -> tuple[str, int]:
    """One row written and committed for somebody logged in, as durably as the product does."""
    db.session.execute(
        db.update(Row).where(Row.id == number).values(text=request.form.get("answer", ""))
    )
    db.session.commit()
    return "", 204


@app.post("/")
def create_nothing() -> tuple[str, int]:
    return "", 204


def saves(cookie: str) -> list[tuple[str, str, str]]:
    """Requests that write, each another row."""
    return [(f"/rows/{number}", cookie, "answer=%d") for number in range(1, 201)]


def _open(connection, record) -> None:  # type: ignore[no-untyped-def]
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


with app.app_context():
    event.listen(db.engine, "connect", _open)


def prepare() -> str:
    """Fill the database; returns the cookie of somebody logged in."""
    with app.app_context():
        db.drop_all()
        db.create_all()
        db.session.add_all(Row(text=f"row {number}") for number in range(200))
        db.session.commit()
        db.engine.dispose()
    response = app.test_client().get("/login")
    return response.headers["Set-Cookie"].split(";")[0]
