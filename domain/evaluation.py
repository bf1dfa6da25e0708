"""The fields of an evaluation form, and what is missing in one that was sent."""

from dataclasses import dataclass
from typing import Any

from domain.outline import Outline

SCALE = (
    ("1", "Not at all"),
    ("2", "A little"),
    ("3", "Moderately"),
    ("4", "Well"),
    ("5", "Very well"),
)
PER_OBJECTIVE = "objectives"


@dataclass(frozen=True)
class Field:
    """One control: a scale or choice (radio buttons) or a text. `label` is plain text."""

    name: str
    question_id: str
    kind: str
    label: str
    prompt_html: str
    options: tuple[tuple[str, str], ...]
    optional: bool


def fields_of(outline: Outline) -> list[Field]:
    """The fields in order; the scale `objectives` is asked once per learning objective."""
    fields: list[Field] = []
    for question in outline.evaluation["questions"]:
        if question["kind"] == "scale" and question["id"] == PER_OBJECTIVE:
            fields += [
                _field(question, f"{question['id']}-{number}", objective)
                for number, objective in enumerate(outline.objectives, start=1)
            ]
        else:
            fields.append(_field(question, question["id"], ""))
    return fields


def find_problems(fields: list[Field], typed: dict[str, str]) -> list[tuple[str, str]]:
    """(field name, message) of every required field without an allowed answer."""
    problems = []
    for field in fields:
        value = typed.get(field.name, "").strip()
        allowed = {key for key, _ in field.options}
        if value and allowed and value not in allowed:
            problems.append((field.name, "Choose one of the answers shown."))
        elif not value and not field.optional:
            about = f" for: {field.label}" if field.label else ""
            problems.append((field.name, f"Choose an answer{about}."))
    return problems


def _field(question: dict[str, Any], name: str, label: str) -> Field:
    options: tuple[tuple[str, str], ...] = ()
    if question["kind"] == "scale":
        options = SCALE
    elif question["kind"] == "choice":
        options = tuple((str(n), text) for n, text in enumerate(question["options"], start=1))
    return Field(
        name=name,
        question_id=question["id"],
        kind=question["kind"],
        label=label,
        prompt_html=question["prompt_html"],
        options=options,
        optional=question["optional"],
    )
