"""One question per page: shown, saved on every move and, with scripts, on every change."""

import re
import secrets
from dataclasses import replace
from datetime import datetime
from functools import partial

from flask import Response, flash, request, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.http import (
    commits,
    identity,
    page,
    record_refusal,
    region,
    see_other,
    wants_fragment,
)
from blueprints.player import signs
from blueprints.post_tests import held_up
from blueprints.post_tests.own import as_deadline, find_deadline, get_own
from blueprints.post_tests.views import bp
from blueprints.post_tests.wording import as_html, as_phrase, has_blocks
from domain.numerals import read_whole_number
from domain.refusals import Invalid
from domain.responses import Typed, read_fields
from domain.wording import clock_of_day
from models import KeptForm
from services import answers, attempts, late_answers
from services.answers import Conflicting, QuestionPage, Saved, Sent, TooLate
from services.attempts import AttemptInCourse
from services.late_answers import Late

INSTANCE = re.compile(r"([0-9a-f]{16})\.([0-9]{1,9})")
HINTS = {
    "multiple": "More than one answer may be right. Choose every one that is.",
    "matching": "Choose the one that belongs to each. Some may be left over.",
    "ordering": "Write 1 beside the first, 2 beside the second, and so on.",
    "number": "Write a number in figures, such as 12 or 3.5.",
}
SAVED_ELSEWHERE = (
    "Not saved: this question was answered in another window. Use the button below the question "
    "to choose which answer stays."
)


@bp.get("/attempts/<int:attempt_id>/questions/<int:position>")
def show_question(attempt_id: int, position: int) -> ResponseReturnValue:
    own = get_own(attempt_id)
    kept = held_up.find_kept_form()
    if own.is_submitted and not (kept and late_answers.may_add(own, kept.received_at)):
        return see_other(url_for("post_tests.show_result", attempt_id=attempt_id))
    question = answers.get_question(attempt_id, position)
    if kept is None:
        return _question_page(own, question, _new_instance(question.revision))
    typed = read_fields(question.asked.kind, held_up.pairs(kept))
    instance = dict(held_up.pairs(kept)).get("instance", "")
    return _question_page(own, replace(question, typed=typed), instance, kept=kept)


@bp.post("/attempts/<int:attempt_id>/questions/<int:position>")
@commits
def save_answer(attempt_id: int, position: int) -> ResponseReturnValue:
    """Save, then move on. The same form is posted by htmx on change, which stays on the page."""
    now, sent = clock.now(), _sent()
    try:
        outcome = answers.save_answer(identity().person_id, attempt_id, position, sent, now)
    except Invalid as error:
        return _show_again(attempt_id, position, error)
    if isinstance(outcome, TooLate):
        late = Late(attempt_id, position, outcome.response, sent.received_at or now)
        return _answer_late(late, outcome.words)
    if isinstance(outcome, Conflicting):
        return _conflict_page(attempt_id, position, outcome)
    if wants_fragment():
        return _saved(outcome, now)
    return see_other(_where_next(attempt_id, position, outcome))


def _sent() -> Sent:
    """The form; the page's name and the revision it was loaded with travel as `name.revision`."""
    found = INSTANCE.fullmatch(request.form.get("instance", ""))
    return Sent(
        fields=list(request.form.items(multi=True)),
        page=found[1] if found else secrets.token_hex(8),
        based_on=int(found[2]) if found else 0,
        sequence=read_whole_number(request.form.get("seq", "")) or 0,
        is_deliberate=not wants_fragment(),
        received_at=held_up.received_at(),
    )


def _where_next(attempt_id: int, position: int, saved: Saved) -> str:
    step = -1 if request.form.get("action") == "previous" and position > 1 else 1
    changed_from_review = step > 0 and request.form.get("after") == "review"
    target = position + step
    if changed_from_review or target > saved.questions:
        return url_for("post_tests.show_review", attempt_id=attempt_id)
    return url_for("post_tests.show_question", attempt_id=attempt_id, position=target)


