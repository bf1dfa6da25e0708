"""Post-test files: `tests/<number of the unit>.md`."""

from course_format.fields import Fields
from course_format.files import MAX_TEXT_BYTES
from course_format.front_matter import read_document
from course_format.questions import ATTRIBUTES, read_question
from course_format.reading import Reading
from course_format.sections import split_sections
from course_format.source import PostTest

KEYS = ("title", "draw")
MAX_QUESTIONS = 500


def read_post_test(unit: int, reading: Reading) -> PostTest:
    """Read the post-test of a unit; an empty one where the file cannot be read."""
    path = f"tests/{unit}.md"
    document = read_document(reading.folder, path, reading.report, MAX_TEXT_BYTES)
    reading.mark(path, 1, "post_test", unit)
    if document is None:
        return PostTest("", 0, ())
    fields = Fields(document.facts, path, reading.report, KEYS)
    preface, sections = split_sections(document, ATTRIBUTES, reading.report)
    for line in preface:
        if not line.is_blank:
            reading.report.error(path, line.number, "A question begins with “## id {objective=1}”.")
            break
    for section in sections:
        reading.mark(path, section.line, "question", unit, section.id)
    reading.mark(path, fields.line("draw"), "draw", unit)
    questions = tuple(read_question(section, path, reading) for section in sections)
    return PostTest(fields.text("title", 200), fields.whole("draw", 1, MAX_QUESTIONS), questions)
