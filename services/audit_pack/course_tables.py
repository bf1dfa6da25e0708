"""What a pack says of a course: its editions with content and key, hours, approvals, changes."""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import select

from domain.outline import Outline
from extensions import db
from models import (
    Approval,
    ApprovalChange,
    Course,
    CourseInstructor,
    CreditWorksheet,
    Edition,
    EditionFile,
    EditionRevision,
    Person,
    PostTest,
    Question,
    QuestionRuling,
    Unit,
)
from services import editions
from services.audit_pack.tables import StepOutput, Table, as_json


def make_course(course_id: int) -> StepOutput:
    """The tables and files about a course: every edition it has had."""
    outlines = list_outlines(course_id)
    questions = _list_questions(outlines)
    return StepOutput(
        tables=[
            _editions(outlines),
            _objectives(outlines, questions),
            _outline(outlines),
            _questions(questions),
            _instructors(course_id, outlines),
            _disclosures(outlines),
            _references(outlines),
            _worksheets(outlines),
            _review_log(outlines),
            _approvals(outlines),
            _approval_changes(outlines),
        ],
        files=[
            *((f"course/edition-{o.edition_number}.json", as_json(_page(o))) for o in outlines),
            *_sources(outlines),
            ("course/questions.json", as_json([_question_json(*row) for row in questions])),
        ],
    )


def list_outlines(course_id: int) -> list[Outline]:
    """The outlines of all editions of a course, the first edition first."""
    ids = db.session.scalars(
        select(Edition.id).where(Edition.course_id == course_id).order_by(Edition.number)
    )
    return [editions.get_outline(edition_id) for edition_id in ids]


def _editions(outlines: Sequence[Outline]) -> Table:
    heads = (
        "edition", "code", "title", "minutes", "pass_mark_percent", "attempts_allowed", "released",
        "expires", "revision", "content_sha256", "is_current",
    )  # fmt: skip
    current = db.session.scalar(
        select(Course.current_edition_id).where(Course.id == outlines[0].course_id)
    )
    return Table(
        "course/editions",
        heads,
        [
            (
                o.edition_number, o.code, o.title, o.minutes, o.pass_mark, o.attempts_allowed,
                o.released, o.expires, o.revision, o.content_hash, o.edition_id == current,
            )
            for o in outlines
        ],
    )  # fmt: skip


QuestionRow = tuple[int, int, Question, str | None]
"""Edition number, unit number, the question, and why it is void (None if it is not)."""


def _list_questions(outlines: Sequence[Outline]) -> list[QuestionRow]:
    rows = db.session.execute(
        select(Edition.number, Unit.number, Question, QuestionRuling.reason)
        .join(PostTest, PostTest.id == Question.post_test_id)
        .join(Unit, Unit.id == PostTest.unit_id)
        .join(Edition, Edition.id == PostTest.edition_id)
        .outerjoin(QuestionRuling, QuestionRuling.question_id == Question.id)
        .where(Edition.id.in_([o.edition_id for o in outlines]))
        .order_by(Edition.number, Unit.number, Question.position)
    )
    return [(edition, unit, question, reason) for edition, unit, question, reason in rows]


def _objectives(outlines: Sequence[Outline], questions: Sequence[QuestionRow]) -> Table:
    """Which questions and items teach and test each objective."""
    rows = []
    for o in outlines:
        for number, text in enumerate(o.objectives, start=1):
            asked = [
                f"{unit}: {question.key}"
                for edition, unit, question, _ in questions
                if edition == o.edition_number and question.objective == number
            ]
            taught = [
                f"{item.unit_number}: {item.slug}"
                for item in o.items()
                if number in item.details.get("objectives", ())
            ]
            row = (o.edition_number, number, text, len(asked), "; ".join(asked), "; ".join(taught))
            rows.append(row)
    heads = ("edition", "objective", "text", "questions", "question_keys", "items")
    return Table("course/objectives", heads, rows)


def _outline(outlines: Sequence[Outline]) -> Table:
    heads = (
        "edition", "unit", "unit_title", "unit_minutes", "item", "item_title", "kind", "minutes",
        "required", "words", "recording_seconds", "origin",
    )  # fmt: skip
    rows = [
        (
            o.edition_number, unit.number, unit.title, unit.minutes, item.slug, item.title,
            item.kind, item.minutes, item.required, item.words,
            (item.details.get("media") or {}).get("duration"), item.details.get("origin"),
        )
        for o in outlines
        for unit in o.units
        for item in unit.items
    ]  # fmt: skip
    return Table("course/outline", heads, rows)


