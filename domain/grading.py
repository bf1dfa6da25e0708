"""Grading by integers: every question type, what was answered, what it earns (post-test.md).

A question is worth 100 hundredths. `body` is the question's stored form by kind:

- single, multiple: `options` [{html, correct, weight, feedback_html}], `partial`
- short: `accepted` [text with `*` for anything], `case`
- number: `number`, `tolerance` (decimal texts)
- matching: `lefts` [html], `rights` [html]; the right of left i is right i, the rest distract
- ordering: `steps` [html] in the right order

`order` is the order in which options, rights or steps were shown: shown place → stored index.
A response names shown places only, so that no page tells which option is which.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

FULL = 100
LONGEST_TEXT = 500
Response = dict[str, Any]


def is_passed(earned: int, possible: int, pass_mark: int) -> bool:
    """`earned × 100 ≥ pass mark × possible`, in integers: 80 % of 6 questions needs 5."""
    return possible > 0 and earned * 100 >= pass_mark * possible


def grade(kind: str, body: dict[str, Any], order: list[int], response: Response) -> int:
    """Hundredths that a response earns, 0 to 100. An empty or malformed one earns 0."""
    match kind:
        case "single" | "multiple":
            return _grade_choice(body, order, response.get("chosen", []))
        case "short":
            return FULL if _is_accepted(body, response.get("text", "")) else 0
        case "number":
            return FULL if _is_near(body, response.get("text", "")) else 0
        case "matching":
            return _grade_matching(body, order, response.get("pairs", {}))
        case "ordering":
            return _grade_ordering(order, response.get("places", {}))
        case _:
            return 0


def parse_response(kind: str, body: dict[str, Any], values: dict[str, list[str]]) -> Response:
    """The response in a posted form (field name → values); what is no answer is left out."""
    answers = values.get("answer", [])
    match kind:
        case "single":
            chosen = _places(answers[:1], len(body["options"]))
            return {"chosen": chosen} if chosen else {}
        case "multiple":
            chosen = _places(answers, len(body["options"]))
            return {"chosen": chosen} if chosen else {}
        case "matching":
            pairs = _keyed(values, len(body["lefts"]), len(body["rights"]))
            return {"pairs": pairs} if pairs else {}
        case "ordering":
            steps = len(body["steps"])
            places = _keyed(values, steps, steps + 1)
            return {"places": places} if places else {}
        case _:
            text = (answers[0] if answers else "").strip()[:LONGEST_TEXT]
            return {"text": text} if text else {}


def is_answered(kind: str, body: dict[str, Any], response: Response | None) -> bool:
    """Whether a question counts as answered: matching and ordering only when complete."""
    if not response:
        return False
    if kind == "matching":
        return len(response.get("pairs", {})) == len(body["lefts"])
    if kind == "ordering":
        return len(response.get("places", {})) == len(body["steps"])
    return True


def find_fault(kind: str, response: Response) -> str | None:
    """What is wrong with a response in words the learner can act on, or None."""
    if kind == "number" and response.get("text") and _as_number(response["text"]) is None:
        return "Enter a number, such as 12 or 3.5."
    if kind == "ordering":
        places = list(response.get("places", {}).values())
        if len(set(places)) < len(places):
            return "Each number may be used once."
    return None


def count_shown(kind: str, body: dict[str, Any]) -> int:
    """How many options, rights or steps the question shows in shuffled order."""
    match kind:
        case "single" | "multiple":
            return len(body["options"])
        case "matching":
            return len(body["rights"])
        case "ordering":
            return len(body["steps"])
        case _:
            return 0


def keeps_order(kind: str, body: dict[str, Any]) -> bool:
    """True/false stays in that order; everything else is shuffled."""
    return kind == "single" and len(body["options"]) == 2


def in_words(kind: str, body: dict[str, Any], order: list[int], response: Response) -> list[str]:
    """What was answered, as lines of HTML; empty where nothing was."""
    match kind:
        case "single" | "multiple":
            return [body["options"][order[place]]["html"] for place in response.get("chosen", [])]
        case "matching":
            return [
                f"{body['lefts'][int(left)]} → {body['rights'][order[place]]}"
                for left, place in sorted(response.get("pairs", {}).items())
            ]
        case "ordering":
            placed = sorted(response.get("places", {}).items(), key=lambda item: item[1])
            return [f"{number}. {body['steps'][order[int(key)]]}" for key, number in placed]
        case _:
            return [response["text"]] if response.get("text") else []


def right_answer(kind: str, body: dict[str, Any]) -> list[str]:
    """The key, as lines of HTML. Only for pages after a pass."""
    match kind:
        case "single" | "multiple":
            return [option["html"] for option in body["options"] if option["correct"]]
        case "short":
            return [accepted.replace("*", "…") for accepted in body["accepted"]]
        case "number":
            tolerance = Decimal(body["tolerance"])
            return [body["number"] + (f" (within {tolerance})" if tolerance else "")]
        case "matching":
            pairs = zip(body["lefts"], body["rights"], strict=False)
            return [f"{left} → {right}" for left, right in pairs]
        case _:
            return [f"{place}. {step}" for place, step in enumerate(body["steps"], start=1)]


def _grade_choice(body: dict[str, Any], order: list[int], chosen: list[int]) -> int:
    picked = {order[place] for place in chosen if 0 <= place < len(order)}
    options = body["options"]
    if body.get("partial"):
        earned = sum(options[index]["weight"] or 0 for index in picked)
        return max(0, min(FULL, earned))
    right = {index for index, option in enumerate(options) if option["correct"]}
    return FULL if picked == right else 0


def _is_accepted(body: dict[str, Any], text: str) -> bool:
    given = " ".join(text.split())
    flags = 0 if body["case"] else re.IGNORECASE
    return any(
        re.fullmatch(_as_pattern(accepted), given, flags) for accepted in body["accepted"]
    )


def _as_pattern(accepted: str) -> str:
    """`*` stands for any run of characters, `\\*` for an asterisk; spaces are made one."""
    parts = re.split(r"(?<!\\)\*", " ".join(accepted.split()))
    return ".*".join(re.escape(part.replace("\\*", "*")) for part in parts)


def _is_near(body: dict[str, Any], text: str) -> bool:
    given = _as_number(text)
    if given is None:
        return False
    return abs(given - Decimal(body["number"])) <= Decimal(body["tolerance"])


def _as_number(text: str) -> Decimal | None:
    tidy = text.strip().replace(" ", "").replace("−", "-").replace(",", ".")
    try:
        number = Decimal(tidy)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _grade_matching(body: dict[str, Any], order: list[int], pairs: dict[str, int]) -> int:
    lefts = range(len(body["lefts"]))
    shown = {left: pairs.get(str(left)) for left in lefts}
    right = all(place is not None and order[place] == left for left, place in shown.items())
    return FULL if right else 0


def _grade_ordering(order: list[int], places: dict[str, int]) -> int:
    right = all(places.get(str(shown)) == index + 1 for shown, index in enumerate(order))
    return FULL if right else 0


def _places(answers: list[str], count: int) -> list[int]:
    return sorted({int(text) for text in answers if text.isdigit() and int(text) < count})


def _keyed(values: dict[str, list[str]], keys: int, limit: int) -> dict[str, int]:
    found = {}
    for key in range(keys):
        text = (values.get(f"answer-{key}") or [""])[0].strip()
        if text.isdigit() and int(text) < limit:
            found[str(key)] = int(text)
    return found
