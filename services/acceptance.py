"""Whether a board accepts a course, for the licenses somebody has or asks about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select, tuple_

from course_format.acceptance import Acceptance
from domain.acceptance import Answer, OfferedCredit, Practice, Rule, answers_for
from domain.outline import Outline
from extensions import db
from models import AcceptanceRule, License
from services import certificate_facts
from services.provider import get_provider


@dataclass(frozen=True)
class LicenseAnswer:
    """The answers for one license; none: no approval of the course is for its profession."""

    practice: Practice
    answers: list[Answer]


def list_answers(
    outline: Outline, practices: Sequence[Practice], today: date
) -> list[LicenseAnswer]:
    """The answers for each of these licenses. Two queries, none where there is no license."""
    if not practices:
        return []
    offered = _list_offered(outline, today)
    rules = _list_rules(practices)
    return [
        LicenseAnswer(practice, answers_for(practice, offered, rules, today))
        for practice in practices
    ]


def list_practices_of(person_id: int) -> list[Practice]:
    """The professions and jurisdictions of a person's licenses, each once."""
    rows = db.session.execute(
        select(License.profession, License.jurisdiction)
        .where(License.person_id == person_id)
        .order_by(License.id)
    )
    return list(dict.fromkeys(Practice(*row) for row in rows))


def install_rules(rules: Sequence[Acceptance]) -> None:
    """Make what is known equal to the file."""
    db.session.execute(delete(AcceptanceRule))
    for rule in rules:
        db.session.add(
            AcceptanceRule(
                profession=rule.profession,
                jurisdiction=rule.jurisdiction,
                line=rule.approval,
                accepts=rule.accepts,
                note=rule.note,
                source=rule.source,
                checked_on=rule.checked_on,
            )
        )
    db.session.flush()


def _list_offered(outline: Outline, today: date) -> list[OfferedCredit]:
    return [
        OfferedCredit(
            lines=tuple(name for name in (approval.line, approval.body_id) if name),
            body=approval.body,
            hours=granted["hours"],
            unit_word=approval.unit_word,
            professions=tuple(approval.professions),
        )
        for approval, granted in certificate_facts.list_granting(outline, get_provider(), today)
    ]


def _list_rules(practices: Sequence[Practice]) -> list[Rule]:
    wanted = [(practice.profession, practice.jurisdiction) for practice in practices]
    rows = db.session.scalars(
        select(AcceptanceRule)
        .where(tuple_(AcceptanceRule.profession, AcceptanceRule.jurisdiction).in_(wanted))
        .order_by(AcceptanceRule.checked_on.desc(), AcceptanceRule.id)
    )
    return [
        Rule(
            Practice(row.profession, row.jurisdiction),
            row.line,
            row.accepts,
            row.note,
            row.source,
            row.checked_on,
        )
        for row in rows
    ]
