"""A small course that has no fault at all, to be spoiled by the tests, one thing at a time."""

import struct
from collections.abc import Iterable
from pathlib import Path

from course_format.check import check_course
from course_format.source import Fault

COURSE_YAML = """\
code: TST-101
title: Listening to Families
summary: How to listen to each member of a family.
level: Intermediate
audience: Therapists who work with families.
format: "Recorded video and audio, and selected readings, with post-tests"
price: "12.00"
currency: USD
enrollment: [key]
instructors:
  - name: Bob Instructor, PhD
    credentials: PhD, licensed psychologist
    bio: Bob has taught for twenty years.
objectives:
  - Identify the signs of listening
  - Describe three ways of listening
  - Apply one of them in a session
units:
  - {number: 1, title: Hearing, minutes: 10}
  - {number: 2, title: Answering, minutes: 10}
assessment_minutes: 10
completion: {pass_mark: 80, attempts: 3, order: units, minimum_time: advisory}
access_days: 365
released: 2026-09-01
reviewed: 2026-09-01
expires: 2029-08-31
approvals: [test-psych]
categories: []
references:
  - A book about listening.
conflicts: None declared.
commercial_support: None received.
system_requirements: Any current browser.
content_notes: Nothing to note.
not_accepted_in: Ask your board.
"""

PROVIDER_YAML = """\
name: Test Center
legal_name: Test Center, Inc.
address: [1 Test Street, "Philadelphia, PA 19000"]
email: help@example.org
phone: 555-0100
website: https://example.org
time_zone: America/New_York
demonstration: true
signatory: {name: Carol Director, title: CE Director}
approvals:
  - id: test-psych
    body: Test Board of Psychology
    unit_word: CE credits
    number: "0001"
    statement: "{provider} is approved by {body}. This course grants {hours} {unit_word}."
    hour_minutes: 60
    increment: "0.25"
    minimum: "0.5"
    valid_from: 2026-01-01
    valid_until: 2029-12-31
    professions: [Psychologist]
"""

VIDEO = """\
---
title: Hearing what is said
kind: webinar
minutes: 5
media: media/hearing.mp4
poster: media/hearing.webp
poster_alt: Two people at a table
captions: media/hearing.vtt
chapters: media/hearing.chapters.vtt
transcript: media/hearing.md
duration: 300
---

Listen for what is not said.
"""

AUDIO = """\
---
title: Answering aloud
kind: audio
minutes: 5
media: media/answering.m4a
captions: media/answering.vtt
transcript: media/answering.md
duration: 300
---
"""

READING_HEAD = """\
---
title: {title}
kind: reading
minutes: 5
from: A Book of Readings
---

## The first part

See [the handout](media/handout.pdf), [the second part](#the-second-part),
[a site](https://example.org/page) and [the policy](/policies/privacy).

![A table with two chairs](media/chairs.png)

### A smaller part

| way | when |
|-----|------|
| ask | first |

## The second part

"""

HANDOUT = """\
---
title: A sheet for the session
kind: handout
minutes: 2
required: false
file: media/handout.pdf
---
"""

LINK = """\
---
title: A page elsewhere
kind: link
minutes: 2
required: false
url: https://example.org/listening
---
"""

TEST_1 = """\
---
title: Post-test for unit 1
draw: 4
---

## what-listening-is {objective=1}

What does a listener do first?

- (x) Waits until it is quiet
- ( ) Speaks louder than before
  > Louder is not clearer.
- ( ) Leaves the room at once

> A listener waits. See the first part.

## signs {objective=1}

Which are signs of listening?

- [x] {50%} Nodding
- [x] {50%} Asking back
- [ ] {-50%} Looking at the clock

> Nodding and asking back show attention.

## quiet {objective=2}

Listening is quiet work.

- (x) True
- ( ) False

> It is.

## word {objective=2} {case}

Which word names it?

= listening
= listen*

> The word is the title's.

## how-many {objective=3}

How many ways are there?

= 3 +- 0

> Three, as the reading says.

## pairs {objective=3}

Match each way with its moment.

- asking -> at first
- repeating -> later
- -> never

> See the table.
"""

TEST_2 = """\
---
title: Post-test for unit 2
draw: 2
---

## steps {objective=3}

Put the steps in order.

order:

1. Hear
2. Wait
3. Answer

> Answering comes last.

## all-right {objective=1}

Which of these are answers?

- [x] A word
- [x] A nod
- [ ] A clock

> Words and nods answer.

## aloud {objective=2}

Which answer is heard?

- ( ) The one that was thought
- (x) The one that was spoken
- ( ) The one that was written

> Only speech is heard.
"""

