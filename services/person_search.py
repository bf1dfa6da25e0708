"""Finding people by the beginnings of words of their name or address, however many there are."""

from models import PersonWord
from services import word_search
from services.word_search import Found


def find_people(typed: str) -> Found | None:
    """Everybody who has, for each word typed, a word that begins with it; None: nothing typed."""
    return word_search.find(typed, PersonWord.person_id, PersonWord.word)
