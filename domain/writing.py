"""How a name is written: its direction, its language for choosing letter forms, its width."""

import unicodedata

RIGHT_TO_LEFT = frozenset({"R", "AL"})
WIDE = frozenset({"W", "F"})


def direction(text: str) -> str:
    """'rtl' or 'ltr', by the first letter that has a direction (Unicode bidi rule P2)."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in RIGHT_TO_LEFT:
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def language(text: str) -> str:
    """The language whose letter forms a name in East Asian script takes; '' for all others.

    Han characters alone may be of several languages; they take the Chinese forms.
    """
    names = {unicodedata.name(character, "").split(" ")[0] for character in text}
    if "HANGUL" in names:
        return "ko"
    if names & {"HIRAGANA", "KATAKANA"}:
        return "ja"
    return "zh" if "CJK" in names else ""


def latin_part(text: str) -> str:
    """The words of a name that are in Latin letters already, as a first spelling of it."""
    words = [word for word in text.split() if _is_latin(word)]
    return " ".join(words)


def _is_latin(word: str) -> bool:
    letters = [character for character in word if character.isalpha()]
    return bool(letters) and all("LATIN" in unicodedata.name(c, "") for c in letters)


def width(text: str) -> int:
    """About how wide a text is, in narrow letters: wide characters count twice, marks nothing."""
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in WIDE else 1
