"""Browsers in words."""

import pytest

from domain.browser_names import in_words

APPLE = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "words", "why"),
    [
        (
            f"Mozilla/5.0 (Windows NT 10.0) {APPLE} Chrome/130.0 Safari/537.36",
            "Chrome on Windows",
            "it names Safari too",
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0) {APPLE} Chrome/130.0 Safari/537.36 Edg/130.0",
            "Edge on Windows",
            "it names Chrome too",
        ),
        (
            f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) {APPLE} Version/18 Safari/605",
            "Safari on a Mac",
            "nothing else is named",
        ),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18 like Mac OS X) {APPLE} Safari/604",
            "Safari on an iPhone",
            "it says it is like a Mac",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 15) {APPLE} Chrome/130.0 Mobile Safari/537.36",
            "Chrome on Android",
            "it names Linux too",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
            "Firefox on Linux",
            "the plain case",
        ),
        ("Lynx/2.9", "Lynx/2.9", "unknown: shown as it was sent"),
        ("x" * 200, "x" * 60, "cut short"),
        ("", "A browser that did not say its name", "nothing was sent"),
    ],
)
def test_in_words(user_agent: str, words: str, why: str) -> None:
    assert in_words(user_agent) == words, why
