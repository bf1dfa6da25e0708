"""Reading a list of people to enroll: CSV as spreadsheets write it, or lines of name and address.

What comes in is not trusted: sizes, encodings, separators and cells are checked line by line.
"""

import codecs
import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass

from domain import names
from domain.agency import ADDRESS, LONGEST_ADDRESS, LONGEST_NAME
from domain.identity import normal_email, tidy_name

MOST_LINES = 1_000
SEPARATORS = ",;\t"
NAME_HEADS = frozenset({"name", "name on license", "name as on license", "learner"})
EMAIL_HEADS = frozenset({"email", "e-mail", "email address", "e-mail address", "address", "mail"})
FORMULA = re.compile(r"[=+@\-\t\r]")
INVITED, ENROLLED, ALREADY, FAULT = "invited", "enrolled", "already", "fault"
OUTCOMES = (INVITED, ENROLLED, ALREADY, FAULT)


class UnreadableList(ValueError):
    """The list as a whole cannot be read; the text says what to do."""


@dataclass(frozen=True)
class ListLine:
    """A line of the list by its number in the file, and what is wrong with it ('' if nothing)."""

    number: int
    name: str
    email: str
    fault: str = ""


def decode(content: bytes) -> str:
    """The text of a file: UTF-8 with or without a mark, or UTF-16 with one."""
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableList(
            "This file is not UTF-8 text. In your spreadsheet, save it as “CSV UTF-8”."
        ) from None


def read_list(text: str) -> list[ListLine]:
    """The lines of a list, each with its fault. Raises UnreadableList."""
    if "\0" in text:
        raise UnreadableList("This is no text file. Save the list as CSV.")
    rows = _rows(text.removeprefix("\ufeff"))
    if not rows:
        raise UnreadableList("The list is empty. Give one person a line: name, e-mail address.")
    columns = _find_columns(rows[0][1])
    body = rows[1:] if columns is not None else rows
    if len(body) > MOST_LINES:
        raise UnreadableList(
            f"The list has {len(body):,} lines, at most {MOST_LINES:,} can be enrolled at once."
            " Divide it."
        )
    if not body:
        raise UnreadableList("The list has a heading and nobody below it.")
    return _mark_repeated([_line(number, cells, columns) for number, cells in body])


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """The rows that are not empty, with the number of the line each ends on."""
    lines = text.splitlines()
    first = next((line for line in lines if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(lines, delimiter=separator)
    found: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            tidied = [" ".join(cell.split()) for cell in cells]
            if any(tidied):
                found.append((reader.line_num, tidied))
    except csv.Error:
        raise UnreadableList(
            f"Line {reader.line_num} cannot be read: look for a quotation mark that is not closed."
        ) from None
    return found


def _find_columns(cells: list[str]) -> tuple[int | None, int] | None:
    """Where a heading says the name and the address are; None where it is no heading."""
    heads = [cell.casefold() for cell in cells]
    email = next((n for n, head in enumerate(heads) if head in EMAIL_HEADS), None)
    if email is None:
        return None
    return next((n for n, head in enumerate(heads) if head in NAME_HEADS), None), email


def _line(number: int, cells: list[str], columns: tuple[int | None, int] | None) -> ListLine:
    if columns is None:
        at = next((n for n, cell in enumerate(cells) if "@" in cell), None)
        others = [cell for n, cell in enumerate(cells) if n != at]
        name, email = (others[0] if others else ""), (cells[at] if at is not None else "")
    else:
        name, email = _cell(cells, columns[0]), _cell(cells, columns[1])
    fault = _find_fault(name, email)
    kept = tidy_name(name)[:LONGEST_NAME]
    return ListLine(number, kept, normal_email(email)[:LONGEST_ADDRESS], fault)


def _cell(cells: list[str], place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""


def _find_fault(name: str, email: str) -> str:
    if not email:
        return "No e-mail address."
    if len(email) > LONGEST_ADDRESS or not ADDRESS.fullmatch(email) or FORMULA.match(email):
        return "This is no e-mail address."
    if len(name) > LONGEST_NAME:
        return f"The name has more than {LONGEST_NAME} characters."
    if FORMULA.match(name):
        return "The name begins like a formula."
    if name and not names.has_letter(name):
        return "The name has no letter."
    return names.find_fault(name) or names.find_fault(email) or ""


def _mark_repeated(lines: Iterable[ListLine]) -> list[ListLine]:
    """An address that stands twice counts once: the later line is at fault."""
    first: dict[str, int] = {}
    found: list[ListLine] = []
    for line in lines:
        before = first.setdefault(line.email, line.number) if not line.fault else line.number
        if before != line.number:
            fault = f"The same address as in line {before}."
            line = ListLine(line.number, line.name, line.email, fault)
        found.append(line)
    return found
