"""The licenses of a person, and the name printed on what they earn."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from domain.refusals import Invalid, NotFound
from extensions import db
from models import License, Person


def save_profile(
    person_id: int, name_on_license: str, time_zone: str, latin_name: str | None = None
) -> None:
    """Change the name as on the license and the time zone. Certificates issued do not change.

    `latin_name` is the spelling for PDFs: None where the fonts have the whole name, '' where they
    have not and none is chosen yet.
    """
    person = db.session.get_one(Person, person_id)
    person.name_on_license = name_on_license
    person.latin_name = latin_name
    person.time_zone = time_zone
    db.session.flush()


def ask_for_spelling(person: Person) -> None:
    """Note that the fonts of a PDF lack letters of the name, so that a spelling is asked for."""
    person.latin_name = ""
    db.session.flush()


def list_licenses(person_id: int) -> list[License]:
    return list(
        db.session.scalars(
            select(License).where(License.person_id == person_id).order_by(License.id)
        )
    )


def add_license(
    person_id: int, profession: str, jurisdiction: str, number: str, now: datetime
) -> License:
    """Add a license. Raises Invalid if the person has the very same one already."""
    added = License(
        person_id=person_id,
        profession=profession,
        jurisdiction=jurisdiction,
        number=number,
        added_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(added)
    except IntegrityError as error:
        raise Invalid("number", "This license is in your list already.") from error
    return added


def get_license_for(person_id: int, license_id: int) -> License:
    """One of the person's licenses. Raises NotFound for anybody else's."""
    found = db.session.scalar(
        select(License).where(License.id == license_id, License.person_id == person_id)
    )
    if found is None:
        raise NotFound("That license is not in your list.")
    return found


def set_renewal(row: License, renews_on: date | None, cycle_years: int | None) -> None:
    """Record when the present period of a license ends and how long one lasts."""
    row.renews_on, row.cycle_years = renews_on, cycle_years
    db.session.flush()


def remove_license(person_id: int, license_id: int) -> None:
    """Remove one of the person's licenses. Raises NotFound for anybody else's."""
    db.session.delete(get_license_for(person_id, license_id))
    db.session.flush()
