"""Two administrators edit the same thing: who saves second learns of it, and undoes nothing."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from extensions import db
from services import provider_settings
from tests.factories import PASSWORD, make_administrator, make_person
from tests.site import Site
from tests.web.odd_forms import list_forms

WORDS = "changed since you opened it"


@pytest.fixture
def carol(app: Flask, site: Site) -> Site:
    with app.app_context():
        make_administrator()
        make_person("rita@example.org", "Rita")
        db.session.commit()
    site.log_in("carol@example.org")
    return site


def fill(site: Site, path: str, **typed: str) -> Callable[[], object]:
    """Open a form now; sends it, as it was opened and with what is typed, when called."""
    form = next(f for f in list_forms(site.get(path).text, path) if "seen" in f.fields)
    fields = {**form.fields, **typed}
    fields.pop("csrf_token")
    sent = {name: str(value).replace("\n", "\r\n") for name, value in fields.items()}
    return lambda: site.post(form.action, sent)


def test_who_saves_second_is_told_what_is_there_and_may_insist(carol: Site) -> None:
    first = fill(carol, "/admin/provider", phone="555 0100")
    second = fill(carol, "/admin/provider", signatory_name="Dr. Second")
    assert first().status_code == 303
    told = second()
    assert told.status_code == 422
    assert WORDS in told.text
    assert "Telephone: “555 0100”" in told.text
    assert "Postal address: “" not in told.text, "only its lines end in another way"
    assert 'value="Dr. Second"' in told.text, "what was typed is kept"
    with carol.app.app_context():
        assert provider_settings.get_settings().phone == "555 0100"
    mark = re.search(r'name="seen" value="(\w+)"', told.text)[1]
    again = next(f for f in list_forms(told.text, "/admin/provider") if "seen" in f.fields)
    assert again.fields["seen"] == mark
    fields = {**again.fields}
    fields.pop("csrf_token")
    assert carol.post(again.action, fields).status_code == 303


def test_nobody_else_changed_it(carol: Site) -> None:
    assert fill(carol, "/admin/provider", phone="555 0100")().status_code == 303
    assert fill(carol, "/admin/provider", phone="555 0200")().status_code == 303


def test_a_role_just_granted_is_not_taken_away_unseen(carol: Site) -> None:
    with carol.app.app_context():
        person_id = make_person("sam@example.org", "Sam").id
        db.session.commit()
    path = f"/admin/people/{person_id}/roles"
    late = fill(carol, path)
    assert fill(carol, path, administrator="y")().status_code == 303
    told = late()
    assert told.status_code == 422
    assert WORDS in told.text


def test_an_approvals_number_is_not_undone_unseen(carol: Site) -> None:
    path = "/admin/approvals/test-sw"
    late = fill(carol, path, unit_word="credit", reason="Their word")
    assert fill(carol, path, number="SW-NEW", reason="Renewed")().status_code == 303
    told = late()
    assert told.status_code == 422
    assert "“SW-NEW”" in told.text


def test_what_marks_a_form_is_not_shown_as_typed(carol: Site) -> None:
    late = fill(carol, "/admin/provider", phone="555 0100")
    carol.forget_login()
    page = late().text
    kept = re.search(r'name="kept" value="([^"]+)"', page)[1]
    typed = {"email": "carol@example.org", "password": PASSWORD, "kept": kept}
    shown = carol.follow(carol.post("/login", typed), may_write=True).text
    assert "555 0100" in shown
    assert "Seen" not in shown