def _show_again(attempt_id: int, position: int, error: Invalid) -> ResponseReturnValue:
    """What was wrong, with what was typed kept; the answer saved before stays as it is."""
    if wants_fragment():
        return _status(f"Not saved yet. {error.message}", 422)
    own = attempts.get_attempt_for(identity().person_id, attempt_id)
    question = answers.get_question(attempt_id, position)
    typed = read_fields(question.asked.kind, request.form.items(multi=True))
    instance = request.form.get("instance", "")
    return _question_page(own, replace(question, typed=typed), instance, error=error)


def _question_page(
    own: AttemptInCourse,
    question: QuestionPage,
    instance: str,
    *,
    error: Invalid | None = None,
    kept: KeptForm | None = None,
) -> Response:
    stem, is_block = question.stem_html, has_blocks(question.stem_html)
    return signs.study_page(
        "post_tests/question.html",
        422 if error else 200,
        study=own.study,
        unit=own.unit,
        attempt=own.attempt,
        position=question.position,
        total=own.questions,
        stem="" if is_block else as_phrase(stem),
        stem_blocks=as_html(stem) if is_block else "",
        asked=question.asked,
        options=[(key, as_html(text)) for key, text in question.asked.options],
        typed=question.typed,
        void_reason=question.void_reason,
        instance=instance,
        error=error,
        kept=kept,
        kept_form_id=kept.id if kept else request.form.get("kept_form", ""),
        hint=HINTS.get(question.asked.kind, ""),
        after_review=request.values.get("after") == "review",
        time_signs=signs.open_attempt(own.study, own.attempt, own.unit.number, clock.now()),
        deadline=find_deadline(own),
    )


def _conflict_page(attempt_id: int, position: int, found: Conflicting) -> ResponseReturnValue:
    if wants_fragment():
        return _status(SAVED_ELSEWHERE, 409)
    own = attempts.get_attempt_for(identity().person_id, attempt_id)
    return page(
        "post_tests/conflict.html",
        409,
        study=own.study,
        attempt=own.attempt,
        position=position,
        found=found,
        fields=_fields_to_repeat(found.typed),
        instance=_new_instance(found.revision),
    )


def _answer_late(late: Late, words: str) -> ResponseReturnValue:
    """An answer that came too late is kept as evidence, ungraded, although it is refused.

    One that was received in time, when its sender's session had ended, still counts.
    """
    person_id = identity().person_id
    own = attempts.get_attempt_for(person_id, late.attempt_id)
    if late_answers.add_received_in_time(own, late, clock.now()):
        flash("Your answer is added: it was received before the deadline.", "success")
        return see_other(url_for("post_tests.show_result", attempt_id=late.attempt_id))
    keep = partial(late_answers.keep_and_close, person_id, late, clock.now())
    record_refusal("answer.late", subject=f"attempt {late.attempt_id}", evidence=keep)
    if wants_fragment():
        return _status(words, 409)
    own = attempts.get_attempt_for(person_id, late.attempt_id)
    return page("post_tests/late.html", 409, own=own, words=words)


def _fields_to_repeat(typed: Typed) -> list[tuple[str, str]]:
    """What the conflict page sends again as it is: the answer, and where to go after it."""
    chosen = [("answer", key) for key in typed.chosen]
    text = [("answer", typed.text)] if typed.text else []
    parts = [(f"answer-{key}", part) for key, part in typed.parts.items()]
    ways = [(name, request.form[name]) for name in ("after", "kept_form") if name in request.form]
    return chosen + text + parts + ways


def _new_instance(revision: int) -> str:
    return f"{secrets.token_hex(8)}.{revision}"


def _saved(saved: Saved, now: datetime) -> Response:
    """The status, and the deadline where the page does not know of a later one yet."""
    deadline = as_deadline(saved.deadline, now)
    is_new = deadline and request.form.get("closes") != deadline.closes_at.isoformat()
    words = f"Saved at {_clock(saved.saved_at)}"
    return region(
        "post_tests/_saved.html",
        words=words,
        is_problem=False,
        deadline=deadline if is_new else None,
    )


def _clock(instant: datetime) -> str:
    return clock_of_day(instant, identity().time_zone)


def _status(words: str, status: int = 200) -> Response:
    return region("post_tests/_status.html", status, words=words, is_problem=status >= 400)
