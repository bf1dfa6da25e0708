"""The evaluation: a form built from the edition's own questions."""

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

import clock
from blueprints.http import commits, identity, page, see_other, writes_on_get
from blueprints.player import signs
from domain.evaluation import Field, fields_of, find_problems
from services import evaluations
from services.enrollments import Study, get_study_for
from services.progress import get_progress

bp = Blueprint("evaluation", __name__)


@bp.get("/learn/<slug>/evaluation")
@writes_on_get
@commits
def show_evaluation(slug: str) -> ResponseReturnValue:
    study = get_study_for(identity().person_id, slug)
    progress = get_progress(study.enrollment.id)
    if progress.evaluated_at is not None:
        return see_other(url_for("certificates.show_completion", slug=slug))
    evaluations.refuse_closed(study, progress)
    return _evaluation_page(study, {}, [])


@bp.post("/learn/<slug>/evaluation")
@commits
def submit_evaluation(slug: str) -> ResponseReturnValue:
    study = get_study_for(identity().person_id, slug)
    progress = get_progress(study.enrollment.id)
    fields = fields_of(study.outline)
    typed = {field.name: request.form.get(field.name, "")[:5000] for field in fields}
    problems = find_problems(fields, typed)
    if problems:
        return _evaluation_page(study, typed, problems, 422)
    answers: dict[str, Any] = {name: value for name, value in typed.items() if value}
    evaluations.submit_evaluation(study, progress, answers, clock.now())
    return see_other(url_for("certificates.show_completion", slug=slug))


def _evaluation_page(
    study: Study, typed: dict[str, str], problems: list[tuple[str, str]], status: int = 200
) -> ResponseReturnValue:
    return page(
        "evaluation/evaluation.html",
        status,
        study=study,
        evaluation=study.outline.evaluation,
        intro=Markup(study.outline.evaluation["intro_html"]),  # noqa: S704 - sanitized
        groups=_groups(fields_of(study.outline)),
        typed=typed,
        problems=[(_target(name, study), message) for name, message in problems],
        faulty={name: message for name, message in problems},
        time_signs=signs.open_evaluation(study, clock.now()) if status == 200 else None,
    )


def _groups(fields: list[Field]) -> list[tuple[Markup, list[Field]]]:
    """Fields under their question's prompt; a scale asked per objective has several fields."""
    groups: dict[str, list[Field]] = {}
    for field in fields:
        groups.setdefault(field.question_id, []).append(field)
    return [(Markup(some[0].prompt_html), some) for some in groups.values()]  # noqa: S704


def _target(name: str, study: Study) -> str:
    field = next(field for field in fields_of(study.outline) if field.name == name)
    return name if field.kind == "text" else f"{name}-0"
