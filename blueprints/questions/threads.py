"""Threads as pages show them: messages, and where the answer stands, in words."""

import re
from datetime import datetime
from typing import Any

from markupsafe import Markup

from domain import reply_time
from domain.wording import local
from models import Message
from services.learner_questions import Thread


def message_rows(thread: Thread, zone: str) -> list[dict[str, Any]]:
    """The messages of a thread, as `components/thread.html` takes them."""
    return [_row(message, zone) for message in thread.question.messages]


def standing(thread: Thread, now: datetime, zone: str) -> tuple[str, str]:
    """(words, kind of status) of a thread: answered, waiting until when, or late."""
    question = thread.question
    if question.answered_at is not None:
        return f"Answered on {local(question.answered_at, zone)}", "done"
    due = local(question.due_at, zone)
    if reply_time.is_overdue(question.due_at, question.answered_at, now):
        return f"The answer is late: it was due on {due}", "problem"
    return f"An answer is due by {due}", "open"


def to_paragraphs(text: str) -> Markup:
    """Plain text as paragraphs; nothing in it is markup."""
    blocks = [block for block in re.split(r"\n\s*\n", text) if block.strip()]
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(block.strip("\n").split("\n")))
        for block in blocks
    )


def _row(message: Message, zone: str) -> dict[str, Any]:
    is_new = message.from_instructor and message.seen_at is None
    return {
        "id": message.id,
        "author": message.author.name_on_license,
        "role": "instructor" if message.from_instructor else "learner",
        "sent": local(message.sent_at, zone),
        "sent_iso": message.sent_at.isoformat(timespec="seconds"),
        "body": to_paragraphs(message.text),
        "note": "Not marked as read yet" if is_new else "",
    }
