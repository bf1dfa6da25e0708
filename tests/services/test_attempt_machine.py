"""A learner with two devices does what they like, in any order: the attempt holds together.

Hypothesis makes up the order of loads, saves, old pages from the Back button, refreshes,
submissions, retries, extra time, rulings and the passing of time; a model says what must be so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

import clock
from domain import grading, responses
from domain.post_test_rules import PostTestRules
from domain.refusals import Conflict
from extensions import db
from models import Accommodation, Answer, Attempt, AttemptQuestion, Grade, QuestionRuling
from services import answers, attempts, deadlines, grades, rulings
from services.answers import Conflicting, Saved, Sent, TooLate
from services.audit import Actor
from services.enrollments import Study
from services.progress import get_progress
from tests.effort import examples
from tests.factories import complete_items, make_administrator, make_enrollment, make_person
from tests.right_answers import Drawn, fields_for, list_drawn
from tests.variants import LIMIT, publish_variant

DEVICES = st.sampled_from(["desk", "phone"])
POSITIONS = st.integers(1, 3)
MINUTE = timedelta(minutes=1)


@dataclass
class Page:
    """A question's page as a device has it: its name, the revision it showed, its own counter."""

    name: str
    based_on: int
    sequence: int = 0


@dataclass
class Kept:
    """What the model says is kept of an answer."""

    response: dict[str, Any]
    page: str
    sequence: int
    revision: int


