"""The minimum time of a unit, where a course requires one before the unit's post-test opens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from domain.accommodation import NO_FACTOR, Effect
from domain.outline import Outline
from domain.wording import duration

NOTHING = timedelta(0)


@dataclass(frozen=True)
class TimeStanding:
    """Recorded and required time by unit number; nothing is required where it is advisory.

    The required time has the learner's time factor (`time_percent`) applied already.
    """

    recorded: Mapping[int, timedelta] = field(default_factory=dict)
    required: Mapping[int, timedelta] = field(default_factory=dict)
    time_percent: int = NO_FACTOR

    def missing(self, unit_number: int) -> timedelta:
        """What is still to be recorded in a unit; nothing at all where enough is."""
        required = self.required.get(unit_number, NOTHING)
        return max(required - self.recorded.get(unit_number, NOTHING), NOTHING)

    def in_words(self, unit_number: int) -> str:
        """'12 min 30 s recorded of 24 min required', and the time factor where there is one."""
        recorded = duration(self.recorded.get(unit_number, NOTHING))
        required = duration(self.required.get(unit_number, NOTHING))
        factor = (
            f", with your time factor of {self.time_percent} %"
            if self.time_percent != NO_FACTOR
            else ""
        )
        return f"{recorded} recorded of {required} required{factor}"


ADVISORY = TimeStanding()


def required_by_unit(outline: Outline, effect: Effect) -> dict[int, timedelta]:
    """The least time of each unit: its share of the minutes, shortened by the learner's factor.

    Rounded down to whole seconds, in the learner's favor.
    """
    percent = outline.minimum_percent
    if percent is None:
        return {}
    return {
        unit.number: timedelta(
            seconds=effect.shorten(timedelta(minutes=unit.minutes) * percent / 100)
            // timedelta(seconds=1)
        )
        for unit in outline.units
    }
