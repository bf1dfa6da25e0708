"""The answer key of an edition, to print: questions, right answers, rationales, references."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from blueprints.http import identity
from blueprints.instructor.analysis_rows import KINDS
from blueprints.instructor.views import bp
from blueprints.post_tests.wording import as_html
from domain import answer_words
from domain.numerals import read_whole_number
from domain.outline import Outline, UnitOutline
from models import Question
from services import answer_keys
from services.answer_keys import KeyQuestion
from services.instructed_courses import get_edition_for


@bp.get("/instructor/courses/<slug>/answer-key")
def show_answer_key(slug: str) -> ResponseReturnValue:
    number = read_whole_number(request.args.get("edition", ""))
    found = get_edition_for(identity(), slug, number)
    outline = found.outline
    return render_template(
        "instructor/answer_key.html",
        outline=outline,
        numbers=found.numbers,
        units=key_entries(outline, answer_keys.list_by_unit(outline)),
    )


def key_entries(
    outline: Outline, units: list[tuple[UnitOutline, list[KeyQuestion]]]
) -> list[tuple[UnitOutline, list[dict[str, object]]]]:
    """The questions of units as `instructor/_key_units.html` takes them."""
    return [
        (unit, [_entry(one.question, one.void_reason, outline.objectives) for one in questions])
        for unit, questions in units
    ]


def _entry(question: Question, void_reason: str, objectives: tuple[str, ...]) -> dict[str, object]:
    is_choice = question.kind in ("single", "multiple")
    return {
        "key": question.key,
        "kind": KINDS[question.kind],
        "case": question.kind == "short" and question.body["case"],
        "objective": f"{question.objective}. {objectives[question.objective - 1]}",
        "stem": as_html(question.stem_html),
        "options": [_option(question, i) for i in range(len(question.body["options"]))]
        if is_choice
        else [],
        "right": None if is_choice else answer_words.right(question.kind, question.body),
        "distractors": _distractors(question),
        "rationale": as_html(question.rationale_html),
        "void_reason": void_reason,
    }


def _option(question: Question, index: int) -> dict[str, object]:
    option, weights = question.body["options"][index], question.body["weights"]
    is_right = index in question.body["right"]
    weight = f", {weights[index]} %" if weights is not None else ""
    return {
        "mark": f"{'Right' if is_right else 'Wrong'}{weight}",
        "text": as_html(option["html"]),
        "feedback": as_html(option["feedback"]) if option["feedback"] else "",
    }


def _distractors(question: Question) -> list[str]:
    """Right sides of a matching question that belong to nothing."""
    if question.kind != "matching":
        return []
    used = set(question.body["right"])
    return [text for i, text in enumerate(question.body["rights"]) if i not in used]