class Learner(RuleBasedStateMachine):
    """One learner, two devices, one post-test: three questions, thirty minutes, three attempts."""

    study: Study
    carol: Actor

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = db.session.begin_nested()
        self.now: datetime = clock.now()
        self.attempt: Attempt | None = None
        self.drawn: list[Drawn] = []
        self.pages: dict[tuple[str, int], list[Page]] = {}
        self.model: dict[int, Kept] = {}
        self.void: set[int] = set()
        self.latest_deadline: datetime | None = None
        self.logs: dict[int, list[tuple[int, bool]]] = {}
        self.passed_at: datetime | None = None
        self.count = 0

    def teardown(self) -> None:
        self.savepoint.rollback()
        db.session.expire_all()

    # What the learner does.

    @initialize()
    def begin(self) -> None:
        self.start(number=1)

    @rule()
    def retry(self) -> None:
        """Press Start, or Try again, once more: an open attempt comes back as it is."""
        self.start(number=None)

    def start(self, number: int | None) -> None:
        try:
            opened = attempts.open_attempt(
                self.study, 1, self.now, number=number, chance=Random(self.count)
            )
        except Conflict:
            progress = get_progress(self.study.enrollment.id)
            test_id = self.study.outline.units[0].post_test_id
            assert self.passed_at or progress.count_attempts_left(test_id, 3) == 0
            return
        if self.attempt is not None and opened.id == self.attempt.id:
            return
        assert self.attempt is None or self.is_closed
        self.attempt, self.drawn = opened, list_drawn(opened.id)
        self.pages, self.model, self.latest_deadline = {}, {}, None
        assert not {q.question_id for q in self.drawn} & self.void, "a void question was drawn"

    @rule(device=DEVICES, position=POSITIONS)
    def load(self, device: str, position: int) -> None:
        """Open a question, or refresh it: the page shows what is kept."""
        if self.is_closed or position > len(self.drawn):
            return
        assert self.attempt is not None
        shown = answers.get_question(self.attempt.id, position)
        kept = self.model.get(position)
        assert shown.revision == (kept.revision if kept else 0)
        self.count += 1
        page = Page(f"{self.count:016x}", shown.revision)
        self.pages.setdefault((device, position), []).append(page)

    @rule(device=DEVICES, position=POSITIONS, right=st.booleans(), early=st.booleans())
    def save(self, device: str, position: int, right: bool, early: bool) -> None:
        """Save from the page that is open: by a button, or early by the page itself."""
        self.send(self.pages.get((device, position), [])[-1:], position, right, early)

    @rule(device=DEVICES, position=POSITIONS, right=st.booleans())
    def go_back_and_save(self, device: str, position: int, right: bool) -> None:
        """Save from a page that the Back button brought up again, as it was long ago."""
        self.send(self.pages.get((device, position), [])[:1], position, right, early=False)

    def send(self, pages: list[Page], position: int, right: bool, early: bool) -> None:
        if not pages or self.attempt is None:
            return
        page = pages[0]
        page.sequence += 1
        fields = fields_for(self.drawn[position - 1], right=right)
        sent = Sent(fields, page.name, page.based_on, page.sequence, is_deliberate=not early)
        person_id = self.study.enrollment.person_id
        outcome = answers.save_answer(person_id, self.attempt.id, position, sent, self.now)
        self.check(outcome, page, position, right)

    def check(self, outcome: object, page: Page, position: int, right: bool) -> None:
        """Only a page that did not see another page's answer, and differs from it, is asked."""
        kept = self.model.get(position)
        if self.is_over:
            assert isinstance(outcome, TooLate)
            return
        response = _response(self.drawn[position - 1], right)
        knows = kept is None or kept.page == page.name or kept.revision <= page.based_on
        if not knows and kept is not None and kept.response != response:
            assert isinstance(outcome, Conflicting)
            assert outcome.revision == kept.revision
            return
        assert isinstance(outcome, Saved)
        if knows:
            revision = kept.revision + 1 if kept else 1
            self.model[position] = Kept(response, page.name, page.sequence, revision)

    @rule()
    def submit(self) -> None:
        if self.attempt is None:
            return
        was_closed = self.is_closed
        grade = attempts.submit_attempt(self.own, self.now)
        assert was_closed or grade.earned == self.expected_points
        self.note_close("learner")

    # What happens.

    @rule(minutes=st.integers(1, 25))
    def time_passes(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    @rule()
    def sweep(self) -> None:
        deadlines.close_overdue(self.now)
        self.note_close("deadline")

    @rule(percent=st.sampled_from([125, 150, 200]))
    def grant_extra_time(self, percent: int) -> None:
        row = Accommodation(
            person_id=self.study.enrollment.person_id, time_percent=percent, granted_at=self.now
        )
        db.session.add(row)
        db.session.flush()

    @rule()
    def end_extra_time(self) -> None:
        for row in db.session.scalars(select(Accommodation)):
            row.ended_at = row.ended_at or self.now
        db.session.flush()

    @precondition(lambda self: len(self.void) < 1)
    @rule(position=POSITIONS)
    def void_a_question(self, position: int) -> None:
        question_id = self.drawn[position - 1].question_id
        ruling = rulings.void_question(question_id, "A test voids it.", self.carol, self.now)
        self.void.add(question_id)
        _regrade_in_this_transaction(ruling, self.now)
        self.note_passes()

    # What must be so.

    @invariant()
    def answers_are_those_of_the_model(self) -> None:
        if self.attempt is None:
            return
        rows = db.session.scalars(
            select(Answer)
            .where(Answer.attempt_id == self.attempt.id)
            .execution_options(populate_existing=True)
        )
        kept = {row.position: (row.response, row.revision) for row in rows}
        assert kept == {p: (one.response, one.revision) for p, one in self.model.items()}

    @invariant()
    def at_most_one_attempt_is_open(self) -> None:
        rows = db.session.scalars(select(Attempt.submitted_at)).all()
        assert sum(at is None for at in rows) <= 1
        assert len(rows) <= 3

    @invariant()
    def the_deadline_never_comes_nearer(self) -> None:
        if self.attempt is None or self.is_closed:
            return
        deadline = deadlines.find_deadline_of(self.attempt, self.study, self.now)
        assert deadline is not None
        assert self.latest_deadline is None or deadline >= self.latest_deadline
        self.latest_deadline = deadline

    @invariant()
    def grades_are_a_log_and_no_pass_is_lost(self) -> None:
        found: dict[int, list[tuple[int, bool]]] = {}
        for row in db.session.scalars(select(Grade).order_by(Grade.attempt_id, Grade.number)):
            lines = found.setdefault(row.attempt_id, [])
            assert row.number == len(lines) + 1
            assert not lines or row.passed or not lines[-1][1], "a pass was withdrawn"
            lines.append((row.earned, row.passed))
        for attempt_id, lines in self.logs.items():
            assert found[attempt_id][: len(lines)] == lines, "a line of the log has changed"
        self.logs = found
        self.note_passes()

    @invariant()
    def a_failed_result_tells_nothing_of_the_key(self) -> None:
        if self.attempt is None or not self.is_closed:
            return
        result = grades.get_result(self.own.attempt, PostTestRules())
        assert bool(result.questions) == result.grade.passed

    # Helpers.

    @property
    def own(self) -> attempts.AttemptInCourse:
        assert self.attempt is not None
        return attempts.get_attempt_for(self.study.enrollment.person_id, self.attempt.id)

    @property
    def is_closed(self) -> bool:
        return self.attempt is None or self.own.attempt.submitted_at is not None

    @property
    def is_over(self) -> bool:
        """Closed, or past its deadline although nobody has closed it yet."""
        return self.is_closed or deadlines.is_overdue(self.own, self.now)

    @property
    def expected_points(self) -> int:
        return sum(
            grading.FULL
            if drawn.question_id in self.void
            else grading.grade(
                drawn.kind,
                drawn.body,
                kept.response if (kept := self.model.get(drawn.position)) else None,
            )
            for drawn in self.drawn
        )

    def note_close(self, by: str) -> None:
        if self.attempt is not None and self.is_closed:
            grade = grades.get_grade(self.attempt.id)
            assert grade.earned == self.expected_points
            self.note_passes()

    def note_passes(self) -> None:
        """The first pass stays where it is: at the submission that passed."""
        test_id = self.study.outline.units[0].post_test_id
        standing = get_progress(self.study.enrollment.id).tests.get(test_id)
        passed_at = standing.passed_at if standing else None
        assert self.passed_at is None or (passed_at is not None and passed_at <= self.passed_at)
        self.passed_at = passed_at


def _response(drawn: Drawn, right: bool) -> dict[str, Any]:
    fields = fields_for(drawn, right=right)
    typed = responses.read_fields(drawn.kind, fields)
    return responses.to_response(drawn.kind, drawn.body, drawn.order, typed)


def _regrade_in_this_transaction(ruling: QuestionRuling, now: datetime) -> None:
    """What the worker does, without its commits."""
    ids = db.session.scalars(
        select(Attempt.id)
        .join(AttemptQuestion, AttemptQuestion.attempt_id == Attempt.id)
        .where(AttemptQuestion.question_id == ruling.question_id, Attempt.submitted_at.is_not(None))
    ).all()
    for attempt_id in ids:
        grades.regrade(db.session.get_one(Attempt, attempt_id), rulings.VOIDED, now, ruling.id)


@pytest.fixture
def machine(context: Flask, tmp_path: Path) -> Callable[[], Learner]:
    study = make_enrollment(make_person(), publish_variant(tmp_path, "timed-course", LIMIT))
    complete_items(study, unit=1)
    carol = Actor(make_administrator().id, "request")
    return type("LearnerHere", (Learner,), {"study": study, "carol": carol})


def test_whatever_a_learner_does_with_two_devices_the_attempt_holds(
    machine: Callable[[], Learner],
) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples(quick=8, full=400),
            stateful_step_count=examples(quick=25, full=50),
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
