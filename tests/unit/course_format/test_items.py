"""Faults of items, their recordings, captions, and the Markdown in them."""

import struct

import pytest

from tests.unit.course_format.folders import (
    READING_PATH,
    UNIT_2,
    VIDEO_PATH,
    CourseFolder,
    box,
    recording,
    words,
)
from tests.unit.course_format.spoiling import Spoiled

HANDOUT = f"{UNIT_2}/03-a-sheet.md"
LINK = f"{UNIT_2}/04-a-page.md"
CAPTIONS = "media/hearing.vtt"
CHAPTERS = "media/hearing.chapters.vtt"

ITEMS = [
    Spoiled("a kind is known", VIDEO_PATH, "kind: webinar", "kind: webinare", "kind:",
            "Did you mean “webinar”?"),
    Spoiled("a link has no recording", LINK, "url:", "media: media/hearing.mp4\nurl:", "media:",
            "An item of kind link has no “media”."),
    Spoiled("a title is needed", LINK, "title: A page elsewhere\n", "", "kind: link",
            "“title” is missing."),
    Spoiled("minutes are needed", LINK, "minutes: 2\n", "", "title:", "“minutes” is missing."),
    Spoiled("required is yes or no", LINK, "required: false", "required: no", "required",
            "must be true or false"),
    Spoiled("captions are needed", VIDEO_PATH, "captions: media/hearing.vtt\n", "", "title:",
            "“captions” is missing."),
    Spoiled("a transcript is needed", VIDEO_PATH, "transcript: media/hearing.md\n", "", "title:",
            "“transcript” is missing."),
    Spoiled("a recording is needed", VIDEO_PATH, "media: media/hearing.mp4\n", "", "title:",
            "“media” is missing."),
    Spoiled("a length is needed", VIDEO_PATH, "duration: 300\n", "", "title:",
            "“duration” is missing."),
    Spoiled("a named file is there", VIDEO_PATH, "media/hearing.vtt", "media/hearin.vtt",
            "captions:", "There is no file “media/hearin.vtt”. Did you mean “media/hearing.vtt”?"),
    Spoiled("a file stays in the course", VIDEO_PATH, "media/hearing.mp4", "../hearing.mp4",
            "media:", "“media” must name a file in media"),
    Spoiled("a test is no transcript", VIDEO_PATH, "media/hearing.md", "tests/1.md", "transcript:",
            "“transcript” must name a file in media"),
    Spoiled("a video is an MP4", VIDEO_PATH, "media/hearing.mp4", "media/hearing.webp", "media:",
            "media/name.mp4 or media/name.m4a"),
    Spoiled("a poster is described", VIDEO_PATH, "poster_alt: Two people at a table\n", "",
            "poster:", "come together"),
    Spoiled("a transcript says something", "media/hearing.md",
            "**Bob:** Welcome to this recording.\n\nThank you for listening.\n", " \n",
            "transcript:", "The transcript is empty.", where=VIDEO_PATH),
    Spoiled("a length is that of the file", VIDEO_PATH, "duration: 300", "duration: 297",
            "duration", "“duration” says 297 s, but media/hearing.mp4 lasts 300.0 s."),
    Spoiled("an excerpt is for demonstrations", VIDEO_PATH, "duration: 300",
            "duration: 300\nexcerpt: true", "excerpt", "Only a demonstration course"),
    Spoiled("minutes are those of the recording", VIDEO_PATH, "minutes: 5", "minutes: 7",
            "minutes", "7 minutes are declared; the recording lasts 5.0 minutes.", "warning"),
    Spoiled("minutes are those of the words", READING_PATH, "minutes: 5", "minutes: 9", "minutes",
            "words take 3 to 6 minutes to read; 9 are declared.", "warning"),
    Spoiled("a link is a whole address", LINK, "url: https://example.org/listening",
            "url: example.org", "url", "begins with https://"),
    Spoiled("a link runs no script", LINK, "url: https://example.org/listening",
            "url: javascript:alert(1)", "url", "begins with https://"),
    Spoiled("a link carries no password", LINK, "url: https://example.org/listening",
            "url: https://a:b@example.org/", "url", "begins with https://"),
    Spoiled("a handout is a PDF", "media/handout.pdf", "%PDF-1.7", "GIF89", "file:",
            "“media/handout.pdf” is not a PDF file.", where=HANDOUT),
    Spoiled("facts come first", LINK, "---\n", "", "title:", "must begin with facts"),
    Spoiled("facts come to an end", LINK, "listening\n---\n", "listening\n", "---",
            "have no closing line"),
    Spoiled("a colon needs quotes", LINK, "A page elsewhere", "A page: elsewhere", "title:",
            "must be in quotes"),
]  # fmt: skip

