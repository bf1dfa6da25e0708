"""The panel's pages with 1,000 and with 100,000 enrollments: time of each, and their ratio.

`python -m tests.bench.panel`. CPU time of one process, the median of several requests, so that
what else the machine does is not counted.
"""

import logging
import statistics
import tempfile
import time
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app import create_app
from config import load_settings
from extensions import db
from tests.bench.crowd import prepare
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


def compare_panels() -> None:
    """Print every page's time with few and with many enrollments."""
    few, many = _measure(FEW), _measure(MANY)
    print(f"\n{'':56}{FEW:>9,}{MANY:>9,} enrollments, CPU ms; ratio")
    slow = 0
    for path, one in few.items():
        ratio = many[path] / one
        is_slow = ratio > GATE
        slow += is_slow
        note = f"  over {GATE}" if is_slow else ""
        print(f"{path:56}{one:9.1f}{many[path]:9.1f}{ratio:8.2f}{note}")
    print(f"{slow} of {len(PAGES)} pages take more than {GATE} times as long with {MANY:,}.")


def _measure(count: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="contact-hour-bench-") as folder:
        app = create_app(load_settings({"CONTACT_HOUR_DATA": folder}))
        logging.getLogger("contact_hour.requests").disabled = True
        places = prepare(app, Path(folder), count)
        with app.app_context():
            db.session.execute(text("ANALYZE"))
            db.session.commit()
        client = _log_in(app)
        return {path: _time(client, path.format(**places)) for path in PAGES}


def _log_in(app: Flask) -> FlaskClient:
    site = Site(app)
    site.log_in("carol@example.org", PASSWORD)
    return site.client


def _time(client: FlaskClient, path: str) -> float:
    """Median CPU milliseconds of a page."""
    times = []
    for number in range(WARM_UP + MEASURED):
        began = time.process_time()
        response = client.get(path)
        if number >= WARM_UP:
            times.append((time.process_time() - began) * 1000)
        if response.status_code != 200:
            raise RuntimeError(f"{path} answered {response.status_code}")
    return statistics.median(times)


if __name__ == "__main__":
    compare_panels()
