"""What differs between two versions of a course, in words, and what a correction may not touch.

An edition is immutable in what earns credit: minutes, objectives, questions, rules (product.md,
"Content after publishing"). Typing errors, links, captions and media may be corrected within it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields

from course_format.differences_of_items import compare_items
from course_format.differences_of_tests import compare_evaluations, compare_post_tests
from course_format.markdown import linked_files
from course_format.source import CompletionRules, Course, Unit
from course_format.wording import compare_texts


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a course: what was read, and the SHA-256 of each of its files."""

    course: Course
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `words` say where and what; `is_correction` is false where it bears on
    credit, or on what was promised at enrollment, so that it needs a new edition."""

    words: str
    is_correction: bool


CORRECTED_FREELY = {
    "summary": "The summary",
    "about": "The description",
    "faq": "The frequently asked questions",
    "references": "The list of references",
    "system_requirements": "What is said of system requirements",
    "content_notes": "What is said of the content",
    "not_accepted_in": "What is said of boards that do not accept the course",
}
"""Facts of course.yaml that neither earn credit nor bind anybody."""

_COMPARED_APART = {"slug", "units", "evaluation", "objectives", "instructors", "completion"}
_NAMES = {
    "code": "code", "title": "title", "level": "level", "audience": "audience",
    "format": "format", "demonstration": "mark “demonstration”", "price": "price",
    "currency": "currency", "enrollment": "way to enroll",
    "assessment_minutes": "minutes of post-tests and evaluation",
    "access_days": "days of access", "released": "day of release", "reviewed": "day of review",
    "expires": "day of expiry", "approvals": "list of approvals",
    "categories": "list of categories",
    "conflicts": "statement on conflicts of interest",
    "commercial_support": "statement on commercial support",
}  # fmt: skip
_RULES = {
    "pass_mark": "pass mark", "attempts": "number of attempts", "order": "order of units",
    "minimum_percent": "minimum time in percent",
    "time_limit_minutes": "time limit of a post-test in minutes",
    "time_limit_reason": "reason for the time limit",
    "retry_after_hours": "waiting time after an attempt in hours",
    "feedback_not_passed": "feedback after an attempt that was not passed",
    "feedback_passed": "feedback after a pass",
    "counts_declared": "rule whether declared time counts",
}  # fmt: skip


def compare_courses(before: Version, after: Version) -> list[Change]:
    """List every difference between two versions of a course, in the order of the course."""
    found = [
        *_facts(before.course, after.course),
        *_pictures(before, after),
        *_objectives(before.course, after.course),
        *_units(before, after),
        *(Change(*one) for one in compare_evaluations(before.course, after.course)),
    ]
    return found or list(_unseen(before, after))


def _facts(before: Course, after: Course) -> Iterator[Change]:
    for field in fields(Course):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old == new or field.name in _COMPARED_APART:
            continue
        if field.name in CORRECTED_FREELY:
            words = compare_texts(_text(old), _text(new)).in_words()
            yield Change(f"{CORRECTED_FREELY[field.name]}: {words}", is_correction=True)
        else:
            yield _was(f"The {_NAMES[field.name]}", _text(old), _text(new))
    yield from _instructors(before, after)
    rules, others = _rules(before.completion), _rules(after.completion)
    for name, called in _RULES.items():
        if rules[name] != others[name]:
            yield _was(f"The {called}", _text(rules[name]), _text(others[name]))


def _rules(rules: CompletionRules) -> dict[str, object]:
    return {**asdict(rules), **asdict(rules.post_tests)}


def _pictures(before: Version, after: Version) -> Iterator[Change]:
    for old, new in (
        (before.course.about, after.course.about),
        (before.course.faq, after.course.faq),
    ):
        for path in sorted(linked_files(old) & linked_files(new)):
            if before.files.get(path) != after.files.get(path):
                yield Change(f"On the course page, {path} is replaced.", is_correction=True)


def _instructors(before: Course, after: Course) -> Iterator[Change]:
    named = [[(one.name, one.credentials) for one in c.instructors] for c in (before, after)]
    if named[0] != named[1]:
        lists = ["; ".join(f"{name} ({title})" for name, title in people) for people in named]
        yield _was("The list of instructors", *lists)
    elif before.instructors != after.instructors:
        bios = ["\n".join(one.bio for one in c.instructors) for c in (before, after)]
        yield Change(f"About the instructors: {compare_texts(*bios).in_words()}", True)


def _objectives(before: Course, after: Course) -> Iterator[Change]:
    old, new = before.objectives, after.objectives
    for number in range(1, max(len(old), len(new)) + 1):
        texts = [texts[number - 1] if number <= len(texts) else "" for texts in (old, new)]
        if texts[0] != texts[1]:
            yield _was(f"Objective {number}", *texts)


def _units(before: Version, after: Version) -> Iterator[Change]:
    old = {unit.number: unit for unit in before.course.units}
    new = {unit.number: unit for unit in after.course.units}
    for number in sorted({*old, *new}):
        if number not in old:
            yield Change(f"Unit {number}, “{new[number].title}”, is added.", False)
        elif number not in new:
            yield Change(f"Unit {number}, “{old[number].title}”, is gone.", False)
        else:
            yield from _unit(old[number], new[number], before, after)


def _unit(old: Unit, new: Unit, before: Version, after: Version) -> Iterator[Change]:
    where = f"Unit {old.number}"
    if old.title != new.title:
        apart = compare_texts(old.title, new.title)
        yield Change(f"{where}: the title “{old.title}” is now “{new.title}”.", apart.is_correction)
    if old.minutes != new.minutes:
        yield _was(f"{where}: the number of minutes", str(old.minutes), str(new.minutes))
    for words, is_correction in compare_items(old, new, before.files, after.files):
        yield Change(f"{where}, {words}", is_correction)
    for words, is_correction in compare_post_tests(old, new, before.files, after.files):
        yield Change(f"{where}, post-test: {words}", is_correction)


def _unseen(before: Version, after: Version) -> Iterator[Change]:
    """Files that differ though the course reads the same: space, comments, order of facts."""
    for path in sorted({*before.files, *after.files}):
        if before.files.get(path) != after.files.get(path):
            yield Change(f"{path} is written differently and means the same.", True)


def _was(what: str, old: str, new: str) -> Change:
    if not old:
        return Change(f"{what} is added: “{new}”.", is_correction=False)
    if not new:
        return Change(f"{what} is gone; it was “{old}”.", is_correction=False)
    return Change(f"{what} was “{old}” and is now “{new}”.", is_correction=False)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(map(str, value)) if isinstance(value, tuple) else str(value)
