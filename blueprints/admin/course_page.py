"""One course in the panel: its editions and revisions, archiving; publishing from the server."""

from collections import Counter

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from blueprints.admin.views import bp
from blueprints.http import actor, commit_before_slow_work, commits, page, see_other, settings
from domain.wording import day, money
from services import course_care, editions
from services.publishing import FaultyCourse

COURSE = "/admin/courses/<slug>"
WAYS = {"free": "Free of charge", "key": "By key", "order": "By order"}
ORDERS = {"units": "Units in order", "any": "Any order"}


@bp.get("/admin/courses/<slug>/versions")
def show_course(slug: str) -> ResponseReturnValue:
    course = editions.get_course(slug)
    assert course.current_edition_id is not None
    outline = editions.get_outline(course.current_edition_id)
    return render_template(
        "admin/course.html",
        course=course,
        outline=outline,
        price=money(outline.price_cents, outline.currency),
        expires=day(outline.expires),
        order=ORDERS.get(str(outline.facts.get("completion", {}).get("order")), "Units in order"),
        ways=", ".join(WAYS.get(way, way) for way in outline.facts["enrollment"]),
        editions=course_care.list_editions(course),
        instructors=course_care.list_instructors(course.id),
    )


@bp.get(f"{COURSE}/editions/<int:number>")
def show_edition(slug: str, number: int) -> ResponseReturnValue:
    """What an edition changed from the one before."""
    course = editions.get_course(slug)
    edition, changes = course_care.list_differences(course, number)
    return render_template("admin/edition.html", course=course, edition=edition, changes=changes)


@bp.post(f"{COURSE}/archived")
@commits
def archive_course(slug: str) -> ResponseReturnValue:
    course_care.set_archived(slug, True, actor(), clock.now())
    flash("The course is archived: nobody enrolls any more, and who is enrolled goes on.")
    return see_other(url_for("admin.show_course", slug=slug))


@bp.post(f"{COURSE}/restored")
@commits
def restore_course(slug: str) -> ResponseReturnValue:
    course_care.set_archived(slug, False, actor(), clock.now())
    flash("The course is offered again.", "success")
    return see_other(url_for("admin.show_course", slug=slug))


@bp.get("/admin/courses/publishing")
def show_publishing() -> ResponseReturnValue:
    """The folders on the server; with ?folder= the report of its check."""
    name = request.args.get("folder", "")
    faults = course_care.check_folder(settings().content, name) if name else []
    return page(
        "admin/publishing.html",
        folders=course_care.list_folders(settings().content),
        place=settings().content,
        name=name,
        faults=faults,
        counts=Counter(fault.severity for fault in faults),
    )


@bp.post("/admin/courses/publishing/<name>")
@commits
def publish_folder(name: str) -> ResponseReturnValue:
    here = settings()
    try:
        outcome = course_care.publish_folder(
            here.content, name, here.media_folder, actor(), clock.now(), commit_before_slow_work
        )
    except FaultyCourse:
        flash("The folder has errors, so nothing is published.", "warning")
        return see_other(url_for("admin.show_publishing", folder=name))
    if outcome.is_new:
        flash(f"Edition {outcome.number} is published. New enrollments get it.", "success")
    else:
        flash(f"Nothing is new: this content is edition {outcome.number} already.")
    return see_other(url_for("admin.show_course", slug=name))
