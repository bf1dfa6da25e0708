"""The fields of an evaluation form, and what is missing in one that was sent."""

import html
import re
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
LONGEST_TEXT = 5000


@dataclass(frozen=True)
class Field:
    """One control: a scale or choice (radio buttons) or a text. `label` is plain text."""

    name: str
    kind: str
    label: str
    options: tuple[tuple[str, str], ...]
    optional: bool


@dataclass(frozen=True)
class Group:
    """The fields of one question. `prompt` is what they share, '' where a label says it all."""

    question_id: str
    prompt: str
    fields: tuple[Field, ...]


def list_groups(outline: Outline) -> list[Group]:
    """The questions in order; the scale `objectives` is asked once per learning objective."""
    return [_group(question, outline) for question in outline.evaluation["questions"]]


def list_fields(outline: Outline) -> list[Field]:
    """All fields in order."""
    return [field for group in list_groups(outline) for field in group.fields]


def find_problems(fields: list[Field], typed: dict[str, str]) -> list[tuple[Field, str]]:
    """Every field that cannot be accepted, with what is wrong in words."""
    found = ((field, _problem(field, typed.get(field.name, "").strip())) for field in fields)
    return [(field, words) for field, words in found if words]


def accepted_answers(fields: list[Field], typed: dict[str, str]) -> dict[str, str]:
    """What is stored: the given answers by field; choices in the words that were shown."""
    answers = {}
    for field in fields:
        given = typed.get(field.name, "").strip()
        if given:
            words = dict(field.options)
            answers[field.name] = words[given] if field.kind == "choice" else given
    return answers


def _problem(field: Field, given: str) -> str:
    if not given:
        verb = "Write" if field.kind == "text" else "Choose"
        return "" if field.optional else f"{verb} an answer: {field.label}"
    if field.options and given not in dict(field.options):
        return f"Choose one of the answers shown: {field.label}"
    if len(given) > LONGEST_TEXT:
        return f"An answer has at most {LONGEST_TEXT:,} characters; this one has {len(given):,}."
    return ""


def _group(question: dict[str, Any], outline: Outline) -> Group:
    prompt = _plain(question["prompt_html"])
    if question["kind"] != "scale" or question["id"] != PER_OBJECTIVE:
        return Group(question["id"], "", (_field(question, question["id"], prompt),))
    fields = (
        _field(question, f"{question['id']}-{number}", f"{number}. {objective}")
        for number, objective in enumerate(outline.objectives, start=1)
    )
    return Group(question["id"], prompt, tuple(fields))


def _field(question: dict[str, Any], name: str, label: str) -> Field:
    options: tuple[tuple[str, str], ...] = ()
    if question["kind"] == "scale":
        options = SCALE
    elif question["kind"] == "choice":
        options = tuple((str(n), text) for n, text in enumerate(question["options"], start=1))
    return Field(name, question["kind"], label, options, question["optional"])


def _plain(prompt_html: str) -> str:
    """The words of a prompt, for a legend or a label, which hold no paragraphs."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", prompt_html)).split())
