"""The ways into a course, in the order in which the page of the enrollment shows them."""

from domain.outline import Outline

FREE = "free"
KEY = "key"


def ways_into(outline: Outline) -> tuple[str, ...]:
    """Each way has its own part of the page; a key for a free course is asked in the free one."""
    offered = outline.facts["enrollment"]
    return (FREE,) if FREE in offered else (KEY,)
