"""The panel's pages with 1,000 and with 100,000 enrollments: time of each, and their ratio.

`python -m tests.bench.panel`. CPU time of one process, the median of several requests, so that
what else the machine does is not counted.
"""

import logging
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app import create_app
from config import load_settings
from extensions import db
from tests.bench.crowd import prepare
from tests.bench.signs import postgresql
from tests.conftest import make_database
from tests.factories import PASSWORD, SLUG
from tests.site import Site

FEW, MANY = 1_000, 100_000
WARM_UP, MEASURED = 2, 9
GATE = 1.5
PAGES = (
    "/admin",
    "/admin/jobs",
    "/admin/people",
    "/admin/people?sort=name",
    "/admin/people?q=first777+person777",
    "/admin/people?q=person",
    "/admin/people?kind=unconfirmed",
    "/admin/people/{person}",
    "/admin/enrollments",
    f"/admin/enrollments?course={SLUG}",
    "/admin/enrollments?state=open",
    f"/admin/enrollments?state=withdrawn&course={SLUG}",
    "/admin/enrollments?state=complete&sort=access",
    "/admin/enrollments?from=2020-01-01&to=2020-12-31",
    "/admin/enrollments?q=first777+person777",
    "/admin/enrollments?q=person",
    "/admin/enrollments/{enrollment}",
    "/admin/enrollments/list",
    "/admin/agencies",
    "/admin/keys",
    "/admin/accommodations",
    "/admin/courses",
    f"/admin/courses/{SLUG}/versions",
    "/admin/post-tests",
    "/admin/approvals",
    "/admin/reviewers",
    "/admin/certificates",
    "/admin/corrections",
    "/admin/rosters",
    "/admin/orders",
    "/admin/orders?state=open",
    "/admin/coupons",
    "/admin/problems",
    "/admin/provider",
    "/admin/audit",
    "/admin/audit?subject=enrollment:7",
    "/admin/audit?kind=enrollment.opened",
    "/admin/audit-packs",
    "/admin/payment-terms",
    f"/admin/courses/{SLUG}/credit",
    "/admin/enrollments/{enrollment}/time",
    "/admin/enrollments/{enrollment}/attempts",
    "/admin/certificates?q=first777+person777",
    "/admin/certificates?q=person",
    "/admin/certificates?q=nobody",
    "/admin/orders?q=first775+person775",
    "/admin/orders?q=person",
    "/admin/orders?q=nobody",
    "/admin/orders?q=small",
    "/admin/problems?q=sound",
    "/admin/problems?q=nothing",
    "/admin/study-time",
    "/admin/study-time.csv",
    "/admin/reports",
    *(
        f"/admin/reports/{name}{query}"
        for name in ("completions", "post-tests", "answers", "money", "evaluations")
        for query in ("", f"?course={SLUG}", "?format=csv")
    ),
    f"/instructor/courses/{SLUG}/evaluation",
    "/instructor/on-time",
)


def compare_panels(database: str = "SQLite", address: str = "") -> None:
    """Print every page's time with few and with many enrollments, measured in turn."""
    with _center(FEW, address) as few, _center(MANY, address) as many:
        print(f"\n{database:56}{FEW:>9,}{MANY:>9,} enrollments, CPU ms; ratio")
        slow = 0
        for path in PAGES:
            one, other = _time_in_turn(path, few, many)
            is_slow = other / one > GATE
            slow += is_slow
            note = f"  over {GATE}" if is_slow else ""
            print(f"{path:56}{one:9.1f}{other:9.1f}{other / one:8.2f}{note}", flush=True)
    print(f"{slow} of {len(PAGES)} pages take more than {GATE} times as long with {MANY:,}.")


@dataclass(frozen=True)
class Center:
    """A center with a crowd, its director's browser, and the processes of its database, if any."""

    client: FlaskClient
    places: dict[str, int]
    processes: list[int]

    def cpu_seconds(self) -> float:
        """What this process and those of the database have used so far."""
        files = (Path(f"/proc/{pid}/schedstat") for pid in self.processes)
        others = sum(int(file.read_text().split()[0]) for file in files)
        return time.process_time() + others / 1e9


@contextmanager
def _center(count: int, address: str) -> Iterator[Center]:
    with tempfile.TemporaryDirectory(prefix="contact-hour-bench-") as folder:
        url = make_database(address, f"crowd{count}") if address else ""
        app = create_app(load_settings({"CONTACT_HOUR_DATA": folder, "DATABASE_URL": url}))
        logging.getLogger("contact_hour.requests").disabled = True
        places = prepare(app, Path(folder), count)
        with app.app_context():
            db.session.execute(text("ANALYZE"))
            db.session.commit()
        yield Center(_log_in(app), places, _list_processes(app) if address else [])
        with app.app_context():
            db.engine.dispose()


def _list_processes(app: Flask) -> list[int]:
    with app.app_context():
        mine = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        return list(db.session.scalars(text(mine)))


def _log_in(app: Flask) -> FlaskClient:
    site = Site(app)
    site.log_in("carol@example.org", PASSWORD)
    return site.client


def _time_in_turn(path: str, *centers: Center) -> list[float]:
    """Median CPU milliseconds of a page in each center."""
    times: list[list[float]] = [[] for _ in centers]
    for number in range(WARM_UP + MEASURED):
        for center, found in zip(centers, times, strict=True):
            began = center.cpu_seconds()
            response = center.client.get(path.format(**center.places))
            if number >= WARM_UP:
                found.append((center.cpu_seconds() - began) * 1000)
            if response.status_code != 200:
                raise RuntimeError(f"{path} answered {response.status_code}")
    return [statistics.median(found) for found in times]


if __name__ == "__main__":
    compare_panels()
    with postgresql() as server_address:
        compare_panels("PostgreSQL", server_address)
