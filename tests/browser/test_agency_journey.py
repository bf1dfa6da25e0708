"""An agency from its contract to a seat that moves, with scripts and without: the same rows."""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from commands.demonstration import PASSWORD, REFERENCE_COURSE
from extensions import db
from models import Agency, AgencyContract, AgencySeat, AgencySeatEvent, Enrollment, Person
from tests.browser.conftest import Center
from tests.factories import PASSWORD as MADE
from tests.factories import make_person
from tests.mailbox import latest_path

pytestmark = pytest.mark.browser
NEW = "a few plain words 42"
COURSE = "Cultivating a Therapeutic Alliance"


@dataclass
class Cast:
    """The people of one run; `tag` keeps their addresses apart from those of the other run."""

    center: Center
    new_context: Callable[..., BrowserContext]
    scripts: bool

    @property
    def tag(self) -> str:
        return "on" if self.scripts else "off"

    def email(self, name: str) -> str:
        return f"{name.lower()}.{self.tag}@example.org"

    def open(self) -> Page:
        """A browser of somebody's own."""
        return self.new_context(scripts=self.scripts, accept_downloads=True).new_page()

    def mailed(self, name: str) -> str:
        return latest_path(self.center.app, self.email(name))


def test_the_same_rows_with_scripts_and_without(
    center: Center, new_context: Callable[..., BrowserContext]
) -> None:
    rows = [walk(Cast(center, new_context, scripts)) for scripts in (True, False)]
    assert rows[0] == rows[1]
    assert rows[0]["events"] == ["taken 1", "taken 2", "freed 1", "taken 1"]


def walk(cast: Cast) -> dict[str, Any]:
    carol = cast.open()
    log_in(carol, "carol@example.org", PASSWORD)
    contract = make_contract(carol, cast)
    invite(carol, contract, "By mail, to each person", f"Nora New, {cast.email('nora')}")
    nora = accept_as_new_person(cast, "Nora", cast.mailed("nora"))
    invite(carol, contract, "On a list that the supervisor hands out", "Omar Old")
    key = carol.locator(".credential-code").first.inner_text()
    type_key_as_known_person(cast, "Omar", key)
    watch_as_manager(carol, cast)
    move_seat(carol, contract, cast)
    nora.goto(f"/learn/{REFERENCE_COURSE}")
    expect(nora.get_by_text("has given your seat to somebody else")).to_be_visible()
    accept_as_new_person(cast, "Pia", cast.mailed("pia"))
    return read_rows(cast)


def go_to_agencies(carol: Page) -> None:
    """By the panel's navigation: the group first, then the section."""
    panel = carol.get_by_role("navigation", name="Management")
    panel.get_by_role("link", name="People").first.click()
    panel.get_by_role("link", name="Agencies").click()


def make_contract(carol: Page, cast: Cast) -> str:
    carol.get_by_role("link", name="Management").click()
    go_to_agencies(carol)
    carol.get_by_label("Name", exact=True).fill(f"Agency {cast.tag}")
    carol.get_by_role("button", name="Add agency").click()
    carol.get_by_role("link", name="Make a contract").click()
    carol.get_by_label("Name or number").fill("2027")
    carol.get_by_label("Seats").fill("2")
    carol.get_by_label("Last day").fill("2034-12-31")
    carol.get_by_label("Only the courses below").check()
    carol.get_by_label(COURSE).check()
    carol.get_by_role("button", name="Save contract").click()
    expect(carol.get_by_role("heading", name=f"Agency {cast.tag}: 2027")).to_be_visible()
    return carol.url


def invite(carol: Page, contract: str, how: str, person: str) -> None:
    carol.goto(contract)
    carol.get_by_role("link", name="Invite people").click()
    carol.get_by_role("combobox", name="Course").select_option(label=COURSE)
    carol.get_by_label(how).check()
    carol.get_by_label("People").fill(person)
    carol.get_by_role("button", name="Invite", exact=True).click()
    expect(carol.get_by_text("1 person is")).to_be_visible()


