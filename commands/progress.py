"""A progress bar for long work on files, on a terminal; elsewhere one line for each step."""

from types import TracebackType
from typing import Any

import click

SMALL_BYTES = 20_000_000
"""Work of less than this takes no time worth showing."""


class Bar:
    """Shows how far reading and storing of files have come (`services.course_files.Watch`)."""

    def __init__(self) -> None:
        self._bar: Any = None

    def __enter__(self) -> "Bar":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def begin(self, what: str, total_bytes: int) -> None:
        """A step begins that has so many bytes to do."""
        self._close()
        if total_bytes >= SMALL_BYTES:
            label = f"{what} {total_bytes / 1_000_000:,.0f} MB"
            self._bar = click.progressbar(length=total_bytes, label=label, show_eta=True)
            self._bar.__enter__()

    def advance(self, done_bytes: int) -> None:
        """So many more bytes are done."""
        if self._bar is not None:
            self._bar.update(done_bytes)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None
