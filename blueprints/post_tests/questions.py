"""One question per page: shown, saved on every move and, with scripts, on every change."""

import secrets
from typing import Any
from zoneinfo import ZoneInfo

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

import clock
from blueprints.http import commits, identity, page, see_other, wants_fragment
from blueprints.player import signs
from blueprints.post_tests.views import bp
from domain import grading
from extensions import db
from models import Attempt
from services import attempts
from services.attempts import AnswerConflict, DrawnQuestion, PageSave

BLOCKS = ("<ul", "<ol", "<table", "<blockquote", "<pre", "<h")
HINTS = {
    "multiple": "More than one answer may be right. Choose every one that is.",
    "matching": "Choose the one that belongs to each. Some may be left over.",
    "ordering": "Write 1 beside the first, 2 beside the second, and so on.",
    "number": "Enter a number, such as 12 or 3.5.",
}


@bp.get("/attempts/<int:attempt_id>/questions/<int:position>")
def show_question(attempt_id: int, position: int) -> ResponseReturnValue:
    attempt = attempts.get_attempt_for(identity().person_id, attempt_id)
    if attempt.submitted_at is not None:
        return see_other(url_for("post_tests.show_result", attempt_id=attempt_id))
    question = attempts.get_question(attempt_id, position)
    return _question_page(attempt, question, question.response)


@bp.post("/attempts/<int:attempt_id>/questions/<int:position>")
@commits
def save_answer(attempt_id: int, position: int) -> ResponseReturnValue:
    """Save, then move on. The same form is posted by htmx on change, which stays on the page."""
    attempt = attempts.get_attempt_for(identity().person_id, attempt_id)
    question = attempts.get_question(attempt_id, position)
    values = {name: request.form.getlist(name) for name in request.form}
    response = grading.parse_response(question.kind, question.body, values)
    if attempt.submitted_at is not None:
        return _refuse_late(attempt, position, response)
    fault = grading.find_fault(question.kind, response)
    if fault is not None and not wants_fragment():
        return _question_page(attempt, question, response, [fault], 422)
    try:
        attempts.save_answer(attempt, question, response, _page_save(), clock.now())
    except AnswerConflict as conflict:
        return _conflict_page(attempt, question, response, conflict)
    if wants_fragment():
        return _saved_status()
    return see_other(_where_next(attempt_id, question))


def _page_save() -> PageSave:
    """The page's name and the revision it was loaded with travel as `name.revision`."""
    name, _, revision = request.form.get("instance", "").partition(".")
    seq = request.form.get("seq", "")
    return PageSave(
        page=name[:32] or secrets.token_hex(8),
        sequence=min(int(seq), 2**31 - 1) if seq.isdigit() else 0,
        base_revision=int(revision) if revision.isdigit() and len(revision) < 10 else 0,
    )


def _where_next(attempt_id: int, question: DrawnQuestion) -> str:
    total = len(attempts.list_positions(attempt_id))
    action = request.form.get("action", "next")
    target = question.position + (-1 if action == "previous" else 1)
    if action == "review" or target > total:
        return url_for("post_tests.show_review", attempt_id=attempt_id)
    return url_for("post_tests.show_question", attempt_id=attempt_id, position=max(1, target))


def _question_page(
    attempt: Attempt,
    question: DrawnQuestion,
    response: grading.Response,
    errors: list[str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    found, unit = attempts.get_study_of(identity().person_id, attempt)
    total = len(attempts.list_positions(attempt.id))
    has_blocks = any(tag in question.stem_html for tag in BLOCKS)
    return page(
        "post_tests/question.html",
        status,
        study=found,
        unit=unit,
        attempt=attempt,
        question=question,
        total=total,
        stem=Markup(_as_phrase(question.stem_html)) if not has_blocks else "",  # noqa: S704
        stem_blocks=Markup(question.stem_html) if has_blocks else "",  # noqa: S704 - sanitized
        instance=f"{secrets.token_hex(8)}.{question.revision}",
        errors=errors or [],
        hint=HINTS.get(question.kind, ""),
        shown=_shown(question, response),
        time_signs=signs.for_attempt(found, attempt, unit.number),
    )


def _shown(question: DrawnQuestion, response: grading.Response) -> dict[str, Any]:
    """What the answer macros need: shown options and what was answered. No key, no weights."""
    body, order = question.body, question.order
    match question.kind:
        case "single" | "multiple":
            options = [(str(n), Markup(body["options"][i]["html"])) for n, i in enumerate(order)]  # noqa: S704
            return {"options": options, "chosen": [str(n) for n in response.get("chosen", [])]}
        case "matching":
            lefts = [(str(n), Markup(left)) for n, left in enumerate(body["lefts"])]  # noqa: S704
            rights = [
                (str(n), Markup(body["rights"][i]).striptags())  # noqa: S704 - option text
                for n, i in enumerate(order)
            ]
            chosen = {left: str(right) for left, right in response.get("pairs", {}).items()}
            return {"lefts": lefts, "rights": rights, "chosen": chosen}
        case "ordering":
            steps = [(str(n), Markup(body["steps"][i])) for n, i in enumerate(order)]  # noqa: S704
            return {"steps": steps, "places": response.get("places", {})}
        case _:
            return {"value": response.get("text", "")}


def _as_phrase(html: str) -> str:
    """Paragraphs as lines, since a legend holds phrases only."""
    return html.strip().removeprefix("<p>").removesuffix("</p>").replace("</p>\n<p>", "<br><br>")


def _saved_status() -> ResponseReturnValue:
    there = clock.now().astimezone(ZoneInfo(identity().time_zone))
    return make_response(
        render_template("post_tests/_saved.html", words=f"Saved at {there:%H:%M}")
    )


def _refuse_late(
    attempt: Attempt, position: int, response: grading.Response
) -> ResponseReturnValue:
    """An answer after submission is kept as evidence in a transaction of its own, ungraded."""
    db.session.rollback()
    attempts.keep_late_answer(attempt, position, response, clock.now())
    db.session.commit()
    return page("post_tests/late.html", 409, attempt_id=attempt.id)


def _conflict_page(
    attempt: Attempt,
    question: DrawnQuestion,
    response: grading.Response,
    conflict: AnswerConflict,
) -> ResponseReturnValue:
    if wants_fragment():
        words = (
            "This question was answered in another window. Use Save and continue to choose "
            "which answer stays."
        )
        return make_response(render_template("post_tests/_saved.html", words=words), 200)
    found, unit = attempts.get_study_of(identity().person_id, attempt)
    return page(
        "post_tests/conflict.html",
        409,
        study=found,
        unit=unit,
        attempt=attempt,
        question=question,
        yours=_given(question, response),
        saved=_given(question, conflict.saved),
        fields=_posted_fields(),
        instance=f"{secrets.token_hex(8)}.{conflict.revision}",
    )


def _given(question: DrawnQuestion, response: grading.Response) -> Markup | str:
    lines = grading.in_words(question.kind, question.body, question.order, response)
    typed = question.kind in ("short", "number")
    safe = [Markup.escape(line) if typed else Markup(line) for line in lines]  # noqa: S704
    return Markup("<br>").join(safe) if safe else "No answer"


def _posted_fields() -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name.startswith("answer")
    ]