def _questions(questions: Sequence[QuestionRow]) -> Table:
    heads = ("edition", "unit", "question", "objective", "kind", "stem", "key", "void_because")
    return Table(
        "course/questions-and-key",
        heads,
        [
            (edition, unit, q.key, q.objective, q.kind, q.stem_html, q.body, void)
            for edition, unit, q, void in questions
        ],
    )


def _question_json(edition: int, unit: int, question: Question, void: str | None) -> Any:
    return {
        "edition": edition,
        "unit": unit,
        "question": question.key,
        "objective": question.objective,
        "kind": question.kind,
        "stem_html": question.stem_html,
        "options_and_key": question.body,
        "rationale_html": question.rationale_html,
        "void_because": void,
    }


def _instructors(course_id: int, outlines: Sequence[Outline]) -> Table:
    """Who the course pages name, with credentials, and who answers learners' questions.

    Those named wrote or answer for the questions: their credentials are the authors' too.
    """
    rows: list[tuple[object, ...]] = [
        (o.edition_number, "named on the page", one["name"], one["credentials"], one["bio"])
        for o in outlines
        for one in o.facts["instructors"]
    ]
    answering = db.session.scalars(
        select(Person.name_on_license)
        .join(CourseInstructor, CourseInstructor.person_id == Person.id)
        .where(CourseInstructor.course_id == course_id)
        .order_by(Person.name_on_license)
    )
    rows += [("", "answers learners' questions", name, "", "") for name in answering]
    heads = ("edition", "part", "name", "credentials", "biography")
    return Table("course/instructors-and-authors", heads, rows)


DISCLOSED = (
    "conflicts", "commercial_support", "system_requirements", "content_notes", "not_accepted_in",
    "audience", "level", "format", "reviewed",
)  # fmt: skip


def _disclosures(outlines: Sequence[Outline]) -> Table:
    rows = [(o.edition_number, name, o.facts.get(name)) for o in outlines for name in DISCLOSED]
    return Table("course/disclosures", ("edition", "subject", "text"), rows)


def _references(outlines: Sequence[Outline]) -> Table:
    rows = [
        (o.edition_number, number, text)
        for o in outlines
        for number, text in enumerate(o.facts["references"], start=1)
    ]
    return Table("course/references", ("edition", "number", "reference"), rows)


def _worksheets(outlines: Sequence[Outline]) -> Table:
    heads = (
        "edition", "worksheet", "method", "inputs", "results", "reason", "approved_by",
        "approved_at", "content_sha256",
    )  # fmt: skip
    numbers = {o.edition_id: o.edition_number for o in outlines}
    rows = db.session.execute(
        select(CreditWorksheet, Person.name_on_license)
        .join(Person, Person.id == CreditWorksheet.approver_id)
        .where(CreditWorksheet.edition_id.in_(numbers))
        .order_by(CreditWorksheet.edition_id, CreditWorksheet.number)
    )
    return Table(
        "course/credit-worksheets",
        heads,
        [
            (
                numbers[w.edition_id], w.number, w.method, w.inputs, w.results, w.reason, name,
                w.approved_at, w.content_hash,
            )
            for w, name in rows
        ],
    )  # fmt: skip


