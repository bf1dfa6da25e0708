"""Cells of CSV files: what a spreadsheet would run is text."""

import pytest

from domain.csv_cells import safe_cell


@pytest.mark.parametrize(
    ("value", "cell", "why"),
    [
        ("Alice", "Alice", "a name is itself"),
        ("=1+1", "'=1+1", "a formula"),
        ("+1 555", "'+1 555", "a plus begins a formula"),
        ("-1", "'-1", "text that begins with a minus"),
        ("@SUM(A1)", "'@SUM(A1)", "an old spreadsheet's function"),
        ("\t=1", "'\t=1", "a tab before a formula"),
        ("  =1", "'  =1", "spaces before a formula are skipped by some"),
        (-5, "-5", "a number stays a number"),
        (None, "", "nothing"),
        (True, "yes", "in words"),
        ("a\x00b", "ab", "no NUL"),
    ],
)
def test_safe_cell(value: object, cell: str, why: str) -> None:
    assert safe_cell(value) == cell, why
