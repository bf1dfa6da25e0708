"""The catalogue: what a visitor looks for, and which courses match."""

from dataclasses import dataclass
from decimal import Decimal

from domain.outline import Outline

ANY = ""
LEVELS = ("Beginning", "Intermediate", "Advanced")
HOURS = (("2", "Up to 2 hours"), ("4", "More than 2, up to 4 hours"), ("more", "More than 4 hours"))
PRICES = (("free", "Free"), ("paid", "With a price"))


@dataclass(frozen=True)
class Offer:
    """A course of the catalogue: its current edition, its hours of 60 minutes, its bodies."""

    outline: Outline
    hours: Decimal
    bodies: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """The filters as chosen; ANY, or a value that is none of the choices, filters nothing."""

    words: str = ANY
    hours: str = ANY
    level: str = ANY
    price: str = ANY
    body: str = ANY

    @property
    def is_anything(self) -> bool:
        return self == Wanted()


def matches(offer: Offer, wanted: Wanted) -> bool:
    """Whether a course is what the visitor looks for: every filter holds, every word is found."""
    return (
        _has_words(offer, wanted.words)
        and _has_hours(offer.hours, wanted.hours)
        and _has_level(offer, wanted.level)
        and _has_price(offer, wanted.price)
        and (wanted.body == ANY or wanted.body in offer.bodies)
    )


def _has_words(offer: Offer, words: str) -> bool:
    outline = offer.outline
    names = [instructor["name"] for instructor in outline.facts["instructors"]]
    texts = [outline.title, outline.code, outline.summary, *outline.objectives, *names]
    text = "\n".join(texts).casefold()
    return all(word in text for word in words.casefold().split())


def _has_hours(hours: Decimal, wanted: str) -> bool:
    match wanted:
        case "2":
            return hours <= 2
        case "4":
            return 2 < hours <= 4
        case "more":
            return hours > 4
        case _:
            return True


def _has_level(offer: Offer, wanted: str) -> bool:
    return wanted not in LEVELS or bool(offer.outline.facts["level"] == wanted)


def _has_price(offer: Offer, wanted: str) -> bool:
    is_free = offer.outline.price_cents == 0
    return {"free": is_free, "paid": not is_free}.get(wanted, True)
