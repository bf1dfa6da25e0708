"""One way to spoil the good course, and what must be said about it."""

from dataclasses import dataclass

from course_format.source import Severity
from tests.unit.course_format.folders import CourseFolder


@dataclass(frozen=True)
class Spoiled:
    """Replace `old` by `new` in `path`; `says` must then be reported on the line that holds `at`.

    Without `at` the fault concerns the whole file; `where` names the file of the fault if it is
    another one.
    """

    why: str
    path: str
    old: str
    new: str
    at: str
    says: str
    severity: Severity = "error"
    where: str = ""

    def __str__(self) -> str:
        return self.why

    def prove(self, folder: CourseFolder) -> None:
        """Spoil the folder, and fail unless the fault is found in its place."""
        folder.replace(self.path, self.old, self.new)
        path = self.where or self.path
        line = folder.line_of(path, self.at)
        faults = folder.faults()
        found = [f for f in faults if self.says in f.message]
        assert found, f"nobody says {self.says!r}, only {[str(fault) for fault in faults]}"
        assert (found[0].path, found[0].line) == (path, line), str(found[0])
        assert found[0].severity == self.severity
