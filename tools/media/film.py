"""Sound and pictures as files that every browser plays: AAC in M4A, H.264 and AAC in MP4."""

import json
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

LOUDNESS = "I=-19:TP=-3:LRA=11"
"""Integrated loudness in LUFS, as is usual for a mono voice, and highest peak in dB."""

FRAMES_PER_SECOND = 10
SECONDS_BETWEEN_KEY_FRAMES = 5
SOUND = {"c:a": "aac", "b:a": "56k", "ar": "44100", "ac": "1"}
PICTURE = {
    "c:v": "libx264",
    "preset": "slow",
    "tune": "stillimage",
    "crf": "25",
    "pix_fmt": "yuv420p",
    "threads": "1",
    "g": str(FRAMES_PER_SECOND * SECONDS_BETWEEN_KEY_FRAMES),
    "colorspace": "bt709",
    "color_primaries": "bt709",
    "color_trc": "bt709",
    "color_range": "tv",
}
COLORS = "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
SAME_EACH_TIME = {
    "map_metadata": "-1",
    "fflags": "+bitexact",
    "flags:v": "+bitexact",
    "flags:a": "+bitexact",
}

Frames = Sequence[tuple[Path, float]]
"""Pictures, each with the second at which it appears."""


def write_sound(wav: Path, file: Path, title: str, language: str) -> None:
    """Encode a recording of sound only."""
    options = {"af": _level(wav), **SOUND, **_facts(title, language)}
    _encode(["-i", wav], options, file)


def write_film(
    wav: Path, frames: Frames, seconds: float, file: Path, title: str, language: str
) -> None:
    """Encode a video of still pictures; one can seek to each picture and to every few seconds."""
    listing = wav.with_suffix(".frames.txt")
    listing.write_text(_list_frames(frames, seconds), encoding="utf-8")
    picture = {
        "vf": f"fps={FRAMES_PER_SECOND},{COLORS}",
        "force_key_frames": ",".join(f"{start:.3f}" for _, start in frames),
        "metadata:s:v:0": f"language={language}",
        "t": f"{seconds:.3f}",
    }
    options = {"af": _level(wav), **SOUND, **PICTURE, **picture, **_facts(title, language)}
    _encode(["-f", "concat", "-safe", "0", "-i", listing, "-i", wav], options, file)


def measure_seconds(file: Path) -> float:
    """Return the length of a recording."""
    command = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "json", file]
    answer = subprocess.run(command, check=True, capture_output=True)
    return float(json.loads(answer.stdout)["format"]["duration"])


def _level(wav: Path) -> str:
    """Return the filter that brings the sound to LOUDNESS by one gain for all of it."""
    command = ["ffmpeg", "-hide_banner", "-nostdin", "-i", wav]
    command += ["-af", f"loudnorm={LOUDNESS}:print_format=json", "-f", "null", "-"]
    report = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    found = json.loads(re.findall(r"\{[^{}]*\}", report)[-1])
    measured = ":".join(
        f"measured_{name}={found[f'input_{key}']}"
        for name, key in (("I", "i"), ("TP", "tp"), ("LRA", "lra"), ("thresh", "thresh"))
    )
    return f"loudnorm={LOUDNESS}:{measured}:offset={found['target_offset']}:linear=true"


def _list_frames(frames: Frames, seconds: float) -> str:
    ends = [start for _, start in frames[1:]] + [seconds]
    lines = [
        f"file '{picture}'\nduration {end - start:.3f}\n"
        for (picture, start), end in zip(frames, ends, strict=True)
    ]
    return "".join([*lines, f"file '{frames[-1][0]}'\n"])


def _facts(title: str, language: str) -> dict[str, str]:
    facts = {"metadata": f"title={title}", "metadata:s:a:0": f"language={language}"}
    return {**SAME_EACH_TIME, **facts, "movflags": "+faststart"}


def _encode(inputs: list[str | Path], options: dict[str, str], file: Path) -> None:
    settings = [part for name, value in options.items() for part in (f"-{name}", value)]
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", *inputs, *settings, file]
    subprocess.run(command, check=True)
