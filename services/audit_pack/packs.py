"""Asking for audit packs, finding them, and deleting their files when their time is over."""

import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from domain.identity import normal_email
from domain.months import MOST_MONTHS, count_months
from domain.refusals import Invalid, NotFound
from extensions import db
from models import AuditPack, Course, Edition, Person
from services import audit, editions, jobs
from services.audit import Actor
from services.audit_pack.building import JOB, pack_path, work_folder
from services.provider_days import today_is

KEPT = timedelta(days=30)
MOST_LISTED = 100


@dataclass(frozen=True)
class PackLine:
    """A pack with the name of what it is of, and of who had it made."""

    pack: AuditPack
    of: str
    maker: str

    @property
    def is_ready(self) -> bool:
        return self.pack.finished_at is not None and self.pack.deleted_at is None

    @property
    def is_building(self) -> bool:
        return self.pack.finished_at is None and self.pack.deleted_at is None


def ask_for_course(
    slug: str, first: date, last: date, intent: str, actor: Actor, now: datetime
) -> AuditPack:
    """Ask for the pack of a course over some days. Raises Invalid; a repeated intent asks once."""
    if first > last:
        raise Invalid("last", "The last day comes before the first.")
    if count_months(first, last) > MOST_MONTHS:
        raise Invalid("last", "A pack covers ten years at most. Choose fewer days.")
    if first > today_is(now):
        raise Invalid("first", "This day is still to come.")
    try:
        course = editions.get_course(slug)
    except NotFound as error:
        raise Invalid("course", "Choose a course.") from error
    pack = AuditPack(course_id=course.id, first_day=first, last_day=last)
    return _ask(pack, intent, actor, now)


def ask_for_learner(email: str, intent: str, actor: Actor, now: datetime) -> AuditPack:
    """Ask for the pack of a learner by address: the confirmed account's, or the only account's.

    Raises Invalid; a repeated intent asks once.
    """
    query = select(Person).where(Person.email == normal_email(email))
    found = db.session.scalars(query.order_by(Person.email_confirmed_at.is_(None)).limit(2)).all()
    if not found:
        raise Invalid("email", "No account has this address.")
    if len(found) > 1 and found[0].email_confirmed_at is None:
        raise Invalid(
            "email",
            "Several accounts have this address, and none is confirmed. "
            "Find the right one under People, and ask for its pack there.",
        )
    return ask_for_person(found[0], intent, actor, now)


def ask_for_person(person: Person, intent: str, actor: Actor, now: datetime) -> AuditPack:
    """Ask for the pack of this account. A repeated intent asks once."""
    registered = min(person.registered_at, now)
    pack = AuditPack(person_id=person.id, first_day=today_is(registered), last_day=today_is(now))
    return _ask(pack, intent, actor, now)


def list_packs() -> list[PackLine]:
    """The latest packs, the newest first."""
    packs = db.session.scalars(
        select(AuditPack).order_by(AuditPack.id.desc()).limit(MOST_LISTED)
    ).all()
    return [_line(pack) for pack in packs]


def get_pack(pack_id: int) -> PackLine:
    """Raises NotFound."""
    pack = db.session.get(AuditPack, pack_id)
    if pack is None:
        raise NotFound("There is no such audit pack.")
    return _line(pack)


def get_file(pack_id: int, folder: Path) -> Path:
    """The file of a finished pack. Raises NotFound where there is none (any more)."""
    path = pack_path(folder, pack_id)
    if not get_pack(pack_id).is_ready or not path.is_file():
        raise NotFound("There is no file of this audit pack.")
    return path


def delete_pack(pack_id: int, actor: Actor, now: datetime) -> None:
    """Give a pack up: its file goes with the next sweep, and nobody gets it from now on. Once."""
    pack = db.session.get(AuditPack, pack_id, with_for_update=True)
    if pack is None:
        raise NotFound("There is no such audit pack.")
    if pack.deleted_at is None:
        pack.deleted_at = pack.expires_at = now
        db.session.flush()
        audit.record_act(actor, "audit-pack.deleted", f"audit-pack:{pack.id}")


def expire_of_person(person_id: int, now: datetime) -> None:
    """Nobody gets the packs of a learner any more: with the account, they go."""
    for pack in db.session.scalars(
        select(AuditPack).where(AuditPack.person_id == person_id, AuditPack.deleted_at.is_(None))
    ):
        pack.deleted_at = pack.expires_at = now
    db.session.flush()


def delete_expired(folder: Path, now: datetime) -> None:
    """Delete the files of packs that were given up or have been kept long enough. Commits."""
    for pack in db.session.scalars(
        select(AuditPack).where(AuditPack.expires_at <= now, AuditPack.deleted_at.is_(None))
    ):
        pack.deleted_at = now
    db.session.commit()
    if folder.is_dir():
        _delete_files(folder)


def _delete_files(folder: Path) -> None:
    """Files and parts without a pack that is in force, also those of a killed building."""
    kept = set(db.session.scalars(select(AuditPack.id).where(AuditPack.deleted_at.is_(None))))
    db.session.rollback()
    wanted = {pack_path(folder, pack_id) for pack_id in kept}
    wanted |= {path.with_suffix(".new") for path in wanted}
    wanted |= {work_folder(folder, pack_id) for pack_id in kept}
    for path in sorted(folder.iterdir()):
        if path in wanted:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _ask(pack: AuditPack, intent: str, actor: Actor, now: datetime) -> AuditPack:
    own = f"{actor.person_id}-{intent}"[:64]
    pack.made_by_id, pack.made_at, pack.intent = actor.person_id, now, own
    pack.expires_at = now + KEPT
    try:
        with db.session.begin_nested():
            db.session.add(pack)
    except IntegrityError:
        return db.session.scalars(select(AuditPack).where(AuditPack.intent == own)).one()
    jobs.enqueue(JOB, pack.id)
    of = f"course:{pack.course_id}" if pack.course_id else f"person:{pack.person_id}"
    audit.record_act(
        actor,
        "audit-pack.asked",
        of,
        pack=pack.id,
        first=pack.first_day.isoformat(),
        last=pack.last_day.isoformat(),
    )
    return pack


def _line(pack: AuditPack) -> PackLine:
    if pack.course_id is not None:
        of = db.session.scalar(
            select(Edition.title)
            .join(Course, Course.current_edition_id == Edition.id)
            .where(Course.id == pack.course_id)
        )
    else:
        of = db.session.get_one(Person, pack.person_id).name_on_license
    maker = db.session.get_one(Person, pack.made_by_id).name_on_license
    return PackLine(pack, of or "", maker)
