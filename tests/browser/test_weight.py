"""What a first load costs: bytes and requests, besides recordings."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from commands.demonstration import REFERENCE_COURSE
from tests.browser.conftest import Center
from tests.browser.learner import Learner

pytestmark = pytest.mark.browser

MOST_BYTES = 100 * 1024
MOST_REQUESTS = 8
MOST_SCRIPT_BYTES = 25 * 1024
NOT_COUNTED = ("/recording.", ".vtt", "/poster", "/beats")


class Load:
    """Counts what a page fetches, as it travels (compressed)."""

    def __init__(self, page: Page) -> None:
        self.urls: dict[str, str] = {}
        self.bytes: dict[str, int] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.responseReceived", self._note)
        session.on("Network.loadingFinished", self._count)

    def _note(self, event: dict) -> None:  # type: ignore[type-arg]
        self.urls[event["requestId"]] = event["response"]["url"]

    def _count(self, event: dict) -> None:  # type: ignore[type-arg]
        url = self.urls.get(event["requestId"], "")
        if url.startswith("http") and not any(mark in url for mark in NOT_COUNTED):
            self.bytes[url] = self.bytes.get(url, 0) + int(event["encodedDataLength"])


def assert_light(load: Load) -> None:
    total = sum(load.bytes.values())
    scripts = sum(size for url, size in load.bytes.items() if url.endswith(".js"))
    assert total <= MOST_BYTES, load.bytes
    assert scripts <= MOST_SCRIPT_BYTES, load.bytes
    assert len(load.bytes) <= MOST_REQUESTS, load.bytes


def test_first_load_of_the_course_page(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context().new_page()
    load = Load(page)
    page.goto(f"/courses/{REFERENCE_COURSE}", wait_until="networkidle")
    assert_light(load)


def test_first_load_of_the_player(
    center: Center, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context().new_page()
    learner = Learner(center, page, "wanda@example.org", "Wanda Weight")
    learner.register()
    learner.enroll_by_key()
    item = f"/learn/{REFERENCE_COURSE}/units/1/defining-the-elements"
    fresh = page.context.new_page()
    load = Load(fresh)
    fresh.goto(item, wait_until="load")
    fresh.get_by_text("Mark as complete").wait_for()
    fresh.wait_for_timeout(500)
    assert_light(load)
