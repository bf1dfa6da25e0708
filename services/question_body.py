"""A question of the course format as the body that is kept with a published question."""

import re
from collections.abc import Mapping
from decimal import Decimal

from course_format import markdown
from course_format.source import Choice, Question
from domain import grading
from domain.grading import Body

_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!<p>).)*)</p>\s*", re.DOTALL)
_BETWEEN_PARAGRAPHS = re.compile(r"</p>\s*<p>")


def to_body(question: Question, files: Mapping[str, str] = markdown.NO_FILES) -> Body:
    """The body of a question without faults (`course_format.read` has reported none).

    `files` maps files of the course to the addresses of images and links in options.
    """
    if question.kind in ("single", "multiple"):
        return grading.choice_body([_option(choice, files) for choice in question.choices])
    if question.kind == "short":
        return grading.short_body(question.accepted, case=question.case_sensitive)
    if question.kind == "number":
        number, tolerance = question.number, question.tolerance
        return grading.number_body(number or Decimal(0), tolerance or Decimal(0))
    if question.kind == "matching":
        return grading.matching_body((pair.left, pair.right) for pair in question.pairs)
    return grading.ordering_body(question.order)


def inline_html(html: str) -> str:
    """HTML fit for a label: paragraphs become lines, since a label holds no paragraphs."""
    joined = _BETWEEN_PARAGRAPHS.sub("<br>", html.strip())
    one = _ONE_PARAGRAPH.fullmatch(joined)
    return one[1] if one else joined


def _option(choice: Choice, files: Mapping[str, str]) -> grading.Option:
    feedback = markdown.render(choice.feedback, files) if choice.feedback else None
    text = inline_html(markdown.render(choice.text, files))
    return grading.Option(text, choice.correct, choice.weight, feedback)
