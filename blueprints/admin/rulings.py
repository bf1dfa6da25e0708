"""Voiding a question: a ruling beside the immutable edition."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.accounts.forms import refuse
from blueprints.admin.post_test_forms import RulingForm
from blueprints.admin.views import bp
from blueprints.http import commits, identity, page, request_id, see_other
from blueprints.post_tests.wording import as_html
from domain import answer_words
from domain.refusals import Invalid
from services import rulings
from services.audit import Actor


@bp.get("/admin/questions/<int:question_id>/ruling")
def show_ruling(question_id: int) -> ResponseReturnValue:
    return _ruling_page(question_id, RulingForm(formdata=None))


@bp.post("/admin/questions/<int:question_id>/ruling")
@commits
def void_question(question_id: int) -> ResponseReturnValue:
    form = RulingForm()
    if not form.validate_on_submit():
        return _ruling_page(question_id, form, 422)
    actor = Actor(identity().person_id, request_id())
    try:
        rulings.void_question(question_id, form.reason.data, actor, clock.now())
    except Invalid as refusal:
        refuse(form, refusal.field, refusal.message)
        return _ruling_page(question_id, form, 422)
    flash(
        "The question is void. What it changes is being graded again, and those whose grade "
        "changes are told by mail.",
        "success",
    )
    return see_other(url_for("admin.show_ruling", question_id=question_id))


def _ruling_page(question_id: int, form: RulingForm, status: int = 200) -> ResponseReturnValue:
    found = rulings.get_published_question(question_id)
    question = found.question
    return page(
        "admin/ruling.html",
        status,
        found=found,
        form=form,
        stem=as_html(question.stem_html),
        right=answer_words.right(question.kind, question.body),
        rationale=as_html(question.rationale_html),
        objective=found.outline.objectives[question.objective - 1],
    )
