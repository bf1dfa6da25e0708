"""Checks of minutes: their sums, and whether recordings, words and questions bear them out."""

from course_format.markdown import word_count
from course_format.reading import Reading
from course_format.source import Course, Item, Media, Unit

SLOWEST_WORDS_PER_MINUTE = 175
USUAL_WORDS_PER_MINUTE = 200
FASTEST_WORDS_PER_MINUTE = 300
"""Adult reading of non-fiction (ce-rules.md §4)."""

MINUTES_PER_QUESTION = 1.85
"""Minutes that a question takes (ce-rules.md §4)."""

ESTIMATE_TOLERANCE_PERCENT = 20
RECORDING_TOLERANCE_SECONDS = 60


def check_minutes(course: Course, reading: Reading) -> None:
    """Report sums that do not hold, and minutes that seem too many or too few."""
    for unit in course.units:
        _check_sum(unit, reading)
        for item in unit.items:
            if item.media:
                _check_recording_minutes(item, item.media, reading)
            elif item.kind == "reading":
                _check_reading_minutes(course, item, reading)
    _check_estimate(course, reading)


def _check_sum(unit: Unit, reading: Reading) -> None:
    minutes = [item.minutes for item in unit.items if item.required]
    if not unit.minutes or not minutes or 0 in minutes or sum(minutes) == unit.minutes:
        return
    path, line = reading.place("unit", unit.number)
    optional = " (optional ones do not count)" if len(minutes) < len(unit.items) else ""
    message = (
        f"The items of unit {unit.number}{optional} add up to {sum(minutes)} minutes, "
        f"not to {unit.minutes}."
    )
    reading.report.error(path, line, message)


def _check_recording_minutes(item: Item, media: Media, reading: Reading) -> None:
    if not item.minutes or not media.duration:
        return
    path, line = reading.place("item", item.slug, "minutes")
    if media.excerpt:
        message = f"Demonstration: an excerpt of {media.duration} s stands for {item.minutes} min."
        reading.report.note(path, line, message)
    elif abs(item.minutes * 60 - media.duration) > RECORDING_TOLERANCE_SECONDS:
        message = (
            f"{item.minutes} minutes are declared; the recording lasts "
            f"{media.duration / 60:.1f} minutes."
        )
        reading.report.warn(path, line, message)


def _check_reading_minutes(course: Course, item: Item, reading: Reading) -> None:
    words = word_count(item.body)
    least = words // FASTEST_WORDS_PER_MINUTE
    most = -(-words // SLOWEST_WORDS_PER_MINUTE)
    if not words or not item.minutes or least <= item.minutes <= most:
        return
    path, line = reading.place("item", item.slug, "minutes")
    span = f"{max(least, 1)} to {most} minutes" if most > 1 else "1 minute"
    facts = f"{words:,} words take {span} to read; {item.minutes} are declared."
    if course.demonstration:
        reading.report.note(path, line, f"Demonstration: {facts}")
    else:
        reading.report.warn(path, line, facts)


def _check_estimate(course: Course, reading: Reading) -> None:
    declared = course.total_minutes
    complete = course.units and all(unit.minutes and unit.items for unit in course.units)
    if not complete or not course.assessment_minutes:
        return
    estimate = estimated_minutes(course)
    if abs(estimate - declared) * 100 <= ESTIMATE_TOLERANCE_PERCENT * declared:
        return
    path, line = reading.place("units")
    facts = (
        f"Recordings, words and questions come to about {estimate:.0f} minutes; "
        f"{declared} are declared, more than {ESTIMATE_TOLERANCE_PERCENT} % apart."
    )
    if course.demonstration:
        reading.report.note(path, line, f"Demonstration: {facts}")
    else:
        reading.report.warn(path, line, facts)


def estimated_minutes(course: Course) -> float:
    """Return minutes by the first method of ce-rules.md §4, of required items only.

    Recordings count their length (an excerpt its declared minutes), readings their words at
    `USUAL_WORDS_PER_MINUTE`, handouts and links their declared minutes, and each question drawn
    `MINUTES_PER_QUESTION`.
    """
    items = sum(
        _item_minutes(item) for unit in course.units for item in unit.items if item.required
    )
    return items + MINUTES_PER_QUESTION * sum(unit.post_test.draw for unit in course.units)


def _item_minutes(item: Item) -> float:
    if item.media and not item.media.excerpt:
        return item.media.duration / 60
    if item.kind == "reading":
        return word_count(item.body) / USUAL_WORDS_PER_MINUTE
    return float(item.minutes)