EVALUATION = """\
---
title: Course evaluation
---

Your ratings are reported without your name.

## objectives {scale}

How well can you now do this?

## length {choice}

The course was

- too short
- right
- too long

## comments {text optional}

What should we change?
"""

CAPTIONS = """\
WEBVTT

1
00:00:01.000 --> 00:00:04.000
Welcome to this recording.

2
00:04:50.000 --> 00:04:58.500
<v Bob>Thank you for listening.
"""

CHAPTERS = """\
WEBVTT

00:00:00.000 --> 00:02:00.000
Beginning

00:02:00.000 --> 00:05:00.000
End
"""

TRANSCRIPT = """\
**Bob:** Welcome to this recording.

Thank you for listening.
"""

UNIT_1 = "units/1-hearing"
UNIT_2 = "units/2-answering"
READING_PATH = f"{UNIT_1}/02-the-quiet-room.md"
VIDEO_PATH = f"{UNIT_1}/01-hearing.md"


def words(number: int) -> str:
    """Text of so many words, in paragraphs of a hundred."""
    return "\n\n".join(" ".join(["listening"] * 100) for _ in range(number // 100)) + "\n"


def reading(title: str) -> str:
    """A reading of about a thousand words: five minutes."""
    return READING_HEAD.format(title=title) + words(1000)


def box(kind: bytes, *parts: bytes) -> bytes:
    """One box of an MP4 file."""
    payload = b"".join(parts)
    return struct.pack(">I4s", len(payload) + 8, kind) + payload


def recording(seconds: float, codecs: Iterable[bytes], index_first: bool = True) -> bytes:
    """The boxes of an MP4 file that has no frames but says all that is checked."""
    header = box(b"mvhd", struct.pack(">12xII", 1000, int(seconds * 1000)), bytes(80))
    tracks = b"".join(_track(codec) for codec in codecs)
    index, data = box(b"moov", header, tracks), box(b"mdat", bytes(64))
    order = (index, data) if index_first else (data, index)
    return box(b"ftyp", b"isom", bytes(4)) + b"".join(order)


def _track(codec: bytes) -> bytes:
    entry = struct.pack(">I", 1).join((bytes(4), box(codec, bytes(70))))
    return box(b"trak", box(b"mdia", box(b"minf", box(b"stbl", box(b"stsd", entry)))))


GOOD_FILES: dict[str, str | bytes] = {
    "course.yaml": COURSE_YAML,
    "about.md": "Listening is most of the work.\n\n## What you will find\n\nTwo units.\n",
    "evaluation.md": EVALUATION,
    VIDEO_PATH: VIDEO,
    READING_PATH: reading("The Quiet Room"),
    f"{UNIT_2}/01-answering.md": AUDIO,
    f"{UNIT_2}/02-the-loud-room.md": reading("The Loud Room"),
    f"{UNIT_2}/03-a-sheet.md": HANDOUT,
    f"{UNIT_2}/04-a-page.md": LINK,
    "tests/1.md": TEST_1,
    "tests/2.md": TEST_2,
    "media/hearing.mp4": recording(300, (b"avc1", b"mp4a")),
    "media/hearing.vtt": CAPTIONS,
    "media/hearing.chapters.vtt": CHAPTERS,
    "media/hearing.md": TRANSCRIPT,
    "media/hearing.webp": b"RIFF    WEBP",
    "media/answering.m4a": recording(300, (b"mp4a",)),
    "media/answering.vtt": CAPTIONS,
    "media/answering.md": TRANSCRIPT,
    "media/handout.pdf": b"%PDF-1.7 and so on",
    "media/chairs.png": b"\x89PNG and so on",
}


class CourseFolder:
    """A course on disk that can be spoiled and then checked."""

    def __init__(self, parent: Path) -> None:
        self.path = parent / "listening-to-families"
        self.path.mkdir(parents=True)
        for name, content in GOOD_FILES.items():
            self.write(name, content)
        (parent / "provider.yaml").write_text(PROVIDER_YAML, encoding="utf-8")

    def write(self, name: str, content: str | bytes) -> None:
        """Write a file anew."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    def text(self, name: str) -> str:
        """The text of a file."""
        return (self.path / name).read_text(encoding="utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        """Replace a text that must be there, once."""
        before = self.text(name)
        assert old in before, f"{old!r} is not in {name}"
        self.write(name, before.replace(old, new, 1))

    def remove(self, name: str) -> None:
        """Remove a file."""
        (self.path / name).unlink()

    def line_of(self, name: str, text: str) -> int:
        """The first line that holds a text; 0 for an empty text."""
        if not text:
            return 0
        return self.text(name).split(text, 1)[0].count("\n") + 1

    def faults(self) -> list[Fault]:
        """All that the check says."""
        return check_course(self.path)
