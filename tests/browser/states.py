"""The product in its states: who sees which pages, empty, full, and with errors."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

import clock
from commands.demonstration import KEY, PASSWORD, REFERENCE_COURSE
from domain.bulk_list import read_list
from domain.outline import Outline
from extensions import db
from models import Certificate, LearnerQuestion, Person
from services import (
    attempts,
    board_rosters,
    bulk_lists,
    certification,
    editions,
    enrollments,
    evaluations,
    look_drafts,
    problems,
)
from services.audit import Actor
from services.enrollments import Study
from services.look_drafts import Wanted
from services.problems import Typed
from services.progress import get_progress
from tests.browser import post_test_states
from tests.browser.agency_states import prepare_agency
from tests.browser.conftest import Center
from tests.browser.corrections import correct_the_course
from tests.browser.order_states import add_orders
from tests.browser.report_states import add_reports
from tests.browser.time_states import add_time
from tests.factories import complete_items, make_license, make_person

ANYWHERE = ("", "visitor")
HOME = f"/learn/{REFERENCE_COURSE}"


@dataclass(frozen=True)
class Seen:
    """Pages by the e-mail address of who sees them ('' is a visitor)."""

    pages: dict[str, list[str]]
    passwords: dict[str, str]


def prepare_states(center: Center) -> Seen:
    """Make learners half-way, ready to evaluate, ready to attest and certified."""
    from tests.factories import PASSWORD as MADE

    with center.app.app_context():
        correct_the_course(center)
        outline = editions.get_current_outline(REFERENCE_COURSE)
        pages = {
            "": _visitor_pages(),
            "half@example.org": _half_way(outline),
            "evaluates@example.org": _evaluates(outline),
            "attests@example.org": _attests(outline),
            "certified@example.org": _certified(center, outline),
        }
        post_test_states.learned(outline)
        pages["stuck@example.org"] = post_test_states.used_up(outline)
        with TemporaryDirectory() as folder:
            media = center.settings.media_folder
            pages["timed@example.org"] = post_test_states.timed(media, Path(folder))
        about_tests = post_test_states.for_administrators(outline)
        analysis = post_test_states.for_instructors(outline)
        _ask_question()
        about_time = _about_time()
        about_reports = add_reports()
        about_people = _about_people()
        typed = Typed("problem", "The captions lag.", "/", "vera@example.org", "one")
        problems.report(typed, None, center.url, clock.now())
        of_agency = prepare_agency(center.url)
        of_orders, about_orders = add_orders(outline, center.url)
        db.session.commit()
        thread = db.session.scalars(select(LearnerQuestion.id)).first()
        code = db.session.scalars(select(Certificate.verification_code)).first()
        number = db.session.scalars(select(Certificate.number)).first()
        roster = _make_roster()
        look = _propose_look()
        db.session.remove()
    pages[""].append(f"/v/{code}")
    for email, paths in of_orders.items():
        pages[email] = [*pages.get(email, []), *paths]
    pages["bob@example.org"] = [
        "/instructor",
        f"/instructor/questions/{thread}",
        f"/instructor/questions/{thread}/faq",
        "/instructor/on-time",
        f"/instructor/courses/{REFERENCE_COURSE}/evaluation",
        "/instructor/faq",
        *analysis,
    ]
    pages["carol@example.org"] = [
        "/admin",
        *about_people,
        "/admin/courses",
        "/admin/jobs",
        "/admin/problems",
        "/admin/problems/1",
        "/admin/provider",
        "/admin/provider/look",
        f"/admin/provider/look?draft={look}",
        f"/admin/provider/look/drafts/{look}",
        f"/admin/courses/{REFERENCE_COURSE}/versions",
        f"/admin/courses/publishing?folder={REFERENCE_COURSE}",
        "/admin/keys",
        "/admin/audit",
        "/admin/certificates",
        "/admin/certificates?q=nobody",
        f"/admin/certificates/{number}",
        "/admin/approvals",
        "/admin/approvals/new?body=naadac",
        "/admin/approvals/new?renews=demo-psych",
        "/admin/approvals/demo-psych",
        "/admin/bodies/naadac",
        f"/admin/courses/{REFERENCE_COURSE}/credit",
        "/admin/rosters",
        f"/admin/rosters/{roster}",
        "/admin/reviewers",
        f"/review/{REFERENCE_COURSE}",
        f"/review/{REFERENCE_COURSE}/units/1/post-test",
        f"/review/{REFERENCE_COURSE}/evaluation",
        "/admin/accommodations",
        *about_time,
        *about_reports,
        *about_tests,
        *about_orders,
    ]
    for email, paths in of_agency.items():
        pages.setdefault(email, []).extend(paths)
    staff = {"bob@example.org": PASSWORD, "carol@example.org": PASSWORD}
    return Seen(pages, {email: staff.get(email, MADE) for email in pages})


def _about_people() -> list[str]:
    """The panel's pages about a learner who has everything."""
    with_everything = select(Person.id).where(Person.email == "certified@example.org")
    person_id = db.session.scalars(with_everything).one()
    enrollment = enrollments.get_study_for(person_id, REFERENCE_COURSE).enrollment.id
    person = f"/admin/people/{person_id}"
    acts = ("profile", "roles", "licenses", "deactivation", "enrollment", "accommodation")
    return [
        "/admin/people",
        "/admin/people?q=nobody",
        person,
        *(f"{person}/{act}" for act in acts),
        "/admin/enrollments",
        f"/admin/enrollments/{enrollment}",
        "/admin/enrollments/list",
        f"/admin/enrollments/list/{_make_list()}",
    ]


