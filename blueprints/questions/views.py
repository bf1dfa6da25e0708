"""Writing to the instructor inside the course, and reading the answers."""

from datetime import timedelta

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.http import commit_before_slow_work, commits, identity, page, see_other, settings
from blueprints.questions.forms import MessageForm, empty_form, name_text
from blueprints.questions.threads import message_rows, standing
from domain.wording import local
from services import learner_questions, throttle
from services.enrollments import get_study_for
from services.learner_questions import Thread

bp = Blueprint("questions", __name__)
MESSAGES_AN_HOUR = 30


@bp.get("/learn/<slug>/questions")
def list_questions(slug: str) -> ResponseReturnValue:
    return _page(slug, empty_form(request.args.get("item", "")))


@bp.post("/learn/<slug>/questions")
@commits
def create_question(slug: str) -> ResponseReturnValue:
    who = identity()
    _count_message(who.person_id)
    study = get_study_for(who.person_id, slug)
    form = MessageForm()
    if not form.validate_on_submit():
        return _page(slug, form, status=422)
    question = learner_questions.ask(
        study,
        form.written_by(who.person_id),
        form.item.data or "",
        settings().base_url,
        clock.now(),
    )
    due = local(question.due_at, who.time_zone)
    flash(f"Your question is sent. You may expect an answer by {due}.", "success")
    return see_other(url_for("questions.list_questions", slug=slug) + f"#question-{question.id}")


@bp.post("/learn/<slug>/questions/<int:question_id>/messages")
@commits
def create_reply(slug: str, question_id: int) -> ResponseReturnValue:
    who = identity()
    _count_message(who.person_id)
    thread = learner_questions.get_own_thread(who.person_id, slug, question_id)
    form = MessageForm()
    if not form.validate_on_submit():
        return _page(slug, empty_form(), {question_id: form}, 422)
    learner_questions.follow_up(
        thread, form.written_by(who.person_id), settings().base_url, clock.now()
    )
    flash("Your message is sent.", "success")
    return see_other(url_for("questions.list_questions", slug=slug) + f"#question-{question_id}")


@bp.post("/learn/<slug>/questions/<int:question_id>/read")
@commits
def mark_read(slug: str, question_id: int) -> ResponseReturnValue:
    thread = learner_questions.get_own_thread(identity().person_id, slug, question_id)
    learner_questions.mark_read(thread, clock.now())
    flash("Marked as read.")
    return see_other(url_for("questions.list_questions", slug=slug) + f"#question-{question_id}")


def _count_message(person_id: int) -> None:
    key = str(person_id)
    throttle.count("message", key, MESSAGES_AN_HOUR, timedelta(hours=1), clock.now())
    commit_before_slow_work()


def _page(
    slug: str,
    form: MessageForm,
    replies: dict[int, MessageForm] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """The page with the form of a new question, and each thread with the form of a reply."""
    who = identity()
    study = get_study_for(who.person_id, slug)
    now = clock.now()
    threads = learner_questions.list_own_threads(who.person_id, slug)
    about = next((i for i in study.outline.items() if i.slug == form.item.data), None)
    forms = {t.question.id: _reply_form(t, replies or {}) for t in threads}
    return page(
        "questions/questions.html",
        status,
        study=study,
        form=name_text(form, "text", "Your question"),
        about=about,
        threads=[
            (thread, message_rows(thread, who.time_zone), standing(thread, now, who.time_zone))
            for thread in threads
        ],
        replies=forms,
        faulty=next((f for f in [form, *forms.values()] if f.errors), None),
    )


def _reply_form(thread: Thread, given: dict[int, MessageForm]) -> MessageForm:
    form = given.get(thread.question.id) or empty_form()
    return name_text(form, f"text-{thread.question.id}", "Add to this question")