TIMED_TEXT = [
    Spoiled("captions are WebVTT", CAPTIONS, "WEBVTT", "1", "1", "This is not a WebVTT file"),
    Spoiled("captions last as long as the recording", CAPTIONS,
            "00:04:50.000 --> 00:04:58.500", "00:04:30.000 --> 00:04:40.000", "00:04:30.000",
            "The last cue ends at 280.0 s, the recording at 300 s: more than 5 % apart."),
    Spoiled("a time is written in full", CAPTIONS, "00:00:01.000 -->", "0:1 -->", "0:1 -->",
            "Write the times of a cue as"),
    Spoiled("a cue takes time", CAPTIONS, "00:00:04.000", "00:00:00.500", "00:00:01.000",
            "This cue ends before it begins."),
    Spoiled("cues are in order", CAPTIONS, "00:00:01.000 --> 00:00:04.000",
            "00:04:51.000 --> 00:04:58.000", "00:04:50.000",
            "This cue begins before the one above it."),
    Spoiled("a cue says something", CAPTIONS, "Welcome to this recording.\n", "", "00:00:01.000",
            "This cue has no text."),
    Spoiled("a chapter is within the recording", CHAPTERS, "00:05:00.000", "00:06:00.000",
            "00:06:00.000", "This chapter ends at 360.0 s"),
    Spoiled("chapters are WebVTT", CHAPTERS, "WEBVTT", "Chapters", "Chapters",
            "This is not a WebVTT file"),
]  # fmt: skip
FIRST = "## The first part"
MARKDOWN = [
    Spoiled("the title is the only h1", READING_PATH, FIRST, "# The first part",
            "# The first part", "begin with “##”"),
    Spoiled("no level is skipped", READING_PATH, "### A smaller", "#### A smaller", "#### A",
            "A heading of level 4 cannot follow one of level 2."),
    Spoiled("the first level is 2", READING_PATH, FIRST, "### The first part", "### The first",
            "A heading of level 3 cannot follow one of level 1."),
    Spoiled("a heading says something", READING_PATH, "### A smaller part", "###", "###\n",
            "This heading is empty."),
    Spoiled("bold is no heading", READING_PATH, "### A smaller part", "**A smaller part**",
            "**A smaller", "A line in bold is not a heading.", "warning"),
    Spoiled("an image is described", READING_PATH, "![A table with two chairs]", "![]", "![]",
            "This image has no text alternative."),
    Spoiled("a file's name describes nothing", READING_PATH, "A table with two chairs",
            "chairs.png", "![chairs", "no text alternative"),
    Spoiled("an image is there", READING_PATH, "media/chairs.png", "media/chair.png",
            "media/chair.png", "Did you mean “media/chairs.png”?"),
    Spoiled("an image is of this house", READING_PATH, "(media/chairs.png)",
            "(https://example.org/a.png)", "example.org/a.png", "There is no file"),
    Spoiled("an image is an image", READING_PATH, "media/chairs.png", "media/handout.pdf",
            "![A table", "An image is a file of type"),
    Spoiled("a linked file is there", READING_PATH, "media/handout.pdf", "media/handouts.pdf",
            "media/handouts.pdf", "Did you mean “media/handout.pdf”?"),
    Spoiled("a link stays in the course", READING_PATH, "media/handout.pdf", "../course.yaml",
            "../course.yaml", "There is no file “../course.yaml” in the course's media."),
    Spoiled("nobody links to the keys", READING_PATH, "media/handout.pdf", "tests/1.md",
            "tests/1.md", "There is no file “tests/1.md” in the course's media."),
    Spoiled("a heading that is linked is there", READING_PATH, "(#the-second-part)",
            "(#the-second-prt)", "#the-second-prt", "Did you mean “the-second-part”?"),
    Spoiled("a link names its scheme", READING_PATH, "https://example.org/page",
            "//example.org/page", "//example.org", "Begin the address with https://."),
    Spoiled("a scheme is a usual one", READING_PATH, "https://example.org/page",
            "ftp://example.org/page", "ftp://", "Links lead to https://"),
    Spoiled("a link runs no script", READING_PATH, "https://example.org/page",
            "javascript:alert(1)", "javascript:", "Links lead to https://"),
    Spoiled("an address has a host", READING_PATH, "https://example.org/page", "https://",
            "https://)", "is not a whole address"),
    Spoiled("an address can be read", READING_PATH, "https://example.org/page", "https://[x",
            "https://[x", "is not a whole address"),
    Spoiled("a link has a text", READING_PATH, "[the policy]", "[]", "[](", "has no text"),
    Spoiled("a link says where it leads", READING_PATH, "[a site]", "[click here]", "click here",
            "does not say where", "warning"),
    Spoiled("a column has a heading", READING_PATH, "| way | when |", "| way |  |", "| way |  |",
            "A column of this table has no heading.", "warning"),
    Spoiled("a script is text", READING_PATH, "| ask | first |\n\n",
            "| ask | first |\n\nText\n<script>alert(1)</script>\n\n", "<script>",
            "HTML is not part of the format: <script>"),
    Spoiled("an element is text", READING_PATH, "[a site]", '<b onclick="x()">[a site]', "<b on",
            "HTML is not part of the format"),
    Spoiled("a comment is text", READING_PATH, "[a site]", "<!-- hidden --> [a site]", "<!--",
            "HTML is not part of the format"),
    Spoiled("a question has no headings", "tests/1.md", "Listening is quiet work.",
            "### Quiet\n\nListening is quiet work.", "### Quiet", "There can be no heading here."),
    Spoiled("an underline makes a heading", "tests/1.md", "Listening is quiet work.",
            "Listening\n---", "Listening\n---", "There can be no heading here."),
    Spoiled("a picture of a question is described", "tests/1.md", "Listening is quiet work.",
            "Is it quiet?\n\n![](media/chairs.png)", "![](media", "no text alternative"),
    Spoiled("a picture of an option is described", "tests/1.md", "- ( ) False",
            "- ( ) ![](media/chairs.png) False", "- ( ) ![]", "no text alternative"),
    Spoiled("an option is Markdown, too", "tests/1.md", "- ( ) False", "- ( ) <i>False</i>",
            "- ( ) <i>", "HTML is not part of the format"),
    Spoiled("feedback is Markdown, too", "tests/1.md", "Louder is not", "<i>Louder is not",
            "> <i>", "HTML is not part of the format"),
    Spoiled("a rationale is Markdown, too", "tests/1.md", "> It is.", "> It <i>is.", "> It <i>",
            "HTML is not part of the format"),
    Spoiled("a transcript is Markdown, too", "media/hearing.md", "Thank you", "<i>Thank you",
            "<i>", "HTML is not part of the format"),
    Spoiled("a transcript stands below a heading of level 2", "media/hearing.md", "Thank you",
            "#### Thank you", "####", "A heading of level 4 cannot follow one of level 2."),
    Spoiled("a description is Markdown, too", "about.md", "## What", "# What", "# What",
            "begin with “##”"),
    Spoiled("an evaluation is Markdown, too", "evaluation.md", "What should we",
            "<i>What should we", "<i>", "HTML is not part of the format"),
]  # fmt: skip


