"""The stored form of a question's options and key, as `domain.grading` reads it."""

from typing import Any

from course_format import markdown
from course_format.source import Choice, Question

PARAGRAPH = ("<p>", "</p>")


def to_body(source: Question) -> dict[str, Any]:
    """The stored form of a question of the course text."""
    match source.kind:
        case "single" | "multiple":
            return {
                "options": [_option(choice) for choice in source.choices],
                "partial": any(choice.weight is not None for choice in source.choices),
            }
        case "short":
            return {"accepted": list(source.accepted), "case": source.case_sensitive}
        case "number":
            return {"number": str(source.number), "tolerance": str(source.tolerance or 0)}
        case "matching":
            paired = [pair for pair in source.pairs if pair.left is not None]
            distractors = [pair.right for pair in source.pairs if pair.left is None]
            return {
                "lefts": [inline(pair.left or "") for pair in paired],
                "rights": [inline(right) for right in [*(p.right for p in paired), *distractors]],
            }
        case _:
            return {"steps": [inline(step) for step in source.order]}


def inline(text: str) -> str:
    """Markdown as HTML, without the paragraph around a single one."""
    html = markdown.render(text).strip()
    start, end = PARAGRAPH
    if html.startswith(start) and html.endswith(end) and html.count(start) == 1:
        return html.removeprefix(start).removesuffix(end)
    return html


def _option(choice: Choice) -> dict[str, Any]:
    return {
        "html": inline(choice.text),
        "correct": choice.correct,
        "weight": choice.weight,
        "feedback_html": markdown.render(choice.feedback) if choice.feedback else None,
    }
