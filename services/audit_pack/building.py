"""Building a pack in steps that a worker may be stopped in: each is written, then counted.

A worker does steps for a while and then leaves the rest to a next job, so that mail does not
wait for a large pack. A step that was cut off is done again.
"""

import json
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from math import inf
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select, update

import clock
from domain.months import Days
from extensions import db
from models import AuditPack, Certificate, CertificateDocument, Course, Enrollment, Person
from services import jobs
from services.audit_pack import course_conduct, documents, totals
from services.audit_pack.archive import Draw, write_archive
from services.audit_pack.checking import CHECKER, PackDiffers, check
from services.audit_pack.course_tables import list_outlines, make_course
from services.audit_pack.learner_tables import make_batch
from services.audit_pack.tables import StepOutput, as_json, write_step
from services.audit_pack.totals import Scope
from services.provider import get_provider

JOB = "audit-pack"
BATCH = 200
SLICE_S = 10.0
PLAN = "plan.json"


@dataclass(frozen=True)
class Step:
    """A step in words, and what it makes. The last one makes the file itself."""

    words: str
    make: Callable[[], StepOutput]


def builder(folder: Path, draw: Draw) -> Callable[[int], None]:
    """The worker's job handler: `folder` is where packs lie, `draw` makes a PDF."""
    return lambda pack_id: build(pack_id, folder, draw, SLICE_S)


def build(pack_id: int, folder: Path, draw: Draw, slice_s: float = inf) -> None:
    """Do the steps of a pack; what is left after `slice_s` seconds is a further job. Commits.

    Nothing happens if it is finished, deleted, or another worker is ahead.
    """
    began = time.monotonic()
    while _do_next_step(pack_id, folder, draw):
        if time.monotonic() - began >= slice_s:
            jobs.enqueue(JOB, pack_id)
            db.session.commit()
            return


def pack_path(folder: Path, pack_id: int) -> Path:
    """Where the file of a pack lies."""
    return folder / f"audit-pack-{pack_id}.zip"


def work_folder(folder: Path, pack_id: int) -> Path:
    """Where the parts lie while it is built."""
    return folder / f"building-{pack_id}"


def _do_next_step(pack_id: int, folder: Path, draw: Draw) -> bool:
    """Do one step; whether there may be a further one. Reading holds up nobody who writes."""
    if not db.session().in_transaction():
        db.session.connection(execution_options={"sqlite_begin": "DEFERRED"})
    pack = db.session.get_one(AuditPack, pack_id)
    if pack.finished_at is not None or pack.deleted_at is not None:
        db.session.rollback()
        return False
    work = work_folder(folder, pack_id)
    scope = _read_plan(work, pack)
    if scope is None:
        return _make_plan(work, pack)
    steps = _list_steps(pack, scope, work)
    done = pack.steps_done
    if done < len(steps):
        write_step(work, done, steps[done].make())
        db.session.rollback()
        following = steps[done + 1].words if done + 1 < len(steps) else "Packing the file"
        return _advance(pack_id, done, doing=following)
    _pack(pack, folder, scope, draw)
    return False


def _make_plan(work: Path, pack: AuditPack) -> bool:
    """Fix what the pack is of: from now on nothing that happens counts."""
    as_of = clock.now().replace(microsecond=0)
    ids = db.session.scalars(_chosen(pack, _days(pack, as_of))).all()
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    plan = {"as_of": as_of.isoformat(), "enrollments": list(ids)}
    (work / "plan.new").write_bytes(as_json(plan))
    (work / "plan.new").replace(work / PLAN)
    scope = Scope(_days(pack, as_of), as_of, ids)
    steps = _list_steps(pack, scope, work)
    pack_id = pack.id
    db.session.rollback()
    values = {"as_of": as_of, "steps_total": len(steps) + 1, "steps_done": 0}
    db.session.execute(update(AuditPack).where(AuditPack.id == pack_id).values(**values))
    return _advance(pack_id, 0, by=0, doing=steps[0].words)


def _read_plan(work: Path, pack: AuditPack) -> Scope | None:
    """What was fixed; None where nothing is yet, or the folder was lost."""
    path = work / PLAN
    if pack.as_of is None or not path.exists():
        return None
    plan = json.loads(path.read_text())
    as_of = datetime.fromisoformat(plan["as_of"])
    return Scope(_days(pack, as_of), as_of, plan["enrollments"])


def _days(pack: AuditPack, as_of: datetime) -> Days:
    return Days(pack.first_day, pack.last_day, get_provider().time_zone, until=as_of)


def _chosen(pack: AuditPack, days: Days) -> Any:
    """The enrollments that were open for some of the days; of a learner, all of them."""
    query = select(Enrollment.id).where(Enrollment.enrolled_at < days.end).order_by(Enrollment.id)
    if pack.person_id is not None:
        return query.where(Enrollment.person_id == pack.person_id)
    return query.where(
        Enrollment.course_id == pack.course_id,
        or_(Enrollment.completed_at.is_(None), Enrollment.completed_at >= days.start),
        or_(Enrollment.ended_at.is_(None), Enrollment.ended_at >= days.start),
    )