def _make_list() -> int:
    """A list of people that waits for its confirmation."""
    text = "Nora New, nora@example.org\nHanna, half@example.org\nNo address,"
    director = db.session.scalars(select(Person.id).where(Person.email == "carol@example.org"))
    actor = Actor(director.one(), "states")
    lines = read_list(text)
    return bulk_lists.make_list(REFERENCE_COURSE, lines, "Contract", "one", actor, clock.now()).id


def _about_time() -> list[str]:
    """Gives the learner who is half-way a time record; the administrator's pages about it."""
    person_id = db.session.scalars(
        select(Person.id).where(Person.email == "half@example.org")
    ).one()
    return add_time(enrollments.get_study_for(person_id, REFERENCE_COURSE))


def _visitor_pages() -> list[str]:
    return [
        "/",
        "/?q=alliance&hours=4",
        "/?q=zzzz",
        f"/courses/{REFERENCE_COURSE}?profession=Social+worker&state=Pennsylvania",
        f"/courses/{REFERENCE_COURSE}/preview",
        "/policies",
        "/report-a-problem",
        "/report-a-problem/sent",
        "/policies/accommodations",
        "/register",
        "/login",
        "/password-reset",
        "/password-reset/sent",
        "/verify",
        "/time-panel",
        "/no-such-page",
    ]


def _half_way(outline: Outline) -> list[str]:
    """In unit 1: everything is read, one attempt failed, the next one is open."""
    study = _enroll(outline, make_person("half@example.org", "Hanna Halfway"))
    complete_items(study, unit=1)
    db.session.commit()
    failed = attempts.open_attempt(study, 1, clock.now())
    own = attempts.get_attempt_for(study.enrollment.person_id, failed.id)
    attempts.submit_attempt(own, clock.now())
    again = attempts.open_attempt(study, 1, clock.now())
    db.session.commit()
    items = [f"{HOME}/units/1/{item.slug}" for item in outline.units[0].items]
    questions = [f"/attempts/{again.id}/questions/{n}" for n in range(1, outline.units[0].draw + 1)]
    return [
        "/learn",
        HOME,
        *items,
        f"{HOME}/units/1/post-test",
        *questions,
        f"/attempts/{again.id}/review",
        f"/attempts/{failed.id}/result",
        f"{HOME}/time",
        f"{HOME}/questions",
        "/account",
        "/account/licenses",
        "/account/sessions",
        "/account/accommodations",
        "/account/data",
        "/account/erasure",
        "/certificates",
        "/courses/finding-your-way-around-this-learning-center/enrollment",
    ]


