"""The evaluation: a form built from the edition's own questions."""

from collections.abc import Sequence

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

import clock
from blueprints.http import commits, identity, see_other
from blueprints.player import signs
from domain.evaluation import Field, accepted_answers, find_problems, list_fields, list_groups
from services import evaluations
from services.enrollments import Study, get_study_for
from services.progress import get_progress

bp = Blueprint("evaluation", __name__)


@bp.get("/learn/<slug>/evaluation")
def show_evaluation(slug: str) -> ResponseReturnValue:
    """The form; its token says when it was opened, for the time that it takes."""
    study = get_study_for(identity().person_id, slug)
    progress = get_progress(study.enrollment.id)
    if progress.evaluated_at is not None:
        return see_other(url_for("certificates.show_completion", slug=slug))
    evaluations.refuse_closed(study, progress)
    return _evaluation_page(study)


@bp.post("/learn/<slug>/evaluation")
@commits
def submit_evaluation(slug: str) -> ResponseReturnValue:
    study = get_study_for(identity().person_id, slug)
    progress = get_progress(study.enrollment.id)
    evaluations.refuse_closed(study, progress)
    fields = list_fields(study.outline)
    typed = {field.name: request.form.get(field.name, "") for field in fields}
    problems = find_problems(fields, typed)
    if problems:
        return _evaluation_page(study, typed, problems, 422)
    _finish_view(study, request.form.get("token", ""))
    answers = accepted_answers(fields, typed)
    evaluations.submit_evaluation(study, progress, answers, clock.now())
    return see_other(url_for("certificates.show_completion", slug=slug))


def _finish_view(study: Study, token: str) -> None:
    """Count the time of a page without scripts, since it was first opened."""
    if not token:
        return
    opened = signs.unseal(token, study.enrollment.person_id)
    if (opened.item_id, opened.enrollment_id) == (None, study.enrollment.id):
        view = signs.with_view(opened)
        evaluations.finish_view(study, view.page_view_id, clock.now())


def _evaluation_page(
    study: Study,
    typed: dict[str, str] | None = None,
    problems: Sequence[tuple[Field, str]] = (),
    status: int = 200,
) -> ResponseReturnValue:
    """The form. Shown again, its own token stays that of the first page."""
    time_signs = signs.open_evaluation(study, clock.now())
    evaluation = study.outline.evaluation
    return signs.study_page(
        "evaluation/evaluation.html",
        status,
        study=study,
        title=evaluation["title"],
        intro=Markup(evaluation["intro_html"]),  # noqa: S704 - sanitized at publishing
        groups=list_groups(study.outline),
        typed=typed or {},
        problems=[(_target(field), words) for field, words in problems],
        faults={field.name: _beside(field, words) for field, words in problems},
        time_signs=time_signs,
        token=request.form.get("token") or time_signs.token,
    )


def _beside(field: Field, words: str) -> str:
    """What is wrong, where the question stands right above and need not be repeated."""
    return words.replace(f": {field.label}", ".")


def _target(field: Field) -> str:
    """The id of the control that a problem is about: the text, or the first radio button."""
    return field.name if field.kind == "text" else f"{field.name}-1"
