"""Words that carry little sense by themselves."""

import re

_LITTLE = re.compile(
    "a|an|and|are|as|at|be|but|by|did|do|for|from|have|he|her|his|i|in|is|it|its|may|me|my|not|of|"
    "on|one|or|our|she|so|than|that|the|their|them|they|this|to|two|us|was|we|what|when|who|will|"
    "with|you|your",
    re.IGNORECASE,
)


def is_little(word: str) -> bool:
    """Say whether a word is an article, a pronoun, a preposition or the like."""
    return _LITTLE.fullmatch(word) is not None
