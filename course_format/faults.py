"""Faults of a course folder: where they are, how grave they are, and what to do about them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from course_format.source import Fault, Severity

MAX_MESSAGE = 500
MAX_KNOWN = 300
MAX_WORD = 120
MAX_FAULTS = 1_000
"""More faults than this are counted, not kept: a broken folder must not fill the memory."""


@dataclass(slots=True)
class Report:
    """Collects the faults of one folder."""

    found: list[Fault] = field(default_factory=list)
    has_errors: bool = False
    left_out: int = 0
    _seen: set[Fault] = field(default_factory=set)

    def error(self, path: str, line: int, message: str) -> None:
        """Add what must be put right before the course can be published."""
        self.has_errors = True
        self._add(Fault(path, line, "error", message))

    def warn(self, path: str, line: int, message: str) -> None:
        """Add what an author should look at."""
        self._add(Fault(path, line, "warning", message))

    def note(self, path: str, line: int, message: str) -> None:
        """Add what a reviewer should know, though nothing is wrong."""
        self._add(Fault(path, line, "note", message))

    def faults(self) -> list[Fault]:
        """Every fault once, by file and line."""
        unique = sorted(self.found, key=lambda f: (f.path, f.line, f.severity, f.message))
        if self.left_out:
            message = f"{self.left_out} more faults are not listed; correct these first."
            severity: Severity = "error" if self.has_errors else "warning"
            unique.append(Fault(".", 0, severity, message))
        return unique

    def _add(self, fault: Fault) -> None:
        if len(fault.message) > MAX_MESSAGE:
            fault = replace(fault, message=fault.message[:MAX_MESSAGE] + "…")
        if fault in self._seen:
            return
        if len(self.found) < MAX_FAULTS:
            self._seen.add(fault)
            self.found.append(fault)
        else:
            self.left_out += 1


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a sentence that names the known word closest to `word`, or an empty text."""
    near = [other for other in sorted(known)[:MAX_KNOWN] if len(other) <= MAX_WORD]
    close = get_close_matches(word[:MAX_WORD], near, n=1, cutoff=0.6)
    return f" Did you mean “{close[0]}”?" if close else ""
