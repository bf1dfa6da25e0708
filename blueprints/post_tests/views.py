"""Starting an attempt, reviewing and submitting it, its result."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

import clock
from blueprints.http import commits, identity, page, see_other
from domain import grading
from domain.outline import UnitOutline
from domain.path import are_items_complete
from domain.standing import NO_STANDING
from models import Attempt
from services import attempts, study
from services.attempts import DrawnQuestion
from services.enrollments import Study, get_study_for
from services.progress import get_progress

bp = Blueprint("post_tests", __name__)


@bp.get("/learn/<slug>/units/<int:unit>/post-test")
def show_post_test(slug: str, unit: int) -> ResponseReturnValue:
    found = get_study_for(identity().person_id, slug)
    progress = get_progress(found.enrollment.id)
    place = study.get_unit(found, unit)
    study.refuse_closed_unit(found, progress, unit)
    return render_template(
        "post_tests/post_test.html",
        study=found,
        unit=place,
        standing=progress.tests.get(place.post_test_id, NO_STANDING),
        attempts_left=attempts.attempts_left(found, progress, place),
        items_complete=are_items_complete(place, progress),
        needed=_needed(place.draw, found.outline.pass_mark),
    )


@bp.post("/learn/<slug>/units/<int:unit>/post-test")
@commits
def create_attempt(slug: str, unit: int) -> ResponseReturnValue:
    found = get_study_for(identity().person_id, slug)
    progress = get_progress(found.enrollment.id)
    place = study.get_unit(found, unit)
    attempt_id = attempts.open_attempt(found, progress, place, clock.now())
    return see_other(url_for("post_tests.show_question", attempt_id=attempt_id, position=1))


@bp.get("/attempts/<int:attempt_id>/review")
def show_review(attempt_id: int) -> ResponseReturnValue:
    attempt = attempts.get_attempt_for(identity().person_id, attempt_id)
    if attempt.submitted_at is not None:
        return see_other(url_for("post_tests.show_result", attempt_id=attempt_id))
    return _review_page(attempt)


@bp.post("/attempts/<int:attempt_id>/submission")
@commits
def submit_attempt(attempt_id: int) -> ResponseReturnValue:
    """Submit; asks once more where some questions are unanswered."""
    attempt = attempts.get_attempt_for(identity().person_id, attempt_id)
    if attempt.submitted_at is None and request.form.get("confirm") != "yes":
        open_questions = [q for q in attempts.list_questions(attempt_id) if not q.is_answered]
        if open_questions:
            return _review_page(attempt, ask=len(open_questions), status=422)
    found, _ = attempts.get_study_of(identity().person_id, attempt)
    attempts.submit_attempt(found, attempt, clock.now())
    return see_other(url_for("post_tests.show_result", attempt_id=attempt_id))


@bp.get("/attempts/<int:attempt_id>/result")
def show_result(attempt_id: int) -> ResponseReturnValue:
    attempt = attempts.get_attempt_for(identity().person_id, attempt_id)
    if attempt.submitted_at is None:
        return see_other(url_for("post_tests.show_review", attempt_id=attempt_id))
    found, unit = attempts.get_study_of(identity().person_id, attempt)
    grade = attempts.get_grade(attempt_id)
    questions = attempts.list_questions(attempt_id)
    earned = {line["position"]: line["earned"] for line in grade.per_question}
    return render_template(
        "post_tests/result.html",
        study=found,
        unit=unit,
        attempt=attempt,
        grade=grade,
        correct=_points(grade.earned),
        total=_points(grade.possible),
        percent=grade.earned * 100 // grade.possible,
        attempts_left=attempts.attempts_left(found, get_progress(found.enrollment.id), unit),
        objectives=[] if grade.passed else _to_review(found, unit, questions, earned),
        questions=[_reviewed(q, earned[q.position]) for q in questions] if grade.passed else [],
    )


def _review_page(attempt: Attempt, ask: int = 0, status: int = 200) -> ResponseReturnValue:
    found, unit = attempts.get_study_of(identity().person_id, attempt)
    questions = attempts.list_questions(attempt.id)
    return page(
        "post_tests/review.html",
        status,
        study=found,
        unit=unit,
        attempt=attempt,
        ask=ask,
        answered=sum(question.is_answered for question in questions),
        rows=[_review_row(question) for question in questions],
    )


def _review_row(question: DrawnQuestion) -> dict[str, object]:
    return {
        "number": question.position,
        "stem": Markup(question.stem_html).striptags(),  # noqa: S704 - stripped of all tags
        "answered": question.is_answered,
        "href": url_for(
            "post_tests.show_question",
            attempt_id=question.attempt_id,
            position=question.position,
        ),
    }


def _to_review(
    found: Study, unit: UnitOutline, questions: list[DrawnQuestion], earned: dict[int, int]
) -> list[dict[str, object]]:
    """The objectives of the questions missed, with links to the unit's items. Nothing more."""
    missed = sorted({q.objective for q in questions if earned[q.position] < grading.FULL})
    links = [
        (
            item.title,
            url_for(
                "player.show_item", slug=found.outline.slug, unit=unit.number, item=item.slug
            ),
        )
        for item in unit.items
    ]
    return [
        {"text": found.outline.objectives[number - 1], "links": links} for number in missed
    ]


def _reviewed(question: DrawnQuestion, earned: int) -> dict[str, object]:
    """A question after a pass, with the answer given, the right one and the rationale."""
    kind, body = question.kind, question.body
    given = grading.in_words(kind, body, question.order, question.response)
    return {
        "number": question.position,
        "stem": Markup(question.stem_html),  # noqa: S704 - sanitized at publishing
        "given": _lines(given, kind) if given else "No answer",
        "right": _lines(grading.right_answer(kind, body), "html"),
        "correct": earned == grading.FULL,
        "rationale": Markup(question.rationale_html),  # noqa: S704 - sanitized
    }


def _lines(lines: list[str], kind: str) -> Markup:
    """Lines of sanitized HTML, or of typed text, which is escaped."""
    typed = kind in ("short", "number")
    safe = [Markup.escape(line) if typed else Markup(line) for line in lines]  # noqa: S704
    return Markup("<br>").join(safe)


def _needed(count: int, pass_mark: int) -> int:
    """How many questions must be right: the least n with n × 100 ≥ pass mark × count."""
    return -(-pass_mark * count // 100)


def _points(hundredths: int) -> str:
    whole, rest = divmod(hundredths, grading.FULL)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)
