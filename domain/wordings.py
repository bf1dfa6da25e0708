"""Wordings for some licenses only, as staff type them: one a line, three parts between bars."""

from domain.licenses import JURISDICTIONS, PROFESSIONS

ALL = "all"


def read_wordings(text: str) -> tuple[list[dict[str, str]], str]:
    """The wordings of 'Profession | State | Statement' lines, and what is wrong ('' if nothing).

    'all' as the state means every one; in the record it is ''.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        parts = [part.strip() for part in line.split("|", 2)]
        if len(parts) != 3 or not parts[2]:
            return [], f"Line {number} needs a profession, a state and a statement between bars."
        profession, jurisdiction, statement = parts
        if profession not in PROFESSIONS:
            return [], f"Line {number}: “{profession[:60]}” is not a profession of the list."
        if jurisdiction not in (*JURISDICTIONS, ALL):
            return [], f"Line {number}: “{jurisdiction[:60]}” is no state; write it out, or “all”."
        found.append(
            {
                "profession": profession,
                "jurisdiction": "" if jurisdiction == ALL else jurisdiction,
                "statement": statement,
            }
        )
    return found, ""


def write_wordings(wordings: list[dict[str, str]]) -> str:
    """The same as lines to edit."""
    lines = [(w["profession"], w["jurisdiction"] or ALL, w["statement"]) for w in wordings]
    return "\n".join(" | ".join(line) for line in lines)
