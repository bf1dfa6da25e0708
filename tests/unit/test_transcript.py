"""The totals of a transcript."""

from decimal import Decimal

from domain.transcript import Total, totals


def granted(body: str, hours: str, unit: str = "hours") -> dict[str, str]:
    return {"body": body, "unit_word": unit, "hours": hours}


def test_hours_add_up_by_body_and_never_across() -> None:
    found = totals(
        [
            [granted("Psychology", "4.0", "credits"), granted("Social work", "4.75")],
            [granted("Psychology", "1.25", "credits")],
            [],
        ]
    )
    assert found == [
        Total("Psychology", "credits", Decimal("5.25"), 2),
        Total("Social work", "hours", Decimal("4.75"), 1),
    ]


def test_no_certificates_no_totals() -> None:
    assert totals([]) == []
