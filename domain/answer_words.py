"""Answers in words: what a learner gave, and what was right. Only for after a pass."""

from dataclasses import dataclass

from domain.grading import Body, Response

NO_ANSWER = "No answer"
NOTHING = "nothing"


@dataclass(frozen=True)
class Words:
    """Lines that say an answer; `is_html` where they are sanitized HTML."""

    lines: tuple[str, ...]
    is_html: bool = False


def given(kind: str, body: Body, response: Response | None) -> Words:
    """What the learner answered, as far as it was answered."""
    if not response:
        return Words((NO_ANSWER,))
    if kind in ("single", "multiple"):
        return _options(body, response["chosen"])
    if kind in ("short", "number"):
        return Words((response["text"] or NO_ANSWER,))
    lines = (
        _pairs(body, response["pairs"]) if kind == "matching" else _places(body, response["places"])
    )
    return Words(lines or (NO_ANSWER,))


def right(kind: str, body: Body) -> Words:
    """What is right."""
    if kind in ("single", "multiple"):
        return _options(body, body["right"])
    if kind == "short":
        return Words(tuple(body["accepted"]))
    if kind == "number":
        within = "" if float(body["tolerance"]) == 0 else f", give or take {body['tolerance']}"
        return Words((f"{body['number']}{within}",))
    if kind == "matching":
        return Words(_pairs(body, body["right"]))
    return Words(_places(body, list(range(1, len(body["steps"]) + 1))))


def feedback_on(kind: str, body: Body, response: Response | None) -> tuple[str, ...]:
    """The authors' feedback on the options chosen, as sanitized HTML."""
    if kind not in ("single", "multiple") or not response:
        return ()
    found = (body["options"][index]["feedback"] for index in response["chosen"])
    return tuple(text for text in found if text)


def _options(body: Body, indexes: list[int]) -> Words:
    lines = tuple(body["options"][index]["html"] for index in indexes)
    return Words(lines, is_html=True) if lines else Words((NO_ANSWER,))


def _pairs(body: Body, pairs: list[int | None]) -> tuple[str, ...]:
    rights = [NOTHING if index is None else body["rights"][index] for index in pairs]
    if all(index is None for index in pairs):
        return ()
    return tuple(f"{left} → {text}" for left, text in zip(body["lefts"], rights, strict=True))


def _places(body: Body, places: list[int | None]) -> tuple[str, ...]:
    placed = [
        (place, step)
        for place, step in zip(places, body["steps"], strict=True)
        if place is not None
    ]
    return tuple(f"{place}. {step}" for place, step in sorted(placed))
