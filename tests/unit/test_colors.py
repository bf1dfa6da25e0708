"""Colors of a provider: read in any case, dark enough to be read on paper."""

import pytest

from domain.colors import LEAST_CONTRAST, contrast_on_white, lighter, normal_color


@pytest.mark.parametrize(
    ("text", "color"),
    [("#0B4F3B", "#0b4f3b"), (" #7a1f2b ", "#7a1f2b"), ("0b4f3b", None), ("#fff", None),
     ("red", None), ("#0b4f3b; } @import", None)],
)  # fmt: skip
def test_colors_are_read(text: str, color: str | None) -> None:
    assert normal_color(text) == color


def test_contrast_is_that_of_wcag() -> None:
    assert contrast_on_white("#000000") == pytest.approx(21)
    assert contrast_on_white("#ffffff") == pytest.approx(1)
    assert contrast_on_white("#767676") == pytest.approx(4.54, abs=0.01)
    assert contrast_on_white("#0b4f3b") > LEAST_CONTRAST > contrast_on_white("#8fbf9f")


def test_lighter_mixes_with_white() -> None:
    assert lighter("#000000", 0.5) == "#808080"
    assert lighter("#0b4f3b", 0) == "#0b4f3b"
    assert lighter("#0b4f3b", 1) == "#ffffff"
