"""The catalogue with 20 and with 2,000 courses, on both databases.

SQLite: on a server of its own. PostgreSQL: in this process, the time of the database's counted too.
"""

import logging
import math
import random
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

import clock
from app import create_app
from config import PROJECT, load_settings
from domain.catalogue import LEVELS
from extensions import db
from models import Course, Edition, Item, PostTest, Unit
from services import catalogue_index, editions, installation
from tests.bench.load import Figure, get, measure
from tests.bench.server import cpu_of, serve
from tests.bench.signs import postgresql
from tests.conftest import TEST_PROVIDER, make_database

FEW, MANY = 20, 2_000
REQUESTS, ROUNDS = 100, 3
WORDS_OF_A_COURSE = 600
SELECTED = 10
"""So many courses have the rare word, and so many are advanced: pages of the same length."""
PAGES = (
    ("catalogue, first page", "/"),
    ("catalogue, a later page", "/?page=50"),
    ("search, a word of ten courses", "/?q=harbor"),
    ("search, a word of every course", "/?q=family"),
    ("search, two words", "/?q=family+harbor"),
    ("filter of ten courses", "/?level=Advanced"),
    ("filters of every course", "/?format=readings&body=Test+Board+of+Psychology"),
    ("filters and a word of every course", "/?q=family&format=readings&price=paid"),
)
SYLLABLES = ("ba", "co", "di", "fu", "ge", "ha", "jo", "ki", "lu", "me", "no", "pa", "ri", "so")


def compare_catalogues() -> None:
    """Print the cost of each page with few and with many courses, and their ratio."""
    few, many = _measure(FEW), _measure(MANY)
    print(f"\n{'SQLite':36}{FEW:>8} {MANY:>8} courses, CPU ms;  ratio   p50 ms   p99 ms  errors")
    for one, other in zip(few, many, strict=True):
        ratio = other.cpu_ms / one.cpu_ms
        print(
            f"{one.name:36}{one.cpu_ms:8.2f} {other.cpu_ms:8.2f} {ratio:22.2f}"
            f"{other.p50_ms:9.1f}{other.p99_ms:9.1f}{one.errors + other.errors:8d}"
        )
    _compare_on_postgresql()


def _measure(count: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="contact-hour-bench-") as folder:
        prepare(Path(folder), count)
        with serve("tests.bench.quiet:app", {"CONTACT_HOUR_DATA": folder}) as server:
            return [measure(server, name, get(path), seconds=3) for name, path in PAGES]


def _compare_on_postgresql() -> None:
    head = "courses, CPU ms of page and database, after a vacuum;  ratio"
    print(f"\n{'PostgreSQL':36}{FEW:>8} {MANY:>8} {head}")
    with postgresql() as url, tempfile.TemporaryDirectory(prefix="contact-hour-bench-") as folder:
        few, many = (
            prepare(Path(folder), count, make_database(url, f"courses{count}"))
            for count in (FEW, MANY)
        )
        for name, path in PAGES:
            one = other = math.inf
            for _ in range(ROUNDS):
                one, other = min(one, _cost_ms(few, path)), min(other, _cost_ms(many, path))
            print(f"{name:36}{one:8.2f} {other:8.2f} {other / one:44.2f}")


def _cost_ms(app: Flask, path: str) -> float:
    """Mean CPU milliseconds of a page, in this process and in the database's."""
    with app.app_context():
        backend = db.session.scalar(text("SELECT pg_backend_pid()")) or 0
    client = app.test_client()
    client.get(path)
    began = time.process_time() + cpu_of(backend)
    for _ in range(REQUESTS):
        if client.get(path).status_code != 200:
            raise RuntimeError(f"{path} did not answer")
    return (time.process_time() + cpu_of(backend) - began) * 1000 / REQUESTS


def prepare(folder: Path, count: int, url: str = "") -> Flask:
    """A center with so many courses; tells how far it has come."""
    app = create_app(load_settings({"CONTACT_HOUR_DATA": str(folder), "DATABASE_URL": url}))
    logging.getLogger("contact_hour.requests").disabled = True
    chance = random.Random(count)
    words = ["".join(chance.choices(SYLLABLES, k=3)) for _ in range(3_000)]
    with app.app_context():
        upgrade(directory=str(PROJECT / "migrations"))
        installation.install_provider(TEST_PROVIDER, clock.now())
        db.session.commit()
        with click.progressbar(range(count), label=f"Making {count} courses") as numbers:
            for number in numbers:
                _add_course(number, chance, words)
                if number % 100 == 0:
                    db.session.commit()
                    db.session.expunge_all()
        _settle()
        editions.forget()
        db.engine.dispose()
    return app


def _settle() -> None:
    """What the database does by itself sooner or later after so much has been written."""
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("ANALYZE"))
    db.session.commit()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _add_course(number: int, chance: random.Random, words: list[str]) -> None:
    now = clock.now()
    course = Course(slug=f"course-{number}", created_at=now)
    db.session.add(course)
    db.session.flush()
    edition = _edition(course.id, number, chance, words, now)
    db.session.add(edition)
    db.session.flush()
    unit = Unit(edition_id=edition.id, number=1, title="All of it", minutes=60 + 20 * (number % 14))
    db.session.add(unit)
    db.session.flush()
    db.session.add(PostTest(edition_id=edition.id, unit_id=unit.id, title="Post-test", draw=6))
    db.session.add(_reading(edition.id, unit, " ".join(chance.choices(words, k=WORDS_OF_A_COURSE))))
    course.current_edition_id = edition.id
    db.session.flush()
    catalogue_index.index_course(course.id)


def _edition(
    course_id: int, number: int, chance: random.Random, words: list[str], now: datetime
) -> Edition:
    rare = "harbor" if number < SELECTED else chance.choice(words)
    end = datetime(2090, 1, 1, tzinfo=UTC).date()
    return Edition(
        course_id=course_id,
        number=1,
        content_hash=f"{number:064}",
        code=f"B-{number}",
        title=f"{chance.choice(words).title()} and {rare} in family work, part {number}",
        summary=" ".join(chance.choices(words, k=40)),
        about_html="<p>About it.</p>",
        price_cents=4800,
        currency="USD",
        assessment_minutes=10,
        pass_mark=80,
        attempts_allowed=3,
        access_days=365,
        released=now.date(),
        expires=end,
        facts=_facts(number, chance, words),
        evaluation={},
        published_at=now,
    )


def _facts(number: int, chance: random.Random, words: list[str]) -> dict[str, object]:
    return {
        "level": LEVELS[2] if number < SELECTED else LEVELS[number % 2],
        "instructors": [{"name": f"{chance.choice(words).title()} Lee", "credentials": "PhD"}],
        "objectives": [" ".join(chance.choices(words, k=10)) for _ in range(4)],
        "approvals": ["test-psych", "test-sw"][: 1 + number % 2],
        "enrollment": ["order"],
    }


def _reading(edition_id: int, unit: Unit, text: str) -> Item:
    return Item(
        edition_id=edition_id,
        unit_id=unit.id,
        position=1,
        slug="reading",
        title="The reading",
        kind="reading",
        minutes=unit.minutes,
        required=True,
        words=WORDS_OF_A_COURSE,
        body_html=f"<p>{text}</p>",
        details={"origin": "", "url": ""},
    )


if __name__ == "__main__":
    compare_catalogues()
