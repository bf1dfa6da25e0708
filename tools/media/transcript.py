"""The transcript: all that is said, and all that is shown, as Markdown (WCAG 1.2.1, 1.2.8)."""

from media.script import FOOTER, Script, Slide
from media.slides import Figure

VOICE_NOTE = "The speaker is a computer voice."


def write_transcript(script: Script, figures: dict[str, Figure], seconds: int) -> str:
    """Return the transcript, one heading of level 3 for each slide."""
    parts = [_introduction(script, seconds)]
    for number, slide in enumerate(script.slides, 1):
        parts.append(f"### {number}. {slide.title}")
        if script.has_picture:
            parts.append(_on_screen(slide, figures))
        parts.append(" ".join(slide.narration.split()))
    return "\n\n".join(parts) + "\n"


def _introduction(script: Script, seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    kind = "Video" if script.has_picture else "Sound only"
    length = f"{kind}, {minutes} min {rest} s. {VOICE_NOTE}"
    card = f"*On screen:* the title, the name of the course, and the line “{FOOTER}.”"
    shown = f"\n\n{card}" if script.has_picture else ""
    return f"{length}\n\n### Opening{shown}\n\n{script.opening}"


def _on_screen(slide: Slide, figures: dict[str, Figure]) -> str:
    points = " · ".join(slide.points)
    drawing = f" *Drawing:* {figures[slide.figure].description}" if slide.figure else ""
    return f"*On screen:* {points}.{drawing}".replace("?.", "?")
