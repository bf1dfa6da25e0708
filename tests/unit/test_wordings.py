"""Wordings for some licenses, as staff type them."""

import pytest

from domain.wordings import read_wordings, write_wordings

LINES = "Psychologist | Ohio | In Ohio: {hours}.\nSocial worker | all | For all: {hours} | really."


def test_lines_are_read_and_written_back() -> None:
    wordings, fault = read_wordings(LINES)
    assert fault == ""
    assert [(w["profession"], w["jurisdiction"]) for w in wordings] == [
        ("Psychologist", "Ohio"),
        ("Social worker", ""),
    ]
    assert wordings[1]["statement"] == "For all: {hours} | really."
    assert write_wordings(wordings) == LINES


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Psychologist, Ohio, text", "between bars"),
        ("Psychologist | Ohio |", "between bars"),
        ("Wizard | Ohio | text", "Wizard"),
        ("Psychologist | OH | text", "write it out"),
    ],
)
def test_a_line_that_means_nothing_is_said(line: str, words: str) -> None:
    wordings, fault = read_wordings("\n" + line)
    assert wordings == []
    assert words in fault
    assert fault.startswith("Line 2")
