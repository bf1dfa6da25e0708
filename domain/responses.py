"""From what a form sends to the response that is kept, and back.

A page names options by the place they are shown at, counted from 1, in the order drawn for the
attempt; that order is random, so the names tell nothing. What is kept names them by their index in
the question's body (`domain.grading`), so that answers of different attempts can be compared.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from domain.grading import Body, Response, parse_number
from domain.numerals import read_whole_number
from domain.refusals import Invalid

MOST_CHARACTERS = 500
PART_PREFIX = "answer-"


@dataclass(frozen=True)
class Typed:
    """An answer as the page's controls hold it: options by key, a text, or parts by key."""

    chosen: tuple[str, ...] = ()
    text: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """What a page shows of a question, as (key, text) in the order shown. Never holds the key.

    `options` are sanitized HTML; lefts, rights and steps are plain text.
    """

    kind: str
    options: tuple[tuple[str, str], ...] = ()
    lefts: tuple[tuple[str, str], ...] = ()
    rights: tuple[tuple[str, str], ...] = ()
    steps: tuple[tuple[str, str], ...] = ()


def ask(kind: str, body: Body, order: Sequence[int]) -> Asked:
    """The controls of a question in the attempt's order."""
    if kind in ("single", "multiple"):
        return Asked(kind, options=_shown([option["html"] for option in body["options"]], order))
    if kind == "matching":
        lefts = _shown(body["lefts"], range(len(body["lefts"])))
        return Asked(kind, lefts=lefts, rights=_shown(body["rights"], order))
    if kind == "ordering":
        return Asked(kind, steps=_shown(body["steps"], order))
    return Asked(kind)


def read_fields(kind: str, fields: Iterable[tuple[str, str]]) -> Typed:
    """The answer among a form's fields, as typed; nothing is judged yet."""
    pairs = [(name, value.replace("\0", "")) for name, value in fields]
    answers = [value for name, value in pairs if name == "answer"]
    if kind in ("single", "multiple"):
        return Typed(chosen=tuple(answers))
    if kind in ("short", "number"):
        return Typed(text=answers[0] if answers else "")
    parts = {
        name.removeprefix(PART_PREFIX): value.strip()
        for name, value in pairs
        if name.startswith(PART_PREFIX) and value.strip()
    }
    return Typed(parts=parts)


def to_response(kind: str, body: Body, order: Sequence[int], typed: Typed) -> Response:
    """The response to keep. Raises Invalid, naming the control, for what is no answer at all."""
    return _READERS[kind](body, order, typed)


def to_typed(kind: str, order: Sequence[int], response: Response | None) -> Typed:
    """The controls' content for a kept response."""
    if not response:
        return Typed()
    if kind in ("single", "multiple"):
        return Typed(chosen=tuple(_key(order, index) for index in response["chosen"]))
    if kind in ("short", "number"):
        return Typed(text=response["text"])
    if kind == "matching":
        pairs = enumerate(response["pairs"])
        return Typed(parts={str(i + 1): _key(order, r) for i, r in pairs if r is not None})
    places = enumerate(response["places"])
    return Typed(parts={_key(order, i): str(place) for i, place in places if place is not None})


def _choices(body: Body, order: Sequence[int], typed: Typed) -> Response:
    chosen = {_index(order, key, "answer-1") for key in typed.chosen}
    return {"chosen": sorted(chosen)}


def _one_choice(body: Body, order: Sequence[int], typed: Typed) -> Response:
    if len(set(typed.chosen)) > 1:
        raise Invalid("answer-1", "Choose one answer.")
    return _choices(body, order, typed)


def _text(body: Body, order: Sequence[int], typed: Typed) -> Response:
    if len(typed.text) > MOST_CHARACTERS:
        raise Invalid("answer-text", f"An answer has at most {MOST_CHARACTERS} characters.")
    return {"text": typed.text.strip()}


def _number(body: Body, order: Sequence[int], typed: Typed) -> Response:
    text = typed.text.strip()
    if text and parse_number(text) is None:
        raise Invalid("answer-number", "Write a number in figures, such as 12 or 3.5.")
    return {"text": text}


def _pairs(body: Body, order: Sequence[int], typed: Typed) -> Response:
    lefts = range(1, len(body["lefts"]) + 1)
    _refuse_strange_parts(typed, len(lefts))
    keys = [typed.parts.get(str(left)) for left in lefts]
    fields = [f"{PART_PREFIX}{left}" for left in lefts]
    return {
        "pairs": [
            _index(order, key, name) if key else None
            for key, name in zip(keys, fields, strict=True)
        ]
    }


def _places(body: Body, order: Sequence[int], typed: Typed) -> Response:
    size = len(body["steps"])
    _refuse_strange_parts(typed, size)
    places: list[int | None] = [None] * size
    for key, text in typed.parts.items():
        place = _whole(text)
        name = PART_PREFIX + key
        if not 1 <= place <= size:
            raise Invalid(name, f"Number the steps from 1 to {size}.")
        if place in places:
            raise Invalid(name, f"Use each number once: {place} is there twice.")
        places[order[int(key) - 1]] = place
    return {"places": places}


def _refuse_strange_parts(typed: Typed, size: int) -> None:
    keys = {str(place) for place in range(1, size + 1)}
    if any(key not in keys for key in typed.parts):
        raise Invalid("answer-1", "Use the fields of this question.")


def _shown(texts: Sequence[str], order: Sequence[int]) -> tuple[tuple[str, str], ...]:
    return tuple((str(place), texts[index]) for place, index in enumerate(order, start=1))


def _key(order: Sequence[int], index: int) -> str:
    return str(list(order).index(index) + 1)


def _index(order: Sequence[int], key: str, name: str) -> int:
    place = _whole(key)
    if not 1 <= place <= len(order):
        raise Invalid(name, "Choose one of the answers shown.")
    return order[place - 1]


def _whole(text: str) -> int:
    """A small whole number in plain figures; 0 for anything else."""
    return read_whole_number(text, largest=999) or 0


_READERS: dict[str, Callable[[Body, Sequence[int], Typed], Response]] = {
    "single": _one_choice,
    "multiple": _choices,
    "short": _text,
    "number": _number,
    "matching": _pairs,
    "ordering": _places,
}