def _evaluates(outline: Outline) -> list[str]:
    study = _pass_everything(outline, make_person("evaluates@example.org", "Eva Evaluates"))
    rest = [item for unit in outline.units[1:] for item in unit.items]
    items = [f"{HOME}/units/{item.unit_number}/{item.slug}" for item in rest]
    done = get_progress(study.enrollment.id).tests[outline.units[0].post_test_id]
    return [HOME, *items, f"{HOME}/evaluation", f"/attempts/{done.passed_attempt_id}/result"]


def _attests(outline: Outline) -> list[str]:
    person = make_person("attests@example.org", "Anton Attests")
    make_license(person, "SW-7")
    study = _pass_everything(outline, person)
    _evaluate(study)
    return [HOME, f"{HOME}/completion"]


def _certified(center: Center, outline: Outline) -> list[str]:
    person = make_person("certified@example.org", "Cora Certified")
    make_license(person, "SW-8")
    study = _pass_everything(outline, person)
    _evaluate(study)
    issued = certification.issue_certificate(study, person.name_on_license, center.url, clock.now())
    db.session.commit()
    return [
        "/learn",
        HOME,
        f"/certificates/{issued.number}",
        "/certificates",
        "/certificates?year=1999",
        f"/account/licenses/{person.licenses[0].id}/renewal",
        f"/courses/{REFERENCE_COURSE}/enrollment",
    ]


def _make_roster() -> int:
    carol = db.session.scalars(select(Person.id).where(Person.email == "carol@example.org")).one()
    roster = board_rosters.make_roster(
        "demo-sw", date(2020, 1, 1), "states", Actor(carol, ""), clock.now()
    )
    db.session.commit()
    return roster.id


def _propose_look() -> str:
    """A look of certificates that waits to be kept."""
    wide = (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 9"><path d="M0 0h60v9z"/></svg>'
    )
    wanted = Wanted("#7a1f2b", "a4", {"logo": wide, "signature": b""})
    look_drafts.save_draft("c" * 32, wanted, clock.now())
    db.session.commit()
    return "c" * 32


def _enroll(outline: Outline, person: Person) -> Study:
    enrollment = enrollments.enroll(person.id, outline, KEY, clock.now())
    db.session.commit()
    return Study(enrollment, outline)


def _pass_everything(outline: Outline, person: Person) -> Study:
    from tests.browser.answers import answer_rightly

    study = _enroll(outline, person)
    for unit in outline.units:
        complete_items(study, unit=unit.number)
        db.session.commit()
        attempt = attempts.open_attempt(study, unit.number, clock.now())
        answer_rightly(attempt.id)
        own = attempts.get_attempt_for(study.enrollment.person_id, attempt.id)
        attempts.submit_attempt(own, clock.now())
        db.session.commit()
    return study


def _evaluate(study: Study) -> None:
    evaluations.submit_evaluation(
        study, get_progress(study.enrollment.id), {"comments": "Clear."}, clock.now()
    )
    db.session.commit()


def _ask_question() -> None:
    person_id = db.session.scalars(
        select(Person.id).where(Person.email == "half@example.org")
    ).one()
    enrollment = enrollments.get_study_for(person_id, REFERENCE_COURSE).enrollment
    now = clock.now()
    from datetime import timedelta

    from models import Message

    question = LearnerQuestion(
        enrollment_id=enrollment.id,
        course_id=enrollment.course_id,
        asked_at=now,
        due_at=now + timedelta(hours=48),
    )
    db.session.add(question)
    db.session.flush()
    db.session.add(
        Message(
            question_id=question.id,
            author_id=person_id,
            from_instructor=False,
            text="How can I keep the alliance with two parents who disagree?",
            sent_at=now,
        )
    )
    db.session.flush()
