"""The fields of an evaluation, and what is wrong in one that was sent."""

from dataclasses import replace
from typing import Any

import pytest

from domain.evaluation import (
    LONGEST_TEXT,
    accepted_answers,
    find_problems,
    list_fields,
    list_groups,
)
from tests.unit.outlines import make_outline


def question(name: str, kind: str, *options: str, optional: bool = False) -> dict[str, Any]:
    return {
        "id": name,
        "kind": kind,
        "prompt_html": f"<p>About <em>{name}</em> &amp; more</p>\n",
        "options": list(options),
        "optional": optional,
    }


OUTLINE = replace(
    make_outline(),
    evaluation={
        "questions": [
            question("objectives", "scale"),
            question("content", "scale"),
            question("pace", "choice", "too slow", "right"),
            question("comments", "text", optional=True),
            question("change", "text"),
        ]
    },
)
FIELDS = list_fields(OUTLINE)
GOOD = {"objectives-1": "5", "objectives-2": "1", "content": "3", "pace": "2", "change": "More."}


def messages(**changes: str) -> dict[str, str]:
    typed = {**GOOD, **{name.replace("_", "-"): value for name, value in changes.items()}}
    return {field.name: words for field, words in find_problems(FIELDS, typed)}


def test_the_objectives_are_asked_once_each_under_one_prompt() -> None:
    groups = list_groups(OUTLINE)
    assert groups[0].prompt == "About objectives & more"
    assert [f.label for f in groups[0].fields] == ["1. Identify one", "2. Describe two"]


def test_other_questions_carry_their_prompt_as_label() -> None:
    group = list_groups(OUTLINE)[1]
    assert (group.prompt, group.fields[0].label) == ("", "About content & more")


def test_a_complete_form_has_no_problems() -> None:
    assert messages() == {}


@pytest.mark.parametrize(
    ("name", "given", "begins", "why"),
    [
        ("content", "", "Choose an answer: About content", "a scale left out"),
        ("objectives-2", "", "Choose an answer: 2. Describe two", "an objective left out"),
        ("content", "6", "Choose one of the answers shown", "off the scale"),
        ("content", "well", "Choose one of the answers shown", "not a number"),
        ("pace", "3", "Choose one of the answers shown", "an option that does not exist"),
        ("change", "  ", "Write an answer: About change", "only spaces"),
        ("comments", "x" * (LONGEST_TEXT + 1), "An answer has at most 5,000", "too long"),
    ],
)
def test_problems_are_said_in_words(name: str, given: str, begins: str, why: str) -> None:
    found = messages(**{name: given})
    assert list(found) == [name], why
    assert found[name].startswith(begins), why


def test_answers_keep_the_words_of_choices_and_leave_out_what_is_empty() -> None:
    answers = accepted_answers(FIELDS, {**GOOD, "comments": " ", "forged": "1"})
    assert answers == {
        "objectives-1": "5",
        "objectives-2": "1",
        "content": "3",
        "pace": "right",
        "change": "More.",
    }
