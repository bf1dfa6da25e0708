"""Every test that `docs/abuse-cases.md` names is there."""

import re

from config import PROJECT

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_the_named_tests_are_there() -> None:
    named = NAMED.findall((PROJECT / "docs" / "abuse-cases.md").read_text())
    assert len(named) > 20
    missing = [
        f"{path}::{name}"
        for path, name in named
        if f"def {name}(" not in (PROJECT / path).read_text()
    ]
    assert not missing
