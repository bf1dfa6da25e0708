"""Tables of a pack while it is built: parts of CSV files, each step's in a folder of its own.

A step's folder appears whole or not at all, so that a building that was cut off goes on with
the step it was in.
"""

import csv
import io
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from domain.csv_cells import safe_cell

PARTS = "parts"
FILES = "files"
APPENDED = "appended"


@dataclass(frozen=True)
class Table:
    """Rows under heads; `name` is the path in the pack without its ending."""

    name: str
    heads: tuple[str, ...]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True)
class StepOutput:
    """What one step made: tables (parts of CSV files), whole files and parts of files by path."""

    tables: Sequence[Table] = ()
    files: Sequence[tuple[str, bytes]] = ()
    appended: Sequence[tuple[str, bytes]] = ()


def write_step(folder: Path, number: int, output: StepOutput) -> None:
    """Write what a step made; a folder left by an earlier try is replaced."""
    target = folder / PARTS / f"{number:05}"
    fresh = target.with_suffix(".new")
    for path in (fresh, target):
        shutil.rmtree(path, ignore_errors=True)
    (fresh / FILES).mkdir(parents=True)
    for table in output.tables:
        path = fresh / f"{table.name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, _csv_bytes(table))
    for place, files in ((FILES, output.files), (APPENDED, output.appended)):
        for name, content in files:
            path = fresh / place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, content)
    fresh.rename(target)


def read_rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """The rows of a table over all steps, by head."""
    for part in list_parts(folder, f"{name}.csv"):
        with part.open(newline="", encoding="utf-8") as opened:
            yield from csv.DictReader(opened)


def list_parts(folder: Path, path: str) -> list[Path]:
    """The parts of a file in the order of the steps."""
    parts = (step / path for step in _list_steps(folder))
    return [part for part in parts if part.is_file()]


def list_tables(folder: Path) -> list[str]:
    """The paths of all tables there are parts of, in the order of the alphabet."""
    found = {
        str(part.relative_to(step))
        for step in _list_steps(folder)
        for part in step.rglob("*.csv")
        if part.relative_to(step).parts[0] not in (FILES, APPENDED)
    }
    return sorted(found)


def list_appended(folder: Path) -> list[str]:
    """The paths, below APPENDED, of files that are made of parts."""
    return sorted(_paths_below(folder, APPENDED))


def list_files(folder: Path) -> dict[str, Path]:
    """Every whole file that steps made, by its path in the pack."""
    return _paths_below(folder, FILES)


def _paths_below(folder: Path, place: str) -> dict[str, Path]:
    return {
        str(path.relative_to(step / place)): path
        for step in _list_steps(folder)
        for path in sorted((step / place).rglob("*"))
        if path.is_file()
    }


def _list_steps(folder: Path) -> list[Path]:
    return [step for step in sorted((folder / PARTS).iterdir()) if step.suffix == ""]


def as_json(value: Any) -> bytes:
    """A JSON document, for reading and for programs."""
    text = json.dumps(value, ensure_ascii=False, indent=1, default=_plain)
    return (text + "\n").encode()


def as_json_line(value: Any) -> bytes:
    """One line of a file of JSON lines."""
    return (json.dumps(value, ensure_ascii=False, default=_plain) + "\n").encode()


def cell(value: object) -> object:
    """A value as its cell shows it: instants and days in ISO form, lists and maps as JSON."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value


def _csv_bytes(table: Table) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(table.heads)
    writer.writerows([safe_cell(cell(value)) for value in row] for row in table.rows)
    return text.getvalue().encode()


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return cell(value)
    return str(value)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
