"""Checks of what the course promises: approvals, credit, dates, objectives."""

import re
from datetime import date

from course_format.faults import did_you_mean
from course_format.fields import NO_DATE
from course_format.provider import Approval, Provider, read_provider
from course_format.reading import Reading
from course_format.source import OBJECTIVES_QUESTION, Course

PROVIDER_FILE = "provider.yaml"
LEAST_OBJECTIVES = 3
LEAST_QUESTIONS_PER_HOUR = 6
LONGEST_YEARS_WITHOUT_REVIEW = 3

UNMEASURABLE = frozenset({
    "appreciate", "be", "become", "believe", "comprehend", "consider", "enjoy", "familiarize",
    "feel", "gain", "grasp", "increase", "know", "learn", "realize", "see", "study", "think",
    "understand", "view",
})  # fmt: skip
"""First verbs that nobody can observe, so that no question can test them (ce-rules.md §1, §2)."""

_LEAD = re.compile(
    r"(?:(?:the )?(?:learners?|participants?|you) (?:will|should|can) (?:be able to )?|to )", re.I
)


def check_promises(course: Course, reading: Reading) -> None:
    """Report approvals, credit, dates and objectives that do not hold together."""
    _check_dates(course, reading)
    _check_objectives(course, reading)
    _check_evaluation(course, reading)
    _check_questions(course, reading)
    provider = _read_provider(course, reading)
    if provider:
        for name in course.approvals:
            _check_approval(name, provider, course, reading)


def _check_dates(course: Course, reading: Reading) -> None:
    if NO_DATE in (course.released, course.reviewed, course.expires):
        return
    path, line = reading.place("expires")
    if course.expires <= max(course.released, course.reviewed):
        message = "“expires” must be later than “released” and “reviewed”."
        reading.report.error(path, line, message)
    elif _years_apart(course.reviewed, course.expires) > LONGEST_YEARS_WITHOUT_REVIEW:
        message = f"More than {LONGEST_YEARS_WITHOUT_REVIEW} years lie between review and expiry."
        reading.report.warn(path, line, message)


def _years_apart(early: date, late: date) -> int:
    """Whole years and, where any day is left over, one more."""
    days = (late.month, late.day) > (early.month, early.day)
    return late.year - early.year + days


def _check_objectives(course: Course, reading: Reading) -> None:
    for number, text in enumerate(course.objectives, 1):
        words = re.findall(r"[a-z]+", _LEAD.sub("", text, count=1).lower())
        if words and words[0] in UNMEASURABLE:
            message = (
                f"Objective {number} cannot be measured: “{words[0]}” cannot be observed. Say what "
                "the learner will do, such as identify, describe, apply."
            )
            reading.report.warn(*reading.place("objective", number), message)
    least = max(LEAST_OBJECTIVES, course.total_minutes // 60)
    if course.approvals and 0 < len(course.objectives) < least:
        message = f"{len(course.objectives)} objectives are few for this credit; name {least}."
        reading.report.warn(*reading.place("objectives"), message)


def _check_evaluation(course: Course, reading: Reading) -> None:
    questions = course.evaluation.questions
    if questions and all(question.id != OBJECTIVES_QUESTION for question in questions):
        message = "Nothing asks how well each objective was met: “## objectives {scale}”."
        reading.report.warn("evaluation.md", 0, message)


def _read_provider(course: Course, reading: Reading) -> Provider | None:
    file = reading.folder.resolve().parent / PROVIDER_FILE
    if not file.is_file():
        if course.approvals:
            message = f"There is no {PROVIDER_FILE} beside the course: approvals are not checked."
            reading.report.note(*reading.place("approvals"), message)
        return None
    provider, faults = read_provider(file)
    for fault in faults:
        reading.report.error(f"../{PROVIDER_FILE}", fault.line, fault.message)
    return provider


def _check_approval(name: str, provider: Provider, course: Course, reading: Reading) -> None:
    path, line = reading.place("approvals")
    approval = next((one for one in provider.approvals if one.id == name), None)
    if approval is None:
        known = did_you_mean(name, [one.id for one in provider.approvals])
        reading.report.error(path, line, f"{PROVIDER_FILE} has no approval “{name}”.{known}")
        return
    if approval.valid_from > course.released or approval.valid_until < course.expires:
        message = (
            f"The approval “{name}” is valid from {approval.valid_from} until "
            f"{approval.valid_until}, not as long as the course."
        )
        reading.report.warn(path, line, message)
    _check_credit(approval, course, reading)


def _check_credit(approval: Approval, course: Course, reading: Reading) -> None:
    path, line = reading.place("units")
    minutes = course.total_minutes
    step = approval.increment * approval.hour_minutes
    steps = int(minutes / step)
    credit = steps * approval.increment
    if credit < approval.minimum:
        message = (
            f"{minutes} minutes grant nothing under “{approval.id}”, whose least credit is "
            f"{approval.minimum}."
        )
        reading.report.warn(path, line, message)
        return
    unused = minutes - steps * step
    if unused:
        message = (
            f"{minutes} minutes grant {credit:f} {approval.unit_word} under “{approval.id}”; "
            f"{unused.normalize():f} minutes are rounded away."
        )
        reading.report.note(path, line, message)


def _check_questions(course: Course, reading: Reading) -> None:
    drawn = sum(unit.post_test.draw for unit in course.units)
    hours = course.total_minutes // 60
    if course.approvals and 0 < drawn < LEAST_QUESTIONS_PER_HOUR * hours:
        message = (
            f"A learner answers {drawn} questions for {hours} hours; {LEAST_QUESTIONS_PER_HOUR} to "
            "8 for each hour are usual."
        )
        reading.report.warn(*reading.place("units"), message)
