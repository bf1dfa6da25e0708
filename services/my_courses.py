"""A learner's list of courses: where each stands, and the one next step."""

from dataclasses import dataclass
from datetime import datetime

from domain.outline import ItemOutline, Outline
from domain.path import Step, next_step
from domain.standing import Progress
from models import Certificate, Enrollment
from services import certification, learner_questions
from services.enrollments import Study, list_studies_for
from services.minimum_time import with_time
from services.progress import list_progress

NEEDS_ACCESS = ("item", "time", "post-test", "no-attempts", "attempt", "evaluation")


@dataclass(frozen=True)
class MyCourse:
    """One course of a learner, in its latest enrollment.

    `step` is None where access has ended before the course was complete.
    """

    enrollment: Enrollment
    outline: Outline
    progress: Progress
    certificate: Certificate | None
    step: Step | None
    new_answers: int

    @property
    def items_done(self) -> int:
        return sum(self.progress.is_item_complete(i.id) for i in self._required())

    @property
    def items_total(self) -> int:
        return len(self._required())

    @property
    def tests_passed(self) -> int:
        return sum(self.progress.is_test_passed(u.post_test_id) for u in self.outline.units)

    def _required(self) -> list[ItemOutline]:
        return [item for item in self.outline.items() if item.required]


def list_my_courses(person_id: int, now: datetime) -> list[MyCourse]:
    """The learner's courses, the newest enrollment first, in a fixed number of queries
    but for those that require a minimum time."""
    studies = _latest_of_each(list_studies_for(person_id))
    progress = list_progress([study.enrollment.id for study in studies])
    certificates = {
        certificate.enrollment_id: certificate
        for certificate, _ in reversed(certification.list_certificates_for(person_id))
    }
    answers = learner_questions.count_new_answers(person_id)
    return [
        _my_course(
            study,
            progress[study.enrollment.id],
            certificates.get(study.enrollment.id),
            answers.get(study.enrollment.course_id, 0),
            now,
        )
        for study in studies
    ]


def _latest_of_each(studies: list[Study]) -> list[Study]:
    latest: dict[int, Study] = {}
    for study in studies:
        latest.setdefault(study.enrollment.course_id, study)
    return list(latest.values())


def _my_course(
    study: Study,
    progress: Progress,
    certificate: Certificate | None,
    new_answers: int,
    now: datetime,
) -> MyCourse:
    timed = with_time(study, progress, now)
    step = next_step(study.outline, timed, certified=certificate is not None)
    is_barred = step.kind in NEEDS_ACCESS and not study.can_study(now)
    return MyCourse(
        enrollment=study.enrollment,
        outline=study.outline,
        progress=progress,
        certificate=certificate,
        step=None if is_barred else step,
        new_answers=new_answers,
    )
