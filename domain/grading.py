"""Grading: the key of a question by kind, what an answer earns, and when a post-test is passed.

`Question.body`, the JSON kept with a question, by kind:

    single, multiple  {"options": [{"html", "feedback"}], "right": [index],
                       "weights": [percent] or null}
    short             {"accepted": [text], "case": bool}
    number            {"number": "3.5", "tolerance": "0.1"}
    matching          {"lefts": [text], "rights": [text], "right": [index into rights, per left]}
    ordering          {"steps": [text]}, in the right order

True/false is a single choice. A response, the JSON kept with an answer, names options by their
index in the body, however they were shown:

    single, multiple  {"chosen": [index]}
    short, number     {"text": "as typed"}
    matching          {"pairs": [index into rights or null, per left]}
    ordering          {"places": [place counted from 1, or null, per step]}

A question is worth one point, counted in hundredths so that all arithmetic is in integers.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

FULL = 100
"""Hundredths of a point that a right answer earns."""

Body = dict[str, Any]
Response = dict[str, Any]

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.[0-9]*)?")
_MOST_DIGITS = 30
_STAR = re.compile(r"(?<!\\)\*")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-"})


@dataclass(frozen=True)
class Option:
    """One option of a choice. `weight` is in percent of the point; None where there are none."""

    html: str
    correct: bool
    weight: int | None = None
    feedback: str | None = None


@dataclass(frozen=True)
class Score:
    """What an attempt came to, in hundredths of a question, and whether that passes."""

    earned: int
    possible: int
    passed: bool


def choice_body(options: Sequence[Option]) -> Body:
    """The body of a single or multiple choice. With any weight given, the others weigh nothing."""
    weighted = any(option.weight is not None for option in options)
    return {
        "options": [{"html": option.html, "feedback": option.feedback} for option in options],
        "right": [index for index, option in enumerate(options) if option.correct],
        "weights": [option.weight or 0 for option in options] if weighted else None,
    }


def short_body(accepted: Iterable[str], *, case: bool) -> Body:
    """The body of a short text. In `accepted`, `*` is any run of characters and `\\*` a star."""
    return {"accepted": list(accepted), "case": case}


def number_body(number: Decimal, tolerance: Decimal) -> Body:
    """The body of a numerical question; the bounds themselves are right."""
    return {"number": str(number), "tolerance": str(tolerance)}


def matching_body(pairs: Iterable[tuple[str | None, str]]) -> Body:
    """The body of a matching question. A pair without left is a distractor; rights appear once."""
    rights: list[str] = []
    lefts: list[str] = []
    right: list[int] = []
    for left, text in pairs:
        known = {folded(words): index for index, words in enumerate(rights)}
        index = known.get(folded(text), len(rights))
        if index == len(rights):
            rights.append(text)
        if left is not None:
            lefts.append(left)
            right.append(index)
    return {"lefts": lefts, "rights": rights, "right": right}


def ordering_body(steps: Iterable[str]) -> Body:
    """The body of an ordering question, its steps in the right order."""
    return {"steps": list(steps)}


def grade(kind: str, body: Body, response: Response | None) -> int:
    """Hundredths of the point that a response earns, 0 to FULL; 0 for none or a malformed one.

    Never raises for a response: an answer must not be able to stop the grading of the others.
    """
    if not response:
        return 0
    return _GRADERS[kind](body, response)


def is_answered(kind: str, response: Response | None) -> bool:
    """Whether every part of a question has been answered."""
    if not response:
        return False
    if kind in ("single", "multiple"):
        return bool(response.get("chosen"))
    if kind in ("short", "number"):
        return bool(str(response.get("text") or "").strip())
    parts = response.get("pairs" if kind == "matching" else "places") or [None]
    return all(part is not None for part in parts)


def score(earned: Sequence[int], pass_mark: int) -> Score:
    """The score of an attempt from the hundredths each question earned.

    Partial weights count: `earned × 100 ≥ pass_mark × possible`, in integers, which for whole
    questions is `correct × 100 ≥ pass × total` (post-test.md, Rules). `pass_mark` is in percent.
    """
    total, possible = sum(earned), FULL * len(earned)
    return Score(total, possible, possible > 0 and total * 100 >= pass_mark * possible)


def questions_needed(total: int, pass_mark: int) -> int:
    """The fewest questions, answered right, that pass."""
    return -(-pass_mark * total // 100)


def points(hundredths: int) -> str:
    """Hundredths of a question in words: '4', '4.5', '4.25'."""
    whole, rest = divmod(hundredths, FULL)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


def parse_number(text: str) -> Decimal | None:
    """The number typed, or None. A point marks decimals, commas may part thousands ("1,250.5")."""
    tidy = text.strip().replace("−", "-")
    if len(tidy) > _MOST_DIGITS or not _NUMBER.fullmatch(tidy):
        return None
    digits = tidy.replace(",", "")
    return Decimal(digits) if any(c.isdigit() for c in digits) else None


def folded(text: str, *, case: bool = False) -> str:
    """Text as it is compared: kinds of spaces, quotes and dashes, and case, make no difference."""
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    joined = " ".join(plain.split())
    return joined if case else joined.casefold()


def _grade_choice(body: Body, response: Response) -> int:
    chosen = _indexes(response.get("chosen"), len(body["options"]))
    if body["weights"] is not None:
        weights: list[int] = body["weights"]
        return max(0, min(FULL, sum(weights[index] for index in chosen)))
    return FULL if chosen and chosen == set(body["right"]) else 0


def _grade_short(body: Body, response: Response) -> int:
    typed = folded(str(response.get("text") or ""), case=body["case"])
    accepted = (folded(pattern, case=body["case"]) for pattern in body["accepted"])
    return FULL if typed and any(_matches(pattern, typed) for pattern in accepted) else 0


def _grade_number(body: Body, response: Response) -> int:
    typed = parse_number(str(response.get("text") or ""))
    if typed is None:
        return 0
    return FULL if abs(typed - Decimal(body["number"])) <= Decimal(body["tolerance"]) else 0


def _grade_matching(body: Body, response: Response) -> int:
    return FULL if response.get("pairs") == body["right"] else 0


def _grade_ordering(body: Body, response: Response) -> int:
    return FULL if response.get("places") == list(range(1, len(body["steps"]) + 1)) else 0


def _indexes(values: Any, size: int) -> set[int]:
    found = values if isinstance(values, list) else []
    return {value for value in found if isinstance(value, int) and 0 <= value < size}


def _matches(pattern: str, text: str) -> bool:
    """Match without backtracking: the parts between stars are looked for one after the other."""
    first, *others = [part.replace("\\*", "*") for part in _STAR.split(pattern)]
    if not others:
        return text == first
    last = others.pop()
    if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
        return False
    return _has_in_turn(text[len(first) : len(text) - len(last)], others)


def _has_in_turn(text: str, parts: Sequence[str]) -> bool:
    start = 0
    for part in parts:
        found = text.find(part, start)
        if found < 0:
            return False
        start = found + len(part)
    return True


_GRADERS: dict[str, Callable[[Body, Response], int]] = {
    "single": _grade_choice,
    "multiple": _grade_choice,
    "short": _grade_short,
    "number": _grade_number,
    "matching": _grade_matching,
    "ordering": _grade_ordering,
}
