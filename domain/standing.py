"""How far a learner has come in one enrollment: values that rules and pages read."""

from dataclasses import dataclass
from datetime import datetime

from domain.minimum_time import ADVISORY, TimeStanding


@dataclass(frozen=True)
class TestStanding:
    """How a learner stands in one post-test. `passed_at` is the first passing submission.

    `attempts_granted` are those an administrator added; `latest_submitted_at` is when the latest
    attempt was over.
    """

    attempts_used: int
    open_attempt_id: int | None
    passed_at: datetime | None
    passed_attempt_id: int | None
    latest_submitted_id: int | None
    passed_number: int | None = None
    attempts_granted: int = 0
    latest_submitted_at: datetime | None = None


@dataclass(frozen=True)
class Progress:
    """Completed items (item id → when), post-tests (post_test id → standing), evaluation.

    `extra_attempts` are those an accommodation in force adds to every post-test.
    `time` is what has been recorded and is required; left out where no rule is asked about it.
    """

    completed_items: dict[int, datetime]
    tests: dict[int, TestStanding]
    evaluated_at: datetime | None
    extra_attempts: int = 0
    time: TimeStanding = ADVISORY

    def is_item_complete(self, item_id: int) -> bool:
        return item_id in self.completed_items

    def is_test_passed(self, post_test_id: int) -> bool:
        standing = self.tests.get(post_test_id)
        return standing is not None and standing.passed_at is not None

    def count_attempts(self, post_test_id: int, allowed: int) -> int:
        """How many attempts a learner has in all, used or not; the course allows `allowed`."""
        standing = self.tests.get(post_test_id, NO_STANDING)
        return allowed + self.extra_attempts + standing.attempts_granted

    def count_attempts_left(self, post_test_id: int, allowed: int) -> int:
        """How many more attempts a learner may open."""
        used = self.tests.get(post_test_id, NO_STANDING).attempts_used
        return max(0, self.count_attempts(post_test_id, allowed) - used)


NO_STANDING = TestStanding(0, None, None, None, None)
