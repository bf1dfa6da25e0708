"""The region of recorded time with slots for what is the learner's own: made once, then filled."""

from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from blueprints.filled_pages import fill, slot
from blueprints.player.signs import Meter, TimeSigns

TEMPLATE = "player/_recorded_time.html"
TOKEN = slot("token")


@dataclass(frozen=True)
class SlottedSigns:
    """TimeSigns with slots for what is the learner's own."""

    meters: tuple[Meter, ...]
    asks: bool
    stopped: str
    token: Markup = TOKEN


def region(time_signs: TimeSigns) -> str:
    """The region alone, as a sign of presence is answered."""
    given, values = slotted(time_signs)
    return fill(TEMPLATE, {"time_signs": given}, values)


def slotted(time_signs: TimeSigns) -> tuple[SlottedSigns, dict[str, str]]:
    """What the region says to everybody, and what stands in its slots for this learner."""
    meters = time_signs.meters
    values = {"token": time_signs.token}
    for number, meter in enumerate(meters):
        values[f"width{number}"], values[f"words{number}"] = meter.width, meter.words
    slots = _meter_slots(len(meters))
    return SlottedSigns(slots, time_signs.asks, time_signs.stopped), values


@lru_cache
def _meter_slots(count: int) -> tuple[Meter, ...]:
    return tuple(Meter(slot(f"width{n}"), slot(f"words{n}")) for n in range(count))
