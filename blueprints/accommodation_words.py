"""What an accommodation grants, in words: the same for the learner and the administrator."""

from models import Accommodation


def granted_in_words(granted: Accommodation) -> list[str]:
    """Each thing that is granted, as a line of a list."""
    lines = []
    if granted.time_percent > 100:
        times = f"{granted.time_percent / 100:g}"
        lines.append(
            f"{times} times the time wherever a limit applies, and a required minimum divided"
            f" by {times}"
        )
    if granted.extra_attempts:
        more = "attempt" if granted.extra_attempts == 1 else "attempts"
        lines.append(f"{granted.extra_attempts} more {more} at each post-test")
    if not granted.asks_presence:
        lines.append("Pages do not ask whether you are still reading")
    if granted.alternative_format:
        lines.append(granted.alternative_format)
    return lines
