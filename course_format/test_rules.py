"""What a course says of its post-tests: pass mark, attempts, time limit, waiting time, feedback."""

from course_format.fields import Fields
from course_format.source import FeedbackAfterPass, FeedbackNotPassed, TestRules

KEYS = (
    "time_limit",
    "time_limit_reason",
    "retry_after_hours",
    "feedback_not_passed",
    "feedback_passed",
)
NOT_PASSED: tuple[FeedbackNotPassed, ...] = ("objectives", "score")
PASSED: tuple[FeedbackAfterPass, ...] = ("rationales", "answers", "score")
LONGEST_LIMIT_MINUTES = 600
LONGEST_WAIT_HOURS = 24 * 30
LEAST_REASON = 20


def read_test_rules(part: Fields) -> TestRules:
    """Read the rules of the post-tests among those of completion; each may be left out."""
    return TestRules(
        time_limit_minutes=_time_limit(part),
        time_limit_reason=part.optional_text("time_limit_reason", 500) or "",
        retry_after_hours=_optional_whole(part, "retry_after_hours", LONGEST_WAIT_HOURS) or 0,
        feedback_not_passed=_not_passed(part),
        feedback_passed=_passed(part),
    )


def _time_limit(part: Fields) -> int | None:
    """Minutes; a limit stands only with its reason, since tests are untimed by default."""
    minutes = _optional_whole(part, "time_limit", LONGEST_LIMIT_MINUTES)
    reason = part.optional_text("time_limit_reason", 500) or ""
    if part.has("time_limit") and len(reason) < LEAST_REASON:
        part.wrong(
            "time_limit",
            "A time limit needs “time_limit_reason”: whose rule demands it, in a sentence that "
            "learners read. Post-tests are untimed otherwise.",
        )
    elif part.has("time_limit_reason") and not part.has("time_limit"):
        part.wrong("time_limit_reason", "There is a reason for a time limit, but no “time_limit”.")
    return minutes


def _optional_whole(part: Fields, key: str, highest: int) -> int | None:
    return (part.whole(key, 1, highest) or None) if part.has(key) else None


def _not_passed(part: Fields) -> FeedbackNotPassed:
    word = part.one_of("feedback_not_passed", NOT_PASSED) if part.has("feedback_not_passed") else ""
    return next((known for known in NOT_PASSED if known == word), "objectives")


def _passed(part: Fields) -> FeedbackAfterPass:
    word = part.one_of("feedback_passed", PASSED) if part.has("feedback_passed") else ""
    return next((known for known in PASSED if known == word), "rationales")
