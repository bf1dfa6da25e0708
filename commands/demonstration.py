"""Demo accounts and a demo enrollment key, for trying the product. Never in production."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from commands.demonstration_agency import AGENCY_KEY, ensure_agency
from extensions import db
from models import EnrollmentKey, License
from services import accounts, editions, passwords, staff
from services.enrollments import normal_key

PASSWORD = "harbor-light-demo"  # noqa: S105 - printed in the README on purpose
KEY = "DEMO-CTA4-KEYS"
REFERENCE_COURSE = "cultivating-a-therapeutic-alliance"


@dataclass(frozen=True)
class DemoPerson:
    email: str
    name: str
    role: str


PEOPLE = (
    DemoPerson("alice@example.org", "Alice Learner", "learner"),
    DemoPerson("bob@example.org", "Bob Instructor", "instructor"),
    DemoPerson("carol@example.org", "Carol Director", "administrator"),
    DemoPerson("mia@example.org", "Mia Manager", "manager of an agency"),
)


def ensure_accounts(now: datetime) -> None:
    """Make the demo accounts and the key, where they are missing."""
    for demo in PEOPLE:
        _ensure(demo, now)
    _ensure_key(now)
    ensure_agency("mia@example.org", REFERENCE_COURSE, now)


def in_words(base_url: str) -> str:
    """What is printed at the start: where to go and how to log in."""
    width = max(len(demo.email) for demo in PEOPLE)
    lines = [f"    {demo.email:<{width}}  {demo.role}" for demo in PEOPLE]
    return "\n".join(
        [
            "",
            f"Contact Hour is at {base_url}",
            f"Demo accounts (password of each: {PASSWORD}):",
            *lines,
            f"Demo enrollment key: {KEY}; key of an agency: {AGENCY_KEY}",
            "",
        ]
    )


def _ensure(demo: DemoPerson, now: datetime) -> None:
    if accounts.find_confirmed(demo.email) is not None:
        return
    hashed = passwords.hash_password(PASSWORD)
    typed = accounts.Registration(demo.email, hashed, demo.name, "America/New_York", "")
    person = staff.ensure_person(typed, now)
    if demo.role == "learner":
        db.session.add(
            License(
                person_id=person.id,
                profession="Social worker",
                jurisdiction="Pennsylvania",
                number="SW-DEMO-1001",
                added_at=now,
            )
        )
    staff.grant_roles(
        person,
        administrator=demo.role == "administrator",
        instructor_of=(REFERENCE_COURSE,) if demo.role == "instructor" else (),
    )


def _ensure_key(now: datetime) -> None:
    code = normal_key(KEY)
    if db.session.scalar(select(EnrollmentKey).where(EnrollmentKey.code == code)) is not None:
        return
    db.session.add(
        EnrollmentKey(
            code=code,
            course_id=editions.get_course(REFERENCE_COURSE).id,
            seats=500,
            note="Demonstration",
            created_at=now,
            valid_until=now + timedelta(days=3650),
        )
    )
    db.session.flush()
