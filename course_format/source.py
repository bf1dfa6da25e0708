"""What a course is once it has been read: frozen values, free of files and databases.

Minutes are whole minutes, `duration` is in seconds, money is a `Decimal`, dates are calendar days.
Texts named `body`, `about`, `faq`, `intro`, `stem`, `rationale`, `feedback`, `prompt` and the text
of a choice are Markdown; `course_format.markdown.render` turns them into HTML.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

ItemKind = Literal["webinar", "video", "audio", "reading", "handout", "link"]
QuestionKind = Literal["single", "multiple", "short", "number", "matching", "ordering"]
EvaluationKind = Literal["scale", "choice", "text"]
Level = Literal["Beginning", "Intermediate", "Advanced"]
EnrollmentWay = Literal["free", "order", "key"]
UnitOrder = Literal["units", "any"]
FeedbackNotPassed = Literal["objectives", "score"]
FeedbackAfterPass = Literal["rationales", "answers", "score"]
Severity = Literal["error", "warning", "note"]

SCALE_WORDS = ("Not at all", "A little", "Moderately", "Well", "Very well")
"""The words of an evaluation's scale, for 1 to 5."""

OBJECTIVES_QUESTION = "objectives"
"""Id of the evaluation question that is asked once for each learning objective."""


@dataclass(frozen=True, slots=True)
class Instructor:
    """A person who made or teaches the course."""

    name: str
    credentials: str
    bio: str


@dataclass(frozen=True, slots=True)
class Media:
    """A recording and all that belongs to it. Paths are relative to the course folder.

    `duration` is in seconds, of the file itself. `transcript_text` is Markdown. An `excerpt` is
    shorter than the item's declared minutes; only a demonstration course may hold one.
    """

    path: str
    duration: int
    captions: str
    transcript: str
    transcript_text: str
    chapters: str | None
    poster: str | None
    poster_alt: str | None
    excerpt: bool


@dataclass(frozen=True, slots=True)
class Item:
    """The unit of progress. `origin` is the publication a reading belongs to.

    `objectives` are the numbers of the learning objectives it teaches; empty where not said.
    """

    slug: str
    title: str
    kind: ItemKind
    minutes: int
    required: bool
    origin: str | None
    body: str
    media: Media | None
    file: str | None
    url: str | None
    objectives: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a single or multiple choice question; `weight` is in percent of the point."""

    text: str
    correct: bool
    weight: int | None
    feedback: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair of a matching question; without `left`, `right` is a distractor."""

    left: str | None
    right: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a pool. Fields that its kind does not use are empty or None.

    True/false is kind `single`. `accepted` may use `*` for any run of characters (`\\*` is an
    asterisk). `order` is in the right order. `objective` counts from 1.
    """

    id: str
    objective: int
    kind: QuestionKind
    stem: str
    choices: tuple[Choice, ...]
    accepted: tuple[str, ...]
    case_sensitive: bool
    number: Decimal | None
    tolerance: Decimal | None
    pairs: tuple[Pair, ...]
    order: tuple[str, ...]
    rationale: str


@dataclass(frozen=True, slots=True)
class PostTest:
    """The pool of a unit; an attempt draws `draw` questions from it."""

    title: str
    draw: int
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A numbered part of the course, with its items in order and its post-test."""

    number: int
    title: str
    minutes: int
    items: tuple[Item, ...]
    post_test: PostTest


@dataclass(frozen=True, slots=True)
class EvaluationQuestion:
    """One question of the evaluation. A scale runs from 1 to 5, see `SCALE_WORDS`."""

    id: str
    kind: EvaluationKind
    prompt: str
    options: tuple[str, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The form in which the learner rates the course."""

    title: str
    intro: str
    questions: tuple[EvaluationQuestion, ...]


@dataclass(frozen=True, slots=True)
class TestRules:
    """How post-tests are taken. `time_limit_minutes` is None where they are untimed.

    Feedback: what a learner sees of an attempt that was not passed (the objectives to review, or
    the score alone), and of one that was (right answers with rationales, without, or the score).
    """

    __test__ = False

    time_limit_minutes: int | None = None
    time_limit_reason: str = ""
    retry_after_hours: int = 0
    feedback_not_passed: FeedbackNotPassed = "objectives"
    feedback_passed: FeedbackAfterPass = "rationales"


@dataclass(frozen=True, slots=True)
class CompletionRules:
    """What completes the course: pass mark in percent, attempts per post-test, order of study.

    `minimum_percent` is the share of the declared minutes that must be recorded, or None where
    the minimum time is advisory. `counts_declared`: study away from the screen counts toward it,
    as the learner declares it.
    """

    pass_mark: int
    attempts: int
    order: UnitOrder
    minimum_percent: int | None
    post_tests: TestRules = TestRules()
    counts_declared: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """A whole course. `approvals` are ids in `provider.yaml`; `objectives` are numbered from 1."""

    code: str
    slug: str
    title: str
    summary: str
    about: str
    faq: str
    level: Level
    audience: str
    format: str
    demonstration: bool
    price: Decimal
    currency: str
    enrollment: tuple[EnrollmentWay, ...]
    instructors: tuple[Instructor, ...]
    objectives: tuple[str, ...]
    units: tuple[Unit, ...]
    assessment_minutes: int
    completion: CompletionRules
    access_days: int
    released: date
    reviewed: date
    expires: date
    approvals: tuple[str, ...]
    categories: tuple[str, ...]
    references: tuple[str, ...]
    conflicts: str
    commercial_support: str
    system_requirements: str
    content_notes: str
    not_accepted_in: str
    evaluation: Evaluation

    @property
    def total_minutes(self) -> int:
        """Minutes of all units, post-tests and evaluation together."""
        return sum(unit.minutes for unit in self.units) + self.assessment_minutes


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a course.

    `path` is relative to the folder that was read; `line` counts from 1, and is 0 where the fault
    concerns the whole file. Only an `error` keeps a course from being published.
    """

    path: str
    line: int
    severity: Severity
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.severity}: {self.message}"