def accept_as_new_person(cast: Cast, name: str, link: str) -> Page:
    """Read what the agency will see, make an account, confirm."""
    page = cast.open()
    page.goto(link)
    expect(page.get_by_text(f"Agency {cast.tag} has a seat for you in {COURSE}")).to_be_visible()
    expect(page.get_by_text("It does not see your answers")).to_be_visible()
    page.locator("main").get_by_role("link", name="Create account").click()
    page.get_by_label("Your name as on your license").fill(f"{name} Person")
    page.get_by_label("E-mail address").fill(cast.email(name))
    page.get_by_label("Password").fill(NEW)
    page.get_by_role("button", name="Create account").click()
    page.get_by_role("button", name="Confirm enrollment").click()
    page.wait_for_url(f"**/learn/{REFERENCE_COURSE}")
    page.goto(link)
    page.wait_for_url(f"**/learn/{REFERENCE_COURSE}")
    return page


def type_key_as_known_person(cast: Cast, name: str, key: str) -> None:
    """Type the key of the list at the course; a wrong one first."""
    with cast.center.app.app_context():
        make_person(cast.email(name), f"{name} Person")
        db.session.commit()
        db.session.remove()
    page = cast.open()
    log_in(page, cast.email(name), MADE)
    page.goto(f"/courses/{REFERENCE_COURSE}/enrollment")
    for typed in (key[:-1] + "0", key.lower()):
        page.get_by_role("textbox", name="Enrollment key").fill(typed)
        page.get_by_role("textbox", name="Enrollment key").press("Enter")
        if typed == key.lower():
            break
        expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.get_by_role("heading", name=f"What Agency {cast.tag} will see")).to_be_visible()
    page.get_by_role("button", name="Confirm enrollment").click()
    page.wait_for_url(f"**/learn/{REFERENCE_COURSE}")


def watch_as_manager(carol: Page, cast: Cast) -> None:
    """Carol makes Mia a manager; Mia sees both people, on the page and in the file."""
    with cast.center.app.app_context():
        make_person(cast.email("mia"), "Mia Person")
        db.session.commit()
        db.session.remove()
    go_to_agencies(carol)
    carol.get_by_role("link", name=f"Agency {cast.tag}", exact=True).click()
    carol.get_by_label("E-mail address").fill(cast.email("mia"))
    carol.get_by_role("button", name="Add manager").click()
    page = cast.open()
    log_in(page, cast.email("mia"), MADE)
    page.get_by_role("link", name="My agency").click()
    expect(page.get_by_role("heading", name=f"Agency {cast.tag}", level=1)).to_be_visible()
    expect(page.get_by_text("2 seats are held")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert [row[0] for row in csv.reader(lines)] == ["Name", "Omar Person", "Nora Person"]


def move_seat(carol: Page, contract: str, cast: Cast) -> None:
    carol.goto(contract)
    carol.get_by_role("row", name=re.compile("Nora Person")).get_by_role(
        "link", name="Move"
    ).first.click()
    carol.get_by_label("Name of the next person").fill("Pia Person")
    carol.get_by_label("Their e-mail address").fill(cast.email("pia"))
    carol.get_by_role("button", name="End the enrollment and free the seat").click()
    expect(carol.get_by_text("Pia Person is invited.")).to_be_visible()


def read_rows(cast: Cast) -> dict[str, Any]:
    """Seats and their history, without what differs from run to run."""
    with cast.center.app.app_context():
        contract = db.session.scalars(
            select(AgencyContract)
            .join(Agency, Agency.id == AgencyContract.agency_id)
            .where(Agency.name == f"Agency {cast.tag}")
        ).one()
        holders = db.session.execute(
            select(AgencySeat.number, Person.name_on_license, Enrollment.source)
            .join(Enrollment, Enrollment.id == AgencySeat.enrollment_id)
            .join(Person, Person.id == Enrollment.person_id)
            .where(AgencySeat.contract_id == contract.id)
            .order_by(AgencySeat.number)
        ).all()
        events = db.session.execute(
            select(AgencySeatEvent.kind, AgencySeat.number)
            .join(AgencySeat, AgencySeat.id == AgencySeatEvent.seat_id)
            .where(AgencySeat.contract_id == contract.id)
            .order_by(AgencySeatEvent.id)
        ).all()
        found = {
            "used": contract.used,
            "holders": [tuple(row) for row in holders],
            "events": [f"{kind} {number}" for kind, number in events],
        }
        db.session.remove()
    return found


def log_in(page: Page, email: str, password: str) -> None:
    page.goto("/login")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