@pytest.mark.parametrize("case", ITEMS + TIMED_TEXT + MARKDOWN, ids=str)
def test_a_spoiled_item_is_found(case: Spoiled, folder: CourseFolder) -> None:
    case.prove(folder)


SOUND = [
    ("a picture may be a link", "[a site](https://example.org/page)",
     "[![a small chair](media/chairs.png)](https://example.org/page)"),
    ("an image may be decorative", "![A table with two chairs](media/chairs.png)",
     '![](media/chairs.png "decorative")'),
    ("HTML may be quoted as code", "[a site]", "`<script>` and ``a ` <b>`` [a site]"),
    ("a sign may be escaped", "[a site]", "\\<b> [a site]"),
    ("less than is no element", "[a site]", "a < b and 3 <4> 2 [a site]"),
    ("an address may stand for itself", "[a site]", "<https://example.org> [a site]"),
    ("bold may begin a sentence", "### A smaller part", "**A smaller part** is good."),
]  # fmt: skip


@pytest.mark.parametrize(("why", "old", "new"), SOUND)
def test_what_is_sound_is_not_reported(why: str, old: str, new: str, folder: CourseFolder) -> None:
    folder.replace(READING_PATH, old, new)
    assert folder.faults() == [], why


def test_a_transcript_may_begin_with_level_3(folder: CourseFolder) -> None:
    folder.replace("media/hearing.md", "Thank you", "### The end\n\nThank you")
    assert folder.faults() == []


def test_an_empty_faq_is_none(folder: CourseFolder) -> None:
    folder.write("faq.md", "\n")
    (fault,) = folder.faults()
    assert str(fault).startswith("faq.md:1: error: The file asks and answers nothing.")


