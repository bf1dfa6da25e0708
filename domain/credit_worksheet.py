"""The arithmetic behind the hours of an edition, in minutes, and where figures disagree.

Sources in ce-rules.md §4: words at a rate and 1.85 minutes a question; the Mergener formula as a
second opinion, whose constant is negative (a widely copied print has its sign wrong; its own
worked sample of 61.94 minutes needs -22.3); the median of pilot readers; the median measured time.
"""

from dataclasses import dataclass
from statistics import median
from typing import Any

MINUTES_A_QUESTION = 1.85
DEFAULT_RATE = 200
RATES = (150, 350)
"""Words a minute that are believable: readers of non-fiction range from 175 to 300."""
DIFFICULTIES = (1, 5)
APART_PERCENT = 20
LEAST_TESTERS = 5
METHODS = {
    "declared": "The declared minutes, as the units say",
    "formula": "Media, words and questions",
    "mergener": "Mergener formula",
    "pilot": "Median of pilot readers",
    "measured": "Median measured time",
}


@dataclass(frozen=True)
class Inputs:
    """What is calculated with. Media are minutes; `pilot` minutes of each tester."""

    declared: int
    media: float
    words: int
    questions: int
    rate: int = DEFAULT_RATE
    difficulty: int = 3
    pilot: tuple[float, ...] = ()
    measured: float | None = None
    measured_learners: int = 0


@dataclass(frozen=True)
class Results:
    """Minutes by each method, in tenths; None where there is nothing to calculate with."""

    declared: float
    formula: float
    mergener: float
    pilot: float | None
    measured: float | None

    def by_method(self) -> dict[str, float | None]:
        return {method: getattr(self, method) for method in METHODS}


def calculate(inputs: Inputs) -> Results:
    """The minutes by every method. Media count as long as they last, by every formula."""
    return Results(
        declared=float(inputs.declared),
        formula=_tenths(
            inputs.media + inputs.words / inputs.rate + inputs.questions * MINUTES_A_QUESTION
        ),
        mergener=_tenths(
            inputs.media + mergener(inputs.words, inputs.questions, inputs.difficulty)
        ),
        pilot=_tenths(median(inputs.pilot)) if inputs.pilot else None,
        measured=None if inputs.measured is None else _tenths(inputs.measured),
    )


def mergener(words: int, questions: int, difficulty: float) -> float:
    """Minutes of reading and its test by the Mergener formula; never less than none."""
    minutes = 0.9 * (-22.3 + 0.00209 * words + 2.78 * questions + 15.5 * difficulty)
    return max(minutes, 0.0)


def list_warnings(inputs: Inputs, results: Results) -> list[str]:
    """Where a figure is more than 20 % away from the declared minutes, and where data are thin."""
    found = [
        f"{METHODS[method]}: {shown(minutes)} minutes, {_apart(minutes, results.declared)} % "
        f"{'more' if minutes > results.declared else 'less'} than declared."
        for method, minutes in results.by_method().items()
        if minutes is not None and is_apart(minutes, results.declared)
    ]
    if is_apart(results.formula, results.mergener):
        found.append(
            f"The two formulas are more than {APART_PERCENT} % apart: {shown(results.formula)} and "
            f"{shown(results.mergener)} minutes."
        )
    if 0 < len(inputs.pilot) < LEAST_TESTERS:
        readers = (
            "1 pilot reader" if len(inputs.pilot) == 1 else f"{len(inputs.pilot)} pilot readers"
        )
        found.append(f"Only {readers}: at least {LEAST_TESTERS} are usual.")
    return found


def is_apart(minutes: float, other: float) -> bool:
    """Whether two figures differ by more than 20 % of the second."""
    return abs(minutes - other) * 100 > APART_PERCENT * other


def read_pilot(text: str) -> tuple[float, ...] | None:
    """Minutes of testers, separated by commas, spaces or lines; None for what is no such list."""
    parts = text.replace(",", " ").replace(";", " ").split()
    try:
        found = tuple(float(part) for part in parts)
    except ValueError:
        return None
    return found if all(0 < minutes < 10_000 for minutes in found) else None


def read_inputs(values: dict[str, Any]) -> Inputs:
    """Inputs as they were stored."""
    return Inputs(**{**values, "pilot": tuple(values["pilot"])})


def shown(minutes: float) -> str:
    """'240' or '61.9'."""
    return f"{minutes:.1f}".removesuffix(".0")


def _apart(minutes: float, other: float) -> int:
    return round(abs(minutes - other) * 100 / other) if other else 100


def _tenths(minutes: float) -> float:
    return round(minutes, 1)
