"""Reading the facts of a mapping as what they must be.

A fact that is missing or wrong becomes a fault and reads as an empty value (an empty text, 0,
`NO_DATE`), so that everything else can still be looked at.
"""

import re
from collections.abc import Sequence as Many
from datetime import date
from decimal import Decimal

from course_format.faults import Report, did_you_mean
from course_format.yaml_file import Mapping, Node, Scalar, Sequence

NO_DATE = date.min
MAX_TEXT = 20_000
MAX_STRANGE_KEYS = 50

_WHOLE = re.compile(r"[0-9]{1,9}")
_AMOUNT = re.compile(r"[0-9]{1,7}\.[0-9]{2}")
_DECIMAL = re.compile(r"[0-9]{1,6}(\.[0-9]{1,4})?")
_NUMERIC = re.compile(r"[0-9.,_+-]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Fields:
    """The facts of one mapping. `known` are all its keys; another key is a fault."""

    def __init__(self, mapping: Mapping, path: str, report: Report, known: Many[str]) -> None:
        self.mapping = mapping
        self.path = path
        self.report = report
        strange = [key for key in mapping.entries if key not in known]
        for key in strange[:MAX_STRANGE_KEYS]:
            line = mapping.key_lines[key]
            hint = did_you_mean(key, known)
            self.report.error(path, line, f"“{key[:60]}” is not a fact of this file.{hint}")

    def line(self, key: str) -> int:
        """Return the line of a key, or of the mapping where the key is missing."""
        return self.mapping.key_lines.get(key, self.mapping.line)

    def has(self, key: str) -> bool:
        """Say whether a key is there with any value."""
        node = self.mapping.entries.get(key)
        return node is not None and not (isinstance(node, Scalar) and node.is_empty)

    def wrong(self, key: str, message: str) -> None:
        """Report a fault on a key's line."""
        self.report.error(self.path, self.line(key), message)

    def text(self, key: str, longest: int = MAX_TEXT) -> str:
        """Return a text that must be there."""
        return self._text(key, longest) or ""

    def optional_text(self, key: str, longest: int = MAX_TEXT) -> str | None:
        """Return a text, or None where the key is missing."""
        return self._text(key, longest) if self.has(key) else None

    def quoted_text(self, key: str, longest: int = MAX_TEXT) -> str:
        """Return a text that must be quoted where it would read as a number (of a license)."""
        node = self.mapping.entries.get(key)
        if isinstance(node, Scalar) and node.plain and _NUMERIC.fullmatch(node.text):
            self.wrong(key, f'Put this number in quotes: "{node.text}".')
        return self.text(key, longest)

    def whole(self, key: str, lowest: int, highest: int) -> int:
        """Return a whole number between two bounds, or 0 after a fault."""
        node = self._scalar(key)
        if node is None:
            return 0
        if not node.plain or not _WHOLE.fullmatch(node.text):
            self.wrong(key, f"“{key}” must be a whole number without quotes, such as 30.")
            return 0
        number = int(node.text)
        if not lowest <= number <= highest:
            self.wrong(key, f"“{key}” must be between {lowest} and {highest}.")
            return 0
        return number

    def flag(self, key: str, default: bool) -> bool:
        """Return true or false."""
        if not self.has(key):
            return default
        node = self._scalar(key)
        if node is not None and node.plain and node.text in ("true", "false"):
            return node.text == "true"
        self.wrong(key, f"“{key}” must be true or false.")
        return default

    def day(self, key: str) -> date:
        """Return a calendar day, or `NO_DATE` after a fault."""
        node = self._scalar(key)
        if node is None:
            return NO_DATE
        try:
            return date.fromisoformat(node.text if _DAY.fullmatch(node.text) else "")
        except ValueError:
            self.wrong(key, f"“{key}” must be a day such as 2026-09-30.")
            return NO_DATE

    def amount(self, key: str) -> Decimal:
        """Return an amount of money, which must be quoted and have two decimals."""
        return self._quoted(key, _AMOUNT, 'an amount in quotes, with two decimals: "48.00"')

    def decimal(self, key: str) -> Decimal:
        """Return a decimal number, which must be quoted."""
        return self._quoted(key, _DECIMAL, 'a number in quotes, such as "0.25"')

    def one_of(self, key: str, options: Many[str]) -> str:
        """Return one of the options, or an empty text after a fault."""
        word = self.text(key)
        if word and word not in options:
            hint = did_you_mean(word, options)
            self.wrong(key, f"“{key}” must be one of {', '.join(options)}.{hint}")
            return ""
        return word

    def texts(self, key: str, at_least: int = 0) -> list[tuple[str, int]]:
        """Return a list of texts with their lines."""
        found = []
        for node in self._sequence(key, at_least):
            if not isinstance(node, Scalar) or node.is_empty:
                self.report.error(self.path, node.line, f"Each entry of “{key}” must be a text.")
            else:
                found.append((node.text.strip(), node.line))
        return found

    def mappings(self, key: str, known: Many[str], at_least: int = 0) -> list["Fields"]:
        """Return a list of mappings, each with the keys `known`."""
        found = []
        for node in self._sequence(key, at_least):
            if isinstance(node, Mapping):
                found.append(Fields(node, self.path, self.report, known))
            else:
                wanted = ", ".join(known)
                message = f"Each entry of “{key}” must have the keys {wanted}."
                self.report.error(self.path, node.line, message)
        return found

    def part(self, key: str, known: Many[str]) -> "Fields | None":
        """Return the mapping under a key, or None after a fault."""
        node = self._present(key)
        if isinstance(node, Mapping):
            return Fields(node, self.path, self.report, known)
        if node is not None:
            self.wrong(key, f"“{key}” must have the keys {', '.join(known)}.")
        return None

    def _present(self, key: str) -> Node | None:
        if not self.has(key):
            self.wrong(key, f"“{key}” is missing.")
            return None
        return self.mapping.entries[key]

    def _scalar(self, key: str) -> Scalar | None:
        node = self._present(key)
        if node is None or isinstance(node, Scalar):
            return node
        self.wrong(key, f"“{key}” must be one value, not a list or a group.")
        return None

    def _text(self, key: str, longest: int) -> str | None:
        node = self._scalar(key)
        if node is None:
            return None
        if len(node.text) > longest:
            self.wrong(key, f"“{key}” is longer than {longest} characters.")
            return None
        return node.text.strip()

    def _quoted(self, key: str, pattern: re.Pattern[str], wanted: str) -> Decimal:
        node = self._scalar(key)
        if node is None:
            return Decimal(0)
        if node.plain or not pattern.fullmatch(node.text):
            self.wrong(key, f"“{key}” must be {wanted}.")
            return Decimal(0)
        return Decimal(node.text)

    def _sequence(self, key: str, at_least: int) -> tuple[Node, ...]:
        if not self.has(key) and not at_least:
            return ()
        node = self._present(key)
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            self.wrong(key, f"“{key}” must be a list.")
            return ()
        if len(node.entries) < at_least:
            self.wrong(key, f"“{key}” needs at least {at_least}.")
        return node.entries
