"""A name alone, drawn in the fonts of the certificate: whether they have all of its glyphs."""

from typing import Any

from domain.writing import direction, language
from services.pdf.sheet import Facts, Sheet


def _context(facts: Facts) -> dict[str, Any]:
    name = facts["name"]
    return {"name_direction": direction(name), "name_language": language(name)}


NAME = Sheet("name", _context)
