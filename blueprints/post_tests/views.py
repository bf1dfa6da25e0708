"""Starting an attempt, reviewing and submitting it, its result."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

import clock
from blueprints.http import commits, identity, page, see_other
from blueprints.post_tests.own import find_deadline, get_own
from blueprints.post_tests.wording import as_html
from domain import grading
from domain.numerals import read_whole_number
from domain.outline import ItemOutline
from domain.post_test_rules import items_that_teach, rules_of
from services import answers, attempts, deadlines, grades, post_tests
from services.answers import QuestionLine
from services.attempts import AttemptInCourse
from services.enrollments import get_study_for
from services.grades import ReviewedQuestion

bp = Blueprint("post_tests", __name__)
LARGEST_NUMBER = 1000


@bp.get("/learn/<slug>/units/<int:unit>/post-test")
def show_post_test(slug: str, unit: int) -> ResponseReturnValue:
    found = get_study_for(identity().person_id, slug)
    standing = post_tests.get_standing(found, unit, clock.now())
    own = get_own(standing.open_attempt_id) if standing.open_attempt_id else None
    if own is not None and own.is_submitted:
        return see_other(url_for("post_tests.show_result", attempt_id=own.attempt.id))
    return render_template(
        "post_tests/post_test.html",
        study=found,
        unit=standing.unit,
        standing=standing,
        can_study=found.can_study(clock.now()),
        rules=rules_of(found.outline),
        deadline=find_deadline(own) if own is not None else None,
        needed=grading.questions_needed(standing.questions, found.outline.pass_mark),
        points=grading.points,
    )


@bp.post("/learn/<slug>/units/<int:unit>/post-test")
@commits
def create_attempt(slug: str, unit: int) -> ResponseReturnValue:
    """Start; the number of the attempt that was asked for makes a repeated click harmless."""
    found = get_study_for(identity().person_id, slug)
    asked = read_whole_number(request.form.get("attempt", ""), LARGEST_NUMBER) or None
    attempt = attempts.open_attempt(found, unit, clock.now(), number=asked)
    if attempt.submitted_at is None:
        deadlines.close_if_overdue(attempts.in_course(attempt, found), clock.now())
    if attempt.submitted_at is not None:
        return see_other(url_for("post_tests.show_result", attempt_id=attempt.id))
    questions = answers.list_questions(attempt.id)
    return see_other(_where_to_go_on(attempt.id, questions))


@bp.get("/attempts/<int:attempt_id>/review")
def show_review(attempt_id: int) -> ResponseReturnValue:
    own = get_own(attempt_id)
    if own.is_submitted:
        return see_other(url_for("post_tests.show_result", attempt_id=attempt_id))
    return _review_page(own, answers.list_questions(attempt_id))


@bp.post("/attempts/<int:attempt_id>/submission")
@commits
def submit_attempt(attempt_id: int) -> ResponseReturnValue:
    """Submit; asks once more where some questions are unanswered."""
    own = attempts.get_attempt_for(identity().person_id, attempt_id)
    if deadlines.close_if_overdue(own, clock.now()):
        return see_other(url_for("post_tests.show_result", attempt_id=attempt_id))
    if not own.is_submitted and request.form.get("confirm") != "yes":
        questions = answers.list_questions(attempt_id)
        if not all(question.is_answered for question in questions):
            return _review_page(own, questions, ask=True, status=422)
    attempts.submit_attempt(own, clock.now())
    return see_other(url_for("post_tests.show_result", attempt_id=attempt_id))


@bp.get("/attempts/<int:attempt_id>/result")
def show_result(attempt_id: int) -> ResponseReturnValue:
    own = get_own(attempt_id)
    if not own.is_submitted:
        return see_other(url_for("post_tests.show_review", attempt_id=attempt_id))
    rules = rules_of(own.study.outline)
    result = grades.get_result(own.attempt, rules)
    return render_template(
        "post_tests/result.html",
        study=own.study,
        unit=own.unit,
        attempt=own.attempt,
        rules=rules,
        grade=result.grade,
        regrades=result.regrades,
        points=grading.points,
        standing=post_tests.get_standing(own.study, own.unit.number, clock.now()),
        can_study=own.study.can_study(clock.now()),
        objectives=_to_review(own, result.objectives),
        questions=[_reviewed(question) for question in result.questions],
    )


def _where_to_go_on(attempt_id: int, questions: list[QuestionLine]) -> str:
    """The first question without an answer; the review where all have one."""
    unanswered = (line.position for line in questions if not line.is_answered)
    position = next(unanswered, None)
    if position is None:
        return url_for("post_tests.show_review", attempt_id=attempt_id)
    return url_for("post_tests.show_question", attempt_id=attempt_id, position=position)


def _review_page(
    own: AttemptInCourse, questions: list[QuestionLine], *, ask: bool = False, status: int = 200
) -> ResponseReturnValue:
    rows = [_review_row(own.attempt.id, question) for question in questions]
    return page(
        "post_tests/review.html",
        status,
        study=own.study,
        unit=own.unit,
        attempt=own.attempt,
        rows=rows,
        unanswered=[question.position for question in questions if not question.is_answered],
        ask=ask,
        deadline=find_deadline(own),
    )


def _review_row(attempt_id: int, question: QuestionLine) -> dict[str, object]:
    return {
        "number": question.position,
        "stem": as_html(question.stem_html).striptags(),
        "answered": question.is_answered,
        "href": url_for(
            "post_tests.show_question",
            attempt_id=attempt_id,
            position=question.position,
            after="review",
        ),
    }


def _to_review(own: AttemptInCourse, objectives: tuple[int, ...]) -> list[dict[str, object]]:
    """The objectives that were missed, each with links to the items that teach it."""
    outline = own.study.outline
    return [
        {
            "text": outline.objectives[number - 1],
            "links": [
                (item.title, _item_url(outline.slug, item))
                for item in items_that_teach(outline, own.unit, number)
            ],
        }
        for number in objectives
    ]


def _item_url(slug: str, item: ItemOutline) -> str:
    return url_for("player.show_item", slug=slug, unit=item.unit_number, item=item.slug)


def _reviewed(question: ReviewedQuestion) -> dict[str, object]:
    feedback = [as_html(text) for text in question.feedback]
    return {
        "number": question.position,
        "stem": as_html(question.stem_html),
        "given": question.given,
        "right": question.right,
        "correct": question.is_right,
        "earned": question.earned,
        "rationale": Markup("").join([*feedback, as_html(question.rationale_html)]),
        "void_reason": question.void_reason,
    }
