"""The rows of the instructor's queue."""

from datetime import datetime

from flask import url_for
from markupsafe import Markup

from domain import reply_time
from domain.wording import local
from services.learner_questions import Thread

Row = list[str]
LONGEST_PREVIEW = 80


def waiting_rows(threads: list[Thread], now: datetime, zone: str) -> list[Row]:
    """A row for each question that waits: link, learner, course, due time in two ways."""
    return [
        [
            _link(thread),
            thread.learner.name_on_license,
            thread.outline.title,
            local(thread.question.due_at, zone),
            reply_time.time_left(thread.question.due_at, now).capitalize(),
        ]
        for thread in threads
    ]


def answered_rows(threads: list[Thread], zone: str) -> list[Row]:
    """A row for each answered question: link, learner, course, when it was answered."""
    return [
        [
            _link(thread),
            thread.learner.name_on_license,
            thread.outline.title,
            local(thread.question.answered_at, zone) if thread.question.answered_at else "",
        ]
        for thread in threads
    ]


def _link(thread: Thread) -> Markup:
    """The beginning of the learner's latest message, as a link to the thread."""
    theirs = [m for m in thread.question.messages if not m.from_instructor]
    words = " ".join(theirs[-1].text.split())
    shown = words if len(words) <= LONGEST_PREVIEW else words[: LONGEST_PREVIEW - 1] + "…"
    href = url_for("instructor.show_thread", question_id=thread.question.id)
    return Markup('<a href="{}">{}</a>').format(href, shown)
