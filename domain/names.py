"""Characters that nobody sees: which are dropped from names, which refused, which spelling."""

import unicodedata

JOINERS = frozenset("\u200c\u200d")
JOINING_SCRIPTS = frozenset(
    {
        *("ARABIC", "SYRIAC", "MANDAIC", "MONGOLIAN", "NKO", "DEVANAGARI", "BENGALI", "GURMUKHI"),
        *("GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "KHMER"),
        *("MYANMAR", "TIBETAN", "BALINESE", "JAVANESE"),
    }
)
"""Scripts in which a joiner or non-joiner is part of the spelling, as in Persian and Hindi."""
REVERSING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Directional embeddings, overrides and isolates: they make text read other than it is."""
BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")
"""Fillers that Unicode counts among the letters, although they show nothing."""
UNPRINTABLE = frozenset({"Co", "Cn"})


def tidy(name: str) -> str:
    """A name as typed, without control and invisible characters, runs of space made one, in NFC.

    Joiners stay where they are spelling. Characters that reverse text stay too: `find_fault`
    refuses them, rather than that they silently go.
    """
    kept: list[str] = []
    for character in name:
        kind = unicodedata.category(character)
        if kind in ("Cc", "Cs"):
            kept.append(" ")
        elif kind != "Cf" or character in REVERSING or _is_spelling(character, kept):
            kept.append(character)
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


def find_fault(name: str) -> str | None:
    """What is wrong with a tidied name, in words, or None."""
    if any(character in REVERSING for character in name):
        return "Type this without invisible characters that change the direction of writing."
    odd = next((c for c in name if unicodedata.category(c) in UNPRINTABLE), None)
    if odd is not None:
        return f"This holds a character that cannot be printed (U+{ord(odd):04X}). Leave it out."
    return None


def has_letter(name: str) -> bool:
    """Whether there is a letter to be seen."""
    return any(c.isalpha() and c not in BLANK_LETTERS for c in name)


def _is_spelling(character: str, before: list[str]) -> bool:
    """Whether a joiner follows a character of a script that uses it."""
    if character not in JOINERS or not before:
        return False
    return unicodedata.name(before[-1], "").split(" ")[0] in JOINING_SCRIPTS
