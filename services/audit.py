"""The audit log: staff actions and security events, append-only, ids instead of names."""

from typing import Any

import clock
from extensions import db
from models import AuditEvent


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
