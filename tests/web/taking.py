"""Taking a post-test in a browser without scripts."""

import re

from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from extensions import db
from tests.factories import complete_items, make_enrollment, make_person
from tests.right_answers import Drawn, fields_for, list_drawn
from tests.site import Site

START = "/learn/small-course/units/1/post-test"
START_2 = "/learn/small-course/units/2/post-test"


def browser_of_alice(app: Flask, site: Site) -> Site:
    """Alice's browser; she is logged in and has completed the items of unit 1."""
    with app.app_context():
        study = make_enrollment(make_person())
        complete_items(study, unit=1)
        db.session.commit()
    site.log_in("alice@example.org")
    return site


def begin(site: Site, start: str = START) -> int:
    """Start the post-test; the attempt's id."""
    site.get(start)
    response = site.post(start)
    assert response.status_code == 303
    return int(re.search(r"/attempts/(\d+)/", response.headers["Location"])[1])  # type: ignore[index]


def drawn_in(site: Site, attempt_id: int) -> list[Drawn]:
    """The questions of an attempt, key and all."""
    with site.app.app_context():
        return list_drawn(attempt_id)


def save(
    site: Site,
    attempt_id: int,
    position: int,
    fields: list[tuple[str, str]],
    *,
    htmx: bool = False,
    **more: str,
) -> TestResponse:
    """Load a question's page and send its form."""
    path = f"/attempts/{attempt_id}/questions/{position}"
    return site.post(path, form_of(site, path, fields, **more), htmx=htmx)


def form_of(site: Site, path: str, fields: list[tuple[str, str]], **more: str) -> dict[str, object]:
    """The form of a question's page as it is now, filled in."""
    text = site.get(path).get_data(as_text=True)
    instance = re.search(r'name="instance" value="([^"]+)"', text)[1]  # type: ignore[index]
    data: dict[str, object] = {"instance": instance, "seq": "0", **more}
    for name, value in fields:
        data[name] = [*data.get(name, []), value]  # type: ignore[misc]
    return data


def answer_all(site: Site, attempt_id: int, *, right: bool) -> None:
    """Answer every question of an attempt."""
    for drawn in drawn_in(site, attempt_id):
        response = save(site, attempt_id, drawn.position, fields_for(drawn, right=right))
        assert response.status_code == 303


def take(site: Site, start: str = START, *, right: bool) -> int:
    """Start, answer every question, submit; the attempt's id."""
    attempt_id = begin(site, start)
    answer_all(site, attempt_id, right=right)
    response = site.post(f"/attempts/{attempt_id}/submission")
    assert response.headers["Location"].endswith(f"/attempts/{attempt_id}/result")
    return attempt_id


def position_of(site: Site, attempt_id: int, *kinds: str) -> int:
    """The place of a question of one of these kinds."""
    return next(q.position for q in drawn_in(site, attempt_id) if q.kind in kinds)


def count(site: Site, model: type) -> int:
    """How many rows there are."""
    with site.app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0
