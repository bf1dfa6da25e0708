"""Captions and chapters as WebVTT.

Cues have at most two lines of 42 characters and break where the sense does; they follow the words
as they are spoken (WCAG 1.2.2, and the usual practice of broadcasters for line length).
"""

from functools import cache
from itertools import pairwise

from media.speech import Speech, Word
from media.words import is_little

LINE = 42
SHORTEST_SECONDS = 1.3
LONGEST_SECONDS = 6.5
LINGER_SECONDS = 0.4
CLOSE_SECONDS = 0.8


def write_captions(speech: Speech, language: str) -> str:
    """Return the captions of the whole recording."""
    cues = [cue for passage in speech.passages for cue in split_cues(passage.words)]
    spans = [(cue[0].start, cue[-1].end) for cue in cues]
    starts = [start for start, _ in spans[1:]] + [speech.seconds]
    blocks = [
        _block(start, _held(end, following), "\n".join(break_lines(_text(cue))))
        for cue, (start, end), following in zip(cues, spans, starts, strict=True)
    ]
    return _file("captions", language, blocks)


def write_chapters(speech: Speech, opening: str, language: str) -> str:
    """Return one chapter for each slide, without gaps between them."""
    blocks = [
        _block(passage.start, passage.end, passage.slide.title if passage.slide else opening)
        for passage in speech.passages
    ]
    return _file("chapters", language, blocks)


def split_cues(words: tuple[Word, ...]) -> list[tuple[Word, ...]]:
    """Return the words as cues that are cheapest to read."""

    @cache
    def cheapest(start: int) -> tuple[float, tuple[int, ...]]:
        if start == len(words):
            return 0.0, ()
        options = []
        for end in range(start + 1, len(words) + 1):
            if not break_lines(_text(words[start:end])):
                break
            cost, ends = cheapest(end)
            options.append((cost + _cost(words[start:end]), (end, *ends)))
        return min(options)

    return [words[start:end] for start, end in pairwise((0, *cheapest(0)[1]))]


def _cost(cue: tuple[Word, ...]) -> float:
    seconds = cue[-1].end - cue[0].start
    hurry = max(0.0, SHORTEST_SECONDS - seconds) * 12
    drag = max(0.0, seconds - LONGEST_SECONDS) * 3
    return 2 + hurry + drag + _break_cost(cue[-1].text) + _mixing_cost(cue)


def _mixing_cost(cue: tuple[Word, ...]) -> float:
    """What it costs that a sentence ends within the cue, most of all just before its end."""
    places = [at for at, word in enumerate(cue[:-1], 1) if word.text[-1] in ".?!"]
    return sum(8 if len(cue) - at <= 2 else 1.5 for at in places)


def _break_cost(word: str) -> float:
    if word[-1] in ".?!":
        return 0
    if word[-1] in ",:;":
        return 2
    return 12 if is_little(word) else 7


def break_lines(text: str) -> list[str]:
    """Return the text as one line or two, well divided, or nothing when it is too long."""
    if len(text) <= LINE:
        return [text]
    words = text.split()
    halves = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    fitting = [pair for pair in halves if max(map(len, pair)) <= LINE]
    return list(min(fitting, key=_unevenness, default=()))


def _unevenness(pair: tuple[str, str]) -> float:
    first, second = pair
    return abs(len(first) - len(second)) + 2 * _break_cost(first.split()[-1])


def _text(cue: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in cue)


def _held(end: float, following: float) -> float:
    return following if following - end < CLOSE_SECONDS else end + LINGER_SECONDS


def _block(start: float, end: float, text: str) -> str:
    return f"{_time(start)} --> {_time(end)}\n{_escape(text)}\n"


def _file(kind: str, language: str, blocks: list[str]) -> str:
    return "\n".join([f"WEBVTT\nKind: {kind}\nLanguage: {language}\n", *blocks])


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _time(seconds: float) -> str:
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    hours, minutes = divmod(minutes, 60)
    whole, rest = divmod(milliseconds, 1000)
    return f"{hours:02}:{minutes:02}:{whole:02}.{rest:03}"