def _review_log(outlines: Sequence[Outline]) -> Table:
    """Publishing, corrections and voided questions, in order of time."""
    numbers = {o.edition_id: o.edition_number for o in outlines}
    found: list[tuple[Any, ...]] = []
    for edition in db.session.scalars(select(Edition).where(Edition.id.in_(numbers))):
        reviewed = f"content reviewed {edition.facts.get('reviewed', 'on no stated day')}"
        found.append((edition.published_at, edition.number, "edition published", reviewed, "", ""))
    for row, name in db.session.execute(
        select(EditionRevision, Person.name_on_license)
        .outerjoin(Person, Person.id == EditionRevision.published_by)
        .where(EditionRevision.edition_id.in_(numbers))
    ):
        head = (row.published_at, numbers[row.edition_id], f"revision {row.number}")
        found.append((*head, row.reason, row.changes, name))
    for ruling, key, edition_id, name in db.session.execute(
        select(QuestionRuling, Question.key, PostTest.edition_id, Person.name_on_license)
        .join(Question, Question.id == QuestionRuling.question_id)
        .join(PostTest, PostTest.id == Question.post_test_id)
        .join(Person, Person.id == QuestionRuling.decided_by_id)
        .where(PostTest.edition_id.in_(numbers))
    ):
        head = (ruling.decided_at, numbers[edition_id], "question voided")
        found.append((*head, ruling.reason, key, name))
    heads = ("at", "edition", "what", "reason", "changes", "by")
    return Table("course/review-log", heads, sorted(found, key=itemgetter(0)))


def _approvals(outlines: Sequence[Outline]) -> Table:
    heads = (
        "line", "approval", "body", "number", "course_number", "unit_word", "valid_from",
        "valid_until", "hour_minutes", "increment", "professions", "statement", "source",
        "checked_on",
    )  # fmt: skip
    return Table(
        "course/approvals",
        heads,
        [
            (
                a.line, a.id, a.body, a.number, a.course_number, a.unit_word, a.valid_from,
                a.valid_until, a.hour_minutes, a.increment, "; ".join(a.professions), a.statement,
                a.source, a.checked_on,
            )
            for a in _list_approvals(outlines)
        ],
    )  # fmt: skip


def _list_approvals(outlines: Sequence[Outline]) -> list[Approval]:
    """The approvals of every line that an edition names, and those of this course alone."""
    named = {line for o in outlines for line in o.facts["approvals"]}
    rows = db.session.scalars(select(Approval).order_by(Approval.valid_from, Approval.id))
    return [row for row in rows if row.line in named or row.course_id == outlines[0].course_id]


def _approval_changes(outlines: Sequence[Outline]) -> Table:
    ids = [row.id for row in _list_approvals(outlines)]
    rows = db.session.execute(
        select(
            ApprovalChange.subject_id,
            ApprovalChange.happened_at,
            ApprovalChange.fields,
            ApprovalChange.reason,
            Person.name_on_license,
        )
        .outerjoin(Person, Person.id == ApprovalChange.actor_id)
        .where(ApprovalChange.subject_kind == "approval", ApprovalChange.subject_id.in_(ids))
        .order_by(ApprovalChange.id)
    )
    heads = ("approval", "at", "fields", "reason", "by")
    return Table("course/approval-changes", heads, [tuple(row) for row in rows])


def _page(outline: Outline) -> dict[str, Any]:
    """The course page as data: what a learner could read before enrolling in this edition."""
    return {
        "edition": outline.edition_number,
        "revision": outline.revision,
        "code": outline.code,
        "title": outline.title,
        "summary": outline.summary,
        "about_html": outline.about_html,
        "price_cents": outline.price_cents,
        "currency": outline.currency,
        "minutes": outline.minutes,
        "assessment_minutes": outline.assessment_minutes,
        "pass_mark_percent": outline.pass_mark,
        "attempts_allowed": outline.attempts_allowed,
        "access_days": outline.access_days,
        "released": outline.released,
        "expires": outline.expires,
        "content_sha256": outline.content_hash,
        "page": outline.facts,
        "evaluation": outline.evaluation,
        "units": [
            {"number": unit.number, "title": unit.title, "minutes": unit.minutes, "draw": unit.draw}
            for unit in outline.units
        ],
    }


def _sources(outlines: Sequence[Outline]) -> Iterable[tuple[str, bytes]]:
    """The text files that each edition was published from, and a list of all with their hashes."""
    for outline in outlines:
        folder = f"course/edition-{outline.edition_number}-source"
        files = db.session.scalars(
            select(EditionFile)
            .where(EditionFile.edition_id == outline.edition_id)
            .order_by(EditionFile.path)
        ).all()
        for file in files:
            if file.text is not None:
                yield f"{folder}/{file.path}", file.text.encode()
        listed = [
            {"path": f.path, "sha256": f.sha256, "bytes": f.size_bytes, "kind": f.media_type}
            for f in files
        ]
        yield f"{folder}.json", as_json(listed)