def test_a_faq_stands_below_a_heading_of_the_page(folder: CourseFolder) -> None:
    folder.write("faq.md", "### May I print it?\n\nYes. See [the sheet](media/handout.pdf).\n")
    assert folder.faults() == []
    folder.write("faq.md", "#### May I print it?\n\n<b>Yes.</b>\n")
    said = [fault.message for fault in folder.faults()]
    assert said[0].startswith("A heading of level 4") and said[1].startswith("HTML is not")


def test_a_reading_has_a_text(folder: CourseFolder) -> None:
    folder.write(READING_PATH, folder.text(READING_PATH).split("## The first")[0])
    assert "The text of the reading is missing." in [fault.message for fault in folder.faults()]


def test_a_file_that_nobody_uses_is_told(folder: CourseFolder) -> None:
    folder.write("media/spare.png", b"PNG")
    (fault,) = folder.faults()
    assert (fault.path, fault.severity) == ("media/spare.png", "warning")


RECORDINGS = [
    ("a video shows H.264", recording(300, (b"hev1", b"mp4a")), "Some browsers cannot play"),
    ("a video has a picture", recording(300, (b"mp4a",)), "There is no H.264 picture"),
    ("a video is heard", recording(300, (b"avc1",)), "There is no AAC sound"),
    ("the index comes first", recording(300, (b"avc1", b"mp4a"), index_first=False), "fast start"),
    ("a recording is not cut off", recording(300, (b"avc1", b"mp4a"))[:-9], "cut off"),
    ("a recording is no text", b"Hello", "cut off"),
    ("a recording is not empty", b"", "This is not an MP4 file"),
    ("a recording has a length", recording(0, (b"avc1", b"mp4a")), "does not say how long"),
]


@pytest.mark.parametrize(("why", "data", "says"), RECORDINGS)
def test_a_recording_is_looked_into(why: str, data: bytes, says: str, folder: CourseFolder) -> None:
    folder.write("media/hearing.mp4", data)
    found = [fault for fault in folder.faults() if says in fault.message]
    assert found and found[0].path == "media/hearing.mp4", why


def test_large_boxes_and_long_times_are_read(folder: CourseFolder) -> None:
    """Version 1 of the header has times of 64 bits; a length of 1 announces one of 64 bits."""
    short = recording(300, (b"avc1", b"mp4a"))
    old = box(b"mvhd", struct.pack(">12xII", 1000, 300_000), bytes(80))
    new = box(b"mvhd", struct.pack(">B19xIQ", 1, 1000, 300_000), bytes(68))
    assert old in short and len(old) == len(new)
    index, _, data = short.replace(old, new).partition(box(b"mdat", bytes(64)))
    large = struct.pack(">I4sQ", 1, b"mdat", 80) + bytes(64)
    folder.write("media/hearing.mp4", index + large + data)
    assert folder.faults() == []
    folder.write("media/hearing.mp4", index + struct.pack(">I4s", 0, b"mdat") + bytes(64))
    assert folder.faults() == []


NAMES = [
    ("a unit's folder begins with its number", "units/first/01-a.md", "units/first"),
    ("a unit's folder is a slug", "units/1-Hearing_room/01-a.md", "units/1-Hearing_room"),
    ("a unit has one folder", "units/1-other/09-a.md", "units/1-other"),
    ("an item begins with a number", "units/1-hearing/last.md", "units/1-hearing/last.md"),
    ("an item is a slug", "units/1-hearing/03-Last.md", "units/1-hearing/03-Last.md"),
    ("an item is not the post-test", "units/1-hearing/03-post-test.md",
     "units/1-hearing/03-post-test.md"),
    ("items have different numbers", "units/1-hearing/02-zoo.md", "units/1-hearing/02-zoo.md"),
    ("items have different slugs", "units/2-answering/09-the-quiet-room.md", READING_PATH),
    ("a unit is in course.yaml", "units/7-more/01-more.md", "units/7-more"),
    ("a test has a number", "tests/one.md", "tests/one.md"),
    ("a file has its place", "notes.txt", "notes.txt"),
    ("a folder has its depth", "units/1-hearing/a/b/c.md", "units/1-hearing/a/b"),
    ("media lie in media", "media/more/a.png", "media/more/a.png"),
    ("a type of media is known", "media/a.mov", "media/a.mov"),
    ("a name of media is plain", "media/A b.png", "media/A b.png"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "path", "where"), NAMES)
def test_a_file_is_named_by_its_place(
    why: str, path: str, where: str, folder: CourseFolder
) -> None:
    folder.write(path, folder.text(LINK) + "\n\n" + words(0))
    errors = [fault for fault in folder.faults() if fault.severity == "error"]
    assert (where, 0) in {(fault.path, fault.line) for fault in errors}, why
