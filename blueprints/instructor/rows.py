"""The rows of the instructor's queue."""

from datetime import datetime

from flask import url_for
from markupsafe import Markup

from domain import reply_time
from domain.outline import Outline
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


def course_rows(outlines: list[Outline]) -> list[Row]:
    """A row for each course: its title, and where its questions are analyzed and their key is."""
    return [
        [
            outline.title,
            _course_link("instructor.show_analysis", "Item analysis", outline),
            _course_link("instructor.show_answer_key", "Answer key", outline),
            _course_link("instructor.show_evaluation_results", "Evaluations", outline),
        ]
        for outline in outlines
    ]


def _course_link(endpoint: str, words: str, outline: Outline) -> Markup:
    href = url_for(endpoint, slug=outline.slug)
    return Markup('<a href="{}">{}<span class="visually-hidden"> of {}</span></a>').format(
        href, words, outline.title
    )


def _link(thread: Thread) -> Markup:
    """The beginning of the learner's latest message, as a link to the thread."""
    theirs = [m for m in thread.question.messages if not m.from_instructor]
    words = " ".join(theirs[-1].text.split())
    shown = words if len(words) <= LONGEST_PREVIEW else words[: LONGEST_PREVIEW - 1] + "…"
    href = url_for("instructor.show_thread", question_id=thread.question.id)
    return Markup('<a href="{}">{}</a>').format(href, shown)
