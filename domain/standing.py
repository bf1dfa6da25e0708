"""How far a learner has come in one enrollment: values that rules and pages read."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class TestStanding:
    """How a learner stands in one post-test. `passed_at` is the first passing submission."""

    attempts_used: int
    open_attempt_id: int | None
    passed_at: datetime | None
    passed_attempt_id: int | None
    latest_submitted_id: int | None
    passed_number: int | None = None


@dataclass(frozen=True)
class Progress:
    """Completed items (item id → when), post-tests (post_test id → standing), evaluation."""

    completed_items: dict[int, datetime]
    tests: dict[int, TestStanding]
    evaluated_at: datetime | None

    def is_item_complete(self, item_id: int) -> bool:
        return item_id in self.completed_items

    def is_test_passed(self, post_test_id: int) -> bool:
        standing = self.tests.get(post_test_id)
        return standing is not None and standing.passed_at is not None


NO_STANDING = TestStanding(0, None, None, None, None)
