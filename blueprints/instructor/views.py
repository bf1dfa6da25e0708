"""The queue of learner questions, and answering them."""

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.http import commits, identity, page, see_other, settings
from blueprints.instructor.rows import answered_rows, course_rows, waiting_rows
from blueprints.questions.forms import MessageForm, empty_form, name_text
from blueprints.questions.threads import message_rows, standing
from domain.numerals import read_whole_number
from services import instructor_queue, learner_questions
from services.instructed_courses import list_outlines_for
from services.learner_questions import Thread

bp = Blueprint("instructor", __name__)


@bp.get("/instructor")
def show_queue() -> ResponseReturnValue:
    who = identity()
    now = clock.now()
    before = read_whole_number(request.args.get("before", ""))
    queue = instructor_queue.get_queue(who, before, now)
    return render_template(
        "instructor/queue.html",
        queue=queue,
        waiting=waiting_rows(queue.waiting, now, who.time_zone),
        answered=answered_rows(queue.answered, who.time_zone),
        courses=course_rows(list_outlines_for(who)),
    )


@bp.get("/instructor/questions/<int:question_id>")
def show_thread(question_id: int) -> ResponseReturnValue:
    thread = learner_questions.get_thread_for(identity(), question_id)
    return _thread_page(thread, empty_form())


@bp.post("/instructor/questions/<int:question_id>/messages")
@commits
def create_answer(question_id: int) -> ResponseReturnValue:
    who = identity()
    thread = learner_questions.get_thread_for(who, question_id)
    form = MessageForm()
    if not form.validate_on_submit():
        return _thread_page(thread, form, 422)
    learner_questions.answer(
        thread, form.written_by(who.person_id), settings().base_url, clock.now()
    )
    flash("Your answer is sent. The learner is told by mail.", "success")
    return see_other(url_for("instructor.show_queue"))


def _thread_page(thread: Thread, form: MessageForm, status: int = 200) -> ResponseReturnValue:
    zone = identity().time_zone
    words, kind = standing(thread, clock.now(), zone)
    return page(
        "instructor/thread.html",
        status,
        thread=thread,
        messages=message_rows(thread, zone),
        standing=words,
        standing_kind=kind,
        form=name_text(form, "text", "Your answer"),
    )
