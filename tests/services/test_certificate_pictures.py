"""Certificates as the eye sees them: kept pictures of twelve scripts and of extreme lengths.

They were looked at when they were kept; `python -m tests.pictured` draws them again.
"""

import pytest

from services.pdf.draw import draw
from tests.pictured import NAMES, pictured
from tests.pictures_of import (
    MOST_MEAN_DIFFERENCE,
    MOST_NAME_DIFFERENCE,
    difference,
    kept,
    name_band,
    picture_of,
)
from tests.printed import facts


@pytest.mark.parametrize("name", sorted(pictured()))
def test_a_certificate_looks_as_it_was_looked_at(name: str) -> None:
    seen, before = picture_of(draw("certificate", pictured()[name])), kept(name)
    assert difference(seen, before) <= MOST_MEAN_DIFFERENCE, name
    assert difference(name_band(seen), name_band(before)) <= MOST_NAME_DIFFERENCE, name


def test_another_name_is_seen() -> None:
    """What must fail: the picture of each script differs from all the others' by far."""
    bands = {script: name_band(kept(script)) for script in NAMES}
    for one, band in bands.items():
        for other, picture in bands.items():
            assert one == other or difference(band, picture) > MOST_NAME_DIFFERENCE, (one, other)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"bodies": 1}, "a body is missing"),
        ({"licenses": 4}, "lines are in other places"),
        ({"look": {"accent": "#cfcfcf", "tint": "#efefef"}}, "the ink is pale"),
        ({"statement": "completed " * 30}, "a text is far longer"),
    ],
)
def test_another_layout_is_seen(change: dict[str, object], why: str) -> None:
    seen = picture_of(draw("certificate", facts(NAMES["latin"], **change)))
    assert difference(seen, kept("latin")) > MOST_MEAN_DIFFERENCE, why
