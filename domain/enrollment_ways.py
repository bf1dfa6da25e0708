"""The ways into a course, in the order in which the page of the enrollment shows them."""

from domain.outline import Outline

FREE = "free"
ORDER = "order"
KEY = "key"


def ways_into(outline: Outline) -> tuple[str, ...]:
    """Each way has its own part of the page; a key for a free course is asked in the free one."""
    offered = outline.facts["enrollment"]
    if FREE in offered:
        return (FREE,)
    return tuple(way for way in (ORDER, KEY) if way in offered)