def _list_steps(pack: AuditPack, scope: Scope, work: Path) -> list[Step]:
    ids = scope.enrollment_ids
    batches = [ids[at : at + BATCH] for at in range(0, len(ids), BATCH)] or [[]]
    learners = [
        Step(_of_learners(number, len(batches)), partial(make_batch, batch))
        for number, batch in enumerate(batches, start=1)
    ]
    if pack.course_id is None:
        certificates = partial(_certificate_files, list(ids))
        return [*learners, Step("Certificates as PDF", certificates), _checker()]
    course_id = pack.course_id
    return [
        Step("The course and its editions", partial(_course, course_id)),
        Step("Evaluations and answers", partial(_conduct, course_id, scope.days)),
        *learners,
        _checker(),
    ]


def _of_learners(number: int, batches: int) -> str:
    return "Learners" if batches == 1 else f"Learners, part {number} of {batches}"


def _checker() -> Step:
    output = StepOutput(files=[("check/retotal_audit_pack.py", CHECKER.read_bytes())])
    return Step("The script that checks the totals", lambda: output)


def _course(course_id: int) -> StepOutput:
    made = make_course(course_id)
    provider = get_provider().legal_name
    pages = [
        (f"course/edition-{o.edition_number}.html", documents.course_page(o, provider))
        for o in list_outlines(course_id)
    ]
    return StepOutput(made.tables, [*made.files, *pages])


def _conduct(course_id: int, days: Days) -> StepOutput:
    return course_conduct.make_conduct(list_outlines(course_id), days)


def _certificate_files(enrollment_ids: list[int]) -> StepOutput:
    """The PDFs of a learner's certificates, byte for byte as they were drawn."""
    rows = db.session.execute(
        select(Certificate.number, CertificateDocument.variant, CertificateDocument.content)
        .join(Certificate, Certificate.id == CertificateDocument.certificate_id)
        .where(Certificate.enrollment_id.in_(enrollment_ids))
        .order_by(Certificate.id, CertificateDocument.variant)
    )
    return StepOutput(
        files=[(f"certificates/{number}-{variant}.pdf", pdf) for number, variant, pdf in rows]
    )


def _pack(pack: AuditPack, folder: Path, scope: Scope, draw: Draw) -> None:
    """Total, write the ZIP, note it as finished, remove the parts."""
    work = work_folder(folder, pack.id)
    pack_id, done = pack.id, pack.steps_done
    index = _index(pack, scope, work)
    db.session.rollback()
    path = pack_path(folder, pack_id)
    sha256, size = write_archive(work, path, index, draw)
    try:
        check(path)
    except PackDiffers:
        _begin_anew(pack_id, path, work)
        raise
    _advance(pack_id, done, doing="", finished_at=clock.now(), sha256=sha256, size_bytes=size)
    shutil.rmtree(work, ignore_errors=True)


def _begin_anew(pack_id: int, path: Path, work: Path) -> None:
    """Throw away what differs: something may have been corrected while it was built."""
    path.unlink(missing_ok=True)
    shutil.rmtree(work, ignore_errors=True)
    anew = {"as_of": None, "steps_done": 0, "doing": "Beginning anew: the totals differed"}
    db.session.execute(update(AuditPack).where(AuditPack.id == pack_id).values(**anew))
    db.session.commit()


def _index(pack: AuditPack, scope: Scope, work: Path) -> dict[str, Any]:
    provider = get_provider()
    if pack.course_id is not None:
        outlines = list_outlines(pack.course_id)
        course = db.session.get_one(Course, pack.course_id)
        found = totals.of_course(outlines, scope)
        of = {"kind": "course", "name": outlines[-1].title, "key": course.slug}
    else:
        person = db.session.get_one(Person, pack.person_id)
        found = totals.of_learner(scope)
        of = {"kind": "learner", "name": person.name_on_license, "key": str(person.id)}
    maker = db.session.get_one(Person, pack.made_by_id)
    return {
        "format": 1,
        "provider": provider.legal_name,
        "demonstration": provider.demonstration,
        "of": of,
        "period": {
            "first_day": pack.first_day.isoformat(),
            "last_day": pack.last_day.isoformat(),
            "time_zone": provider.time_zone,
            **{
                name: instant.astimezone(UTC).isoformat()
                for name, instant in (
                    ("start", scope.days.start),
                    ("end", scope.days.end),
                    ("as_of", scope.as_of),
                )
            },
        },
        "made_by": maker.name_on_license,
        "learners": len(scope.enrollment_ids),
        "totals": {"professions": totals.count_professions(work), **found},
    }


def _advance(pack_id: int, done: int, by: int = 1, **values: Any) -> bool:
    """Count a step as done, unless another worker has; whether it was ours to count."""
    counted: Sequence[Any] = db.session.execute(
        update(AuditPack)
        .where(
            AuditPack.id == pack_id, AuditPack.steps_done == done, AuditPack.finished_at.is_(None)
        )
        .values(steps_done=done + by, **values)
        .returning(AuditPack.id)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.commit()
    return bool(counted)
