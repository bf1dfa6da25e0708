"""Names are shaped with the real fonts: joiners pass, letters without a glyph are named."""

from typing import Any

import pytest

from services import printed_names
from services.pdf.drawing_process import DrawingFailed


@pytest.fixture(autouse=True)
def afresh() -> Any:
    printed_names._drawn.cache_clear()
    yield
    printed_names._drawn.cache_clear()


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("Alice Learner", ""),
        ("Nguyễn Thị Phương Đặng", ""),
        ("श्रीकृष्ण द्विवेदी", ""),
        ("می\u200cخواهم", ""),
        ("欧阳修文", ""),
        ("Alice \ue000", "\ue000"),
        ("\u0378 Learner \ue000\ue000", "\u0378\ue000"),
    ],
)
def test_the_letters_that_no_font_has_are_named(name: str, missing: str) -> None:
    assert printed_names.find_missing(name) == missing


def test_a_process_that_fails_stands_in_nobodys_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(template: str, facts: dict[str, Any]) -> bytes:
        raise DrawingFailed("the drawing process ended, ran out of memory or took too long")

    monkeypatch.setattr(printed_names._process, "draw", fail)
    assert printed_names.find_missing("Ольга") == ""
    monkeypatch.undo()
    assert printed_names.find_missing("Ольга \ue000") == "\ue000", "a failure is not remembered"


def test_plain_ascii_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printed_names, "_drawn", lambda _text: pytest.fail("drawn"))
    assert printed_names.find_missing("O'Neil, Anne-Marie") == ""
