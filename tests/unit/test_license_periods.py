"""License periods, counted both ways from one recorded day."""

from datetime import date

import pytest

from domain.transcript import Period, cycle, is_printed_on

RENEWS = date(2027, 6, 30)


@pytest.mark.parametrize(
    ("renews", "years", "on", "first", "last", "why"),
    [
        (RENEWS, 2, date(2026, 11, 24), date(2025, 7, 1), RENEWS, "the recorded one"),
        (RENEWS, 2, date(2027, 6, 30), date(2025, 7, 1), RENEWS, "its last day"),
        (RENEWS, 2, date(2027, 7, 1), date(2027, 7, 1), date(2029, 6, 30), "the next one"),
        (RENEWS, 2, date(2025, 6, 30), date(2023, 7, 1), date(2025, 6, 30), "the one before"),
        (RENEWS, 3, date(2034, 1, 1), date(2033, 7, 1), date(2036, 6, 30), "three later"),
        (date(2028, 2, 29), 1, date(2028, 3, 1), date(2028, 3, 1), date(2029, 2, 28), "leap day"),
        (date(2028, 2, 29), 2, date(2031, 6, 1), date(2030, 3, 1), date(2032, 2, 29), "and back"),
    ],
)
def test_the_period_that_holds_a_day(
    renews: date, years: int, on: date, first: date, last: date, why: str
) -> None:
    found = cycle(renews, years, on)
    assert found == Period(first, last), why
    assert found.holds(on)


def test_a_certificate_is_for_a_license_that_it_names() -> None:
    one = {"profession": "Psychologist", "jurisdiction": "Ohio", "number": "P-1"}
    facts = {"licenses": [one]}
    assert is_printed_on(dict(one), facts)
    assert not is_printed_on({**one, "number": "P-2"}, facts)
    assert not is_printed_on(one, {"licenses": []})
