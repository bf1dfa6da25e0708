"""A learner's progress with the time that their course requires of each unit, if it does."""

from dataclasses import replace
from datetime import datetime, timedelta

from domain.minimum_time import TimeStanding, required_by_unit
from domain.standing import Progress
from services import accommodations, recorded_time
from services.enrollments import Study
from services.progress import get_progress


def get_progress_for(study: Study, now: datetime) -> Progress:
    """What a learner has done of a course, and the time it requires. One query in most courses."""
    return with_time(study, get_progress(study.enrollment.id), now)


def with_time(study: Study, progress: Progress, now: datetime) -> Progress:
    """The progress with recorded and required time, read only where a minimum is required."""
    outline, enrollment = study.outline, study.enrollment
    if outline.minimum_percent is None:
        return progress
    effect = accommodations.get_effect(enrollment.person_id, enrollment.course_id, now)
    recorded: dict[int, timedelta] = {}
    seconds = recorded_time.seconds_by_place(enrollment.id, with_declared=outline.counts_declared)
    for (unit, _), of_place in seconds.items():
        if unit is not None:
            recorded[unit] = recorded.get(unit, timedelta(0)) + timedelta(seconds=of_place)
    required = required_by_unit(outline, effect)
    return replace(progress, time=TimeStanding(recorded, required, effect.time_percent))
