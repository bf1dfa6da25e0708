"""Real Chromium: what earns time and what does not. Times are read from the database."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import APIResponse, BrowserContext, Page, Route, expect

from blueprints.time_panel import views as time_panel
from tests.browser.conftest import Center
from tests.browser.study_clock import (
    AUDIO,
    HIDE,
    READING,
    WEBINAR,
    Desk,
    outline_of,
    sit_down,
)

pytestmark = pytest.mark.browser
Contexts = Callable[..., BrowserContext]


@pytest.fixture
def desk(
    center: Center,
    new_context: Contexts,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Desk:
    """A learner of this test's own, with scripts."""
    return sit_down(center, new_context(), monkeypatch, f"{request.node.name}@example.org")


@pytest.fixture
def plain_desk(
    center: Center,
    new_context: Contexts,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Desk:
    """The same without scripts."""
    email = f"{request.node.name}@example.org"
    return sit_down(center, new_context(scripts=False), monkeypatch, email, scripts=False)


def test_a_page_in_use_is_recorded_and_shows_it(desk: Desk) -> None:
    page = desk.open(READING)
    desk.advance(120, page)
    assert desk.intervals() == [("active", 115)]
    expect(page.locator("#recorded-time")).to_contain_text("This item: 1 min 55 s of 10 min")
    page.goto(WEBINAR)
    assert desk.intervals() == [("active", 115)], "leaving at once adds nothing"
    desk.advance(30, page)
    assert desk.seconds == 145, "and the next page takes over without a gap"


def test_an_answer_that_comes_late_does_not_turn_the_page_back(desk: Desk) -> None:
    page = desk.open(READING)
    desk.advance(20, page)
    held: list[tuple[Route, APIResponse]] = []
    page.route("**/beats", lambda route: held.append((route, route.fetch())))
    for number in (1, 2):
        desk.now += timedelta(seconds=15)
        desk.context.clock.run_for(15_000)
        while len(held) < number:
            page.evaluate("1")
    for route, answer in reversed(held):
        with page.expect_response("**/beats"):
            route.fulfill(response=answer)
        page.evaluate("fetch('/healthz').then((answer) => answer.text())")
    expect(page.locator("#recorded-time")).to_contain_text("This item: 0 min 45 s of 10 min")


def test_a_hidden_tab_earns_nothing(desk: Desk) -> None:
    page = desk.open(READING)
    desk.advance(60, page)
    page.evaluate(HIDE, "hidden")
    desk.wait_until_stopped(page)
    before = desk.seconds
    desk.advance(40, page)
    assert desk.seconds == before == 55
    page.evaluate(HIDE, "visible")
    desk.settle(page)
    desk.advance(30, page)
    assert [seconds for _, seconds in desk.intervals()] == [55, 20], "not even a short absence"


def test_audio_that_plays_in_a_hidden_tab_earns_until_it_stops(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(outline_of(desk.center).facts["completion"], "order", "any")
    page = desk.open(AUDIO)
    page.evaluate("document.querySelector('audio').play()")
    desk.advance(30, page)
    page.evaluate(HIDE, "hidden")
    desk.advance(360, page)
    playing = desk.seconds
    assert playing == 385, "also after five minutes without any use"
    page.evaluate("document.querySelector('audio').pause()")
    desk.wait_until_stopped(page)
    desk.advance(60, page)
    assert desk.seconds - playing <= 5


def test_two_windows_count_once(desk: Desk) -> None:
    one, two = desk.open(READING), desk.open(WEBINAR)
    desk.advance(150, one, two)
    assert 140 <= desk.seconds <= 150
    assert len(desk.intervals()) <= 2


def test_a_sleeping_computer_earns_nothing(desk: Desk) -> None:
    page = desk.open(READING)
    desk.advance(60, page)
    desk.sleep(8 * 3600, page)
    page.keyboard.press("Shift")
    desk.advance(30, page)
    assert desk.seconds <= 60 + 30
    assert len(desk.intervals()) == 2
    page.goto(WEBINAR)
    expect(page.locator(".recorded-gap")).to_contain_text("Time was recorded until")
    page.get_by_role("link", name="ask for a correction").click()
    expect(page.get_by_label("Day")).not_to_have_value("")


def test_pause_stops_both_the_clock_and_the_record(desk: Desk) -> None:
    page = desk.open(READING)
    desk.advance(30, page)
    page.get_by_role("button", name="Pause recording").click()
    desk.wait_until_stopped(page)
    shown = page.locator("#recorded-time").inner_text()
    desk.advance(35, page)
    assert desk.intervals() == [("active", 25)]
    assert page.locator("#recorded-time").inner_text() == shown
    page.get_by_role("button", name="Go on recording").click()
    desk.advance(30, page)
    before, after = (seconds for _, seconds in desk.intervals())
    assert before == 25
    assert 15 <= after <= 30, "from the first sign after the pause"


def test_a_minute_before_five_without_use_the_page_asks(desk: Desk) -> None:
    page = desk.open(READING)
    page.keyboard.press("Shift")
    desk.advance(235, page)
    reading = page.get_by_role("button", name="I am still reading")
    expect(reading).to_be_hidden()
    desk.advance(10, page)
    expect(reading).to_be_visible()
    desk.advance(120, page)
    idle = desk.seconds
    assert 275 <= idle <= 300
    expect(page.locator(".recorded-words")).to_contain_text("was not used for 5 minutes")
    reading.click()
    desk.advance(30, page)
    assert 15 <= desk.seconds - idle <= 35


def test_a_page_left_in_the_middle_of_a_text_is_asked_and_paused_too(desk: Desk) -> None:
    """What the page says by itself must not move it: a browser would report that as scrolling."""
    page = desk.open(READING)
    page.mouse.wheel(0, 1200)
    page.wait_for_function("scrollY > 300")
    desk.advance(235, page)
    where = page.evaluate("scrollY")
    desk.advance(180, page)
    expect(page.get_by_role("status")).to_contain_text("was not used for 5 minutes")
    expect(page.get_by_role("status")).to_be_in_viewport()
    assert page.evaluate("scrollY") == where
    paused = desk.seconds
    assert paused <= 320, "five minutes after the last use, whenever the scrolling ended"
    page.mouse.wheel(0, 200)
    expect(page.get_by_role("status")).to_be_empty()
    desk.advance(30, page)
    assert desk.seconds > paused, "scrolling by hand is use"


def test_scripts_switched_off_in_the_middle_of_an_item(desk: Desk) -> None:
    page = desk.open(READING)
    desk.advance(60, page)
    browser = desk.context.new_cdp_session(page)
    browser.send("Emulation.setScriptExecutionDisabled", {"value": True})
    page.reload()
    _reload_panel(desk, page, times=3)
    evidence = [kind for kind, _ in desk.intervals()]
    assert evidence == ["active", "page"]
    assert 170 <= desk.seconds <= 240


def test_without_scripts_the_browser_itself_keeps_the_panel_going(
    plain_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's Refresh header, shortened to a second; the server's clock moves by a minute."""
    monkeypatch.setattr(time_panel, "REFRESH_S", 1)
    desk, page = plain_desk, plain_desk.open(READING)
    for _ in range(3):
        desk.now += timedelta(minutes=1)
        with page.expect_response(lambda answer: "/time-panel?" in answer.url) as answer:
            pass
        assert answer.value.status == 200
    assert desk.intervals()[0][0] == "page"
    assert 120 <= desk.seconds <= 180
    frame = page.frame_locator("iframe.time-panel")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Time is being recorded")
    monkeypatch.setattr(time_panel, "REFRESH_S", 60)
    with page.expect_response(lambda answer: "/time-panel?" in answer.url):
        pass  # the last one of itself: the panel is not exchanged below the pointer
    frame.get_by_role("link", name="Pause recording").click()
    expect(frame.get_by_role("heading", level=1)).to_have_text("Recording is paused")
    paused = desk.seconds
    desk.now += timedelta(minutes=1)
    frame.get_by_role("link", name="Go on recording").click()
    expect(frame.get_by_role("heading", level=1)).to_have_text("Time is being recorded")
    assert desk.seconds == paused


def test_without_scripts_and_frames_the_pages_own_button_credits_the_time(plain_desk: Desk) -> None:
    desk = plain_desk
    desk.context.route(re.compile("/time-panel"), lambda route: route.abort())
    page = desk.open(READING)
    desk.now += timedelta(minutes=7)
    page.get_by_role("button", name="Next").click()
    assert desk.intervals() == [("open-finish", 420)]
    page.goto(READING)
    desk.now += timedelta(minutes=60)
    page.get_by_role("button", name="Mark as complete").click()
    assert desk.seconds == 600, "never more than the item's ten minutes"


def _reload_panel(desk: Desk, page: Page, times: int) -> None:
    frame = next(frame for frame in page.frames if "/time-panel" in frame.url)
    for _ in range(times):
        desk.now += timedelta(minutes=1)
        response = frame.goto(frame.url)
        assert response is not None and response.headers["refresh"] == "60"
