"""Good answers as entries of the course's FAQ."""

from uuid import uuid4

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

import clock
from blueprints.accounts.forms import stripped
from blueprints.http import actor, commits, identity, page, see_other
from blueprints.instructor.views import bp
from blueprints.seen import EditForm, is_stale, remember
from services import faq, learner_questions
from services.faq import EntryLine, Typed
from services.learner_questions import Thread


class FaqForm(EditForm):
    """A question in general words, and its answer."""

    question = StringField(
        "Question",
        [
            DataRequired("Write the question in general words."),
            Length(max=300, message="A question has at most 300 characters."),
        ],
        filters=[stripped],
    )
    answer = TextAreaField(
        "Answer",
        [
            DataRequired("Write the answer."),
            Length(max=5000, message="An answer has at most 5,000 characters."),
        ],
        filters=[stripped],
    )
    intent = HiddenField()

    def typed(self) -> Typed:
        return Typed(self.question.data, self.answer.data, self.intent.data or "")


@bp.get("/instructor/questions/<int:question_id>/faq")
def show_faq_form(question_id: int) -> ResponseReturnValue:
    thread = learner_questions.get_thread_for(identity(), question_id)
    messages = thread.question.messages
    answers = [m.text for m in messages if m.from_instructor]
    form = FaqForm(
        formdata=None,
        question=" ".join(messages[0].text.split())[:300],
        answer=answers[-1] if answers else "",
        intent=uuid4().hex,
    )
    return _form_page(form, thread)


@bp.post("/instructor/questions/<int:question_id>/faq")
@commits
def create_faq_entry(question_id: int) -> ResponseReturnValue:
    thread = learner_questions.get_thread_for(identity(), question_id)
    form = FaqForm()
    if not form.validate_on_submit():
        return _form_page(form, thread, 422)
    faq.add_entry(thread.question.course_id, form.typed(), actor(), clock.now())
    flash("The entry stands on the course page now.", "success")
    return see_other(url_for("instructor.list_faq_entries"))


@bp.get("/instructor/faq")
def list_faq_entries() -> ResponseReturnValue:
    return render_template("instructor/faq.html", lines=faq.list_entries_for(identity()))


@bp.get("/instructor/faq/<int:entry_id>")
def show_faq_entry(entry_id: int) -> ResponseReturnValue:
    line = faq.get_entry_for(identity(), entry_id)
    return _entry_page(remember(_present(line)), line)


@bp.post("/instructor/faq/<int:entry_id>")
@commits
def save_faq_entry(entry_id: int) -> ResponseReturnValue:
    line = faq.get_entry_for(identity(), entry_id)
    form = FaqForm()
    if not form.validate_on_submit() or is_stale(form, _present(line)):
        return _entry_page(form, line, 422)
    faq.change_entry(line.entry, form.typed(), actor(), clock.now())
    flash("Saved.")
    return see_other(url_for("instructor.list_faq_entries"))


@bp.post("/instructor/faq/<int:entry_id>/removed")
@commits
def remove_faq_entry(entry_id: int) -> ResponseReturnValue:
    line = faq.get_entry_for(identity(), entry_id)
    faq.remove_entry(line.entry, actor(), clock.now())
    flash("The entry is taken off the course page.")
    return see_other(url_for("instructor.list_faq_entries"))


def _present(line: EntryLine) -> FaqForm:
    return FaqForm(formdata=None, question=line.entry.question, answer=line.entry.answer)


def _form_page(form: FaqForm, thread: Thread, status: int = 200) -> ResponseReturnValue:
    action = url_for("instructor.create_faq_entry", question_id=thread.question.id)
    return page(
        "instructor/faq_entry.html",
        status,
        form=form,
        action=action,
        course=thread.outline.title,
        is_new=True,
    )


def _entry_page(form: FaqForm, line: EntryLine, status: int = 200) -> ResponseReturnValue:
    action = url_for("instructor.save_faq_entry", entry_id=line.entry.id)
    return page(
        "instructor/faq_entry.html",
        status,
        form=form,
        action=action,
        course=line.course,
        is_new=False,
    )
