"""Item analysis: what the answers tell about the questions, as pages and as CSV."""

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.csv_file import csv_file
from blueprints.http import identity
from blueprints.instructor import analysis_rows as rows
from blueprints.instructor.views import bp
from blueprints.post_tests.wording import as_html
from domain.numerals import read_whole_number
from domain.refusals import NotFound
from services import item_analysis
from services.instructed_courses import InstructedEdition, get_edition_for
from services.item_analysis import QuestionAnalysis


@bp.get("/instructor/courses/<slug>/analysis")
def show_analysis(slug: str) -> ResponseReturnValue:
    found = _edition(slug)
    analysis = item_analysis.analyze_edition(found.outline)
    return render_template(
        "instructor/analysis.html",
        outline=found.outline,
        numbers=found.numbers,
        is_current=read_whole_number(request.args.get("edition", "")) is None,
        analysis=analysis,
        flagged=[(_address(found, one), one) for one in analysis.questions if one.analysis.flags],
        units=[
            (unit, _bars(found, unit.number, analysis), _rows(found, unit.number, analysis))
            for unit in found.outline.units
        ],
        objective_bars=[rows.objective_bar(one) for one in analysis.objectives],
        objectives=[rows.objective_row(one) for one in analysis.objectives],
    )


@bp.get("/instructor/courses/<slug>/analysis/<part>.csv")
def download_analysis(slug: str, part: str) -> ResponseReturnValue:
    found = _edition(slug)
    if part not in rows.CSV_HEADS:
        abort(404)
    analysis = item_analysis.analyze_edition(found.outline)
    name = f"{slug}-edition-{found.outline.edition_number}-{part}"
    return csv_file(name, rows.CSV_HEADS[part], rows.csv_rows(part, analysis))


@bp.get("/instructor/courses/<slug>/analysis/<int:question_id>")
def show_question_analysis(slug: str, question_id: int) -> ResponseReturnValue:
    found = _edition(slug)
    analysis = item_analysis.analyze_edition(found.outline)
    wanted = (one for one in analysis.questions if one.question.id == question_id)
    one = next(wanted, None)
    if one is None:
        raise NotFound("This edition has no such question.")
    return render_template(
        "instructor/question.html",
        outline=found.outline,
        is_current=read_whole_number(request.args.get("edition", "")) is None,
        one=one,
        stem=as_html(one.question.stem_html),
        rationale=as_html(one.question.rationale_html),
        objective=found.outline.objectives[one.question.objective - 1],
        figures=rows.figures(one.analysis),
        bars=rows.answer_bars(one),
        answer_table=rows.answer_rows(one),
        kind=rows.KINDS[one.question.kind],
    )


def _edition(slug: str) -> InstructedEdition:
    return get_edition_for(identity(), slug, read_whole_number(request.args.get("edition", "")))


def _address(found: InstructedEdition, one: QuestionAnalysis) -> str:
    return url_for(
        "instructor.show_question_analysis",
        slug=found.outline.slug,
        question_id=one.question.id,
        edition=request.args.get("edition") or None,
    )


def _of_unit(unit: int, analysis: item_analysis.EditionAnalysis) -> list[QuestionAnalysis]:
    return [one for one in analysis.questions if one.unit_number == unit]


def _bars(found: InstructedEdition, unit: int, analysis: item_analysis.EditionAnalysis) -> object:
    return [rows.facility_bar(one) for one in _of_unit(unit, analysis) if one.analysis.answers]


def _rows(found: InstructedEdition, unit: int, analysis: item_analysis.EditionAnalysis) -> object:
    return [rows.question_row(one, _address(found, one)) for one in _of_unit(unit, analysis)]
