"""Item analysis: what the answers to a question tell about the question itself.

Facility is the mean share of the point earned. Discrimination is the point-biserial correlation,
corrected: between what the question earned and the share of all other points of the same attempt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median, pstdev

from domain.grading import FULL

LEAST_TO_JUDGE = 10
"""Below so many answers nothing is flagged: chance would speak."""
TOO_EASY = 0.95
TOO_HARD = 0.30
TELLS_LITTLE = 0.10
LEAST_FOR_UNUSED = 20
SLOW_TIMES = 3


@dataclass(frozen=True)
class Given:
    """One answer: hundredths earned, the share (0 to 1) that the attempt's other questions earned,
    the options chosen by index, and the seconds it took, where that is known."""

    earned: int
    rest: float
    chosen: tuple[int, ...] = ()
    seconds: float | None = None


@dataclass(frozen=True)
class Flag:
    """Something to look at: its name, and what it means in words."""

    name: str
    words: str


@dataclass(frozen=True)
class Analysis:
    """Figures of one question or objective; None where there are too few answers for one."""

    answers: int
    facility: float | None
    discrimination: float | None
    seconds: float | None
    flags: tuple[Flag, ...] = ()


KEY_MAY_BE_WRONG = Flag(
    "Key may be wrong",
    "Learners who do well otherwise tend to miss this question, or prefer a wrong option. Check "
    "the key first. If it is wrong, the question can be voided; if it is right, the wording may "
    "mislead those who know most.",
)
EASY = Flag(
    "Too easy",
    "Nearly everyone is right. The question may give itself away, or ask what everybody knows "
    "before the course; it tells nothing about who has learned.",
)
HARD = Flag(
    "Very hard",
    "Few are right. The items may not teach what is asked, or the question asks for a detail.",
)
LITTLE = Flag(
    "Tells little",
    "Those who do well and those who do not are right about equally often. The wording may be "
    "unclear, or the answer is guessed.",
)
UNUSED = Flag(
    "Unused option",
    "Nobody chooses one of the wrong options. A more tempting one would make the question better.",
)
SLOW = Flag(
    "Takes long",
    "It takes at least three times as long as the middle question of this course. It may be long "
    "or hard to understand.",
)
FLAGS = (KEY_MAY_BE_WRONG, EASY, HARD, LITTLE, UNUSED, SLOW)


def analyze(
    given: Sequence[Given],
    right: Sequence[int] = (),
    options: int = 0,
    usual_seconds: float | None = None,
) -> Analysis:
    """The figures of one question.

    `right` and `options`: the right options and how many there are, for choices. `usual_seconds`:
    the median time of all questions of the course.
    """
    if not given:
        return Analysis(0, None, None, None)
    facility = fmean(one.earned for one in given) / FULL
    plain = Analysis(
        answers=len(given),
        facility=facility,
        discrimination=correlation([one.earned for one in given], [one.rest for one in given]),
        seconds=middle_seconds(given),
    )
    flags = _flags(plain, given, right, options, usual_seconds)
    return Analysis(plain.answers, facility, plain.discrimination, plain.seconds, flags)


def correlation(ones: Sequence[float], others: Sequence[float]) -> float | None:
    """Pearson's correlation, which with a variable of two values is the point-biserial one.

    None where it does not exist: fewer than three pairs, or no difference on one side.
    """
    if len(ones) < 3:
        return None
    spread = pstdev(ones) * pstdev(others)
    if spread < 1e-9:
        return None
    mean, other_mean = fmean(ones), fmean(others)
    together = fmean((a - mean) * (b - other_mean) for a, b in zip(ones, others, strict=True))
    return max(-1.0, min(1.0, together / spread))


def middle_seconds(given: Sequence[Given]) -> float | None:
    """The median time; pauses pull it less than they would a mean."""
    known = [one.seconds for one in given if one.seconds is not None]
    return median(known) if known else None


def count_choices(given: Sequence[Given], options: int) -> list[int]:
    """How often each option was chosen."""
    return [sum(index in one.chosen for one in given) for index in range(options)]


def _flags(
    found: Analysis,
    given: Sequence[Given],
    right: Sequence[int],
    options: int,
    usual_seconds: float | None,
) -> tuple[Flag, ...]:
    if found.answers < LEAST_TO_JUDGE or found.facility is None:
        return ()
    tells = found.discrimination
    negative = tells is not None and tells < 0
    is_slow = bool(found.seconds and usual_seconds) and (
        (found.seconds or 0) >= SLOW_TIMES * (usual_seconds or 0)
    )
    held = {
        KEY_MAY_BE_WRONG: negative or _best_prefer_wrong(given, right, options),
        EASY: found.facility >= TOO_EASY,
        HARD: found.facility < TOO_HARD,
        LITTLE: tells is not None and 0 <= tells < TELLS_LITTLE and found.facility < TOO_EASY,
        UNUSED: _has_unused(given, right, options),
        SLOW: is_slow,
    }
    return tuple(flag for flag in FLAGS if held[flag])


def _best_prefer_wrong(given: Sequence[Given], right: Sequence[int], options: int) -> bool:
    """Whether those above the median choose a wrong option more often than any right one."""
    if not options or not right:
        return False
    line = median(one.rest for one in given)
    best = [one for one in given if one.rest > line]
    counts = count_choices(best, options)
    wrong = max((counts[i] for i in range(options) if i not in right), default=0)
    return len(best) >= LEAST_TO_JUDGE // 2 and wrong > max(counts[i] for i in right)


def _has_unused(given: Sequence[Given], right: Sequence[int], options: int) -> bool:
    if len(given) < LEAST_FOR_UNUSED or options < 3:
        return False
    counts = count_choices(given, options)
    return any(counts[index] == 0 for index in range(options) if index not in right)
