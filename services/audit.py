"""The audit log: staff actions and security events, append-only, ids instead of names."""

from dataclasses import dataclass
from typing import Any

import clock
from extensions import db
from models import AuditEvent


@dataclass(frozen=True)
class Actor:
    """Who acts, in which request."""

    person_id: int
    request_id: str


def record_act(actor: Actor, kind: str, subject: str, **facts: Any) -> None:
    """Add what a member of staff did to the transaction in progress. Ids, never names."""
    record(
        kind, actor_id=actor.person_id, subject=subject, request_id=actor.request_id, facts=facts
    )


def record(
    kind: str,
    *,
    actor_id: int | None,
    subject: str = "",
    request_id: str = "",
    facts: dict[str, Any] | None = None,
) -> None:
    """Add one event to the transaction in progress. `kind` is 'noun.verb', e.g. 'login.failed'."""
    db.session.add(
        AuditEvent(
            kind=kind,
            actor_id=actor_id,
            subject=subject[:80],
            request_id=request_id,
            facts=facts or {},
            happened_at=clock.now(),
        )
    )
    db.session.flush()
