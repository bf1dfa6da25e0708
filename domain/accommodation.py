"""What accommodations change: the learner's time factor, attempts, and what pages ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

NO_FACTOR = 100
LARGEST_FACTOR = 400


@dataclass(frozen=True)
class Granted:
    """One accommodation as granted.

    `time_percent`: how long the learner may take, of 100. `extra_attempts`: for each post-test.
    `asks_presence`: whether pages may ask "Are you still reading?". `alternative_format`: the
    format agreed on, in words, or empty.
    """

    time_percent: int = NO_FACTOR
    extra_attempts: int = 0
    asks_presence: bool = True
    alternative_format: str = ""


@dataclass(frozen=True)
class Effect:
    """What all accommodations in force come to: each learner gets the best of them."""

    time_percent: int = NO_FACTOR
    extra_attempts: int = 0
    asks_presence: bool = True
    alternative_formats: tuple[str, ...] = ()

    def lengthen(self, limit: timedelta) -> timedelta:
        """A limit (of a test, of open–finish time) with the time factor applied."""
        return limit * self.time_percent / NO_FACTOR

    def shorten(self, minimum: timedelta) -> timedelta:
        """A minimum time with the time factor applied: who may take longer need not sit longer,
        and a factor never raises what is demanded."""
        return minimum * NO_FACTOR / max(self.time_percent, NO_FACTOR)


NO_EFFECT = Effect()


def combine(granted: Iterable[Granted]) -> Effect:
    """The best of several accommodations."""
    found = list(granted)
    if not found:
        return NO_EFFECT
    return Effect(
        time_percent=max(NO_FACTOR, *(one.time_percent for one in found)),
        extra_attempts=max(0, *(one.extra_attempts for one in found)),
        asks_presence=all(one.asks_presence for one in found),
        alternative_formats=tuple(f for one in found if (f := one.alternative_format)),
    )
