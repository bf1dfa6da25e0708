"""What administrators set about the provider: from then on; what was issued keeps its own facts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from extensions import db
from models import Provider
from services import audit
from services import provider as provider_service
from services.audit import Actor
from services.retention import retention_years


@dataclass(frozen=True)
class ProviderSettings:
    """Everything that is set on the page. `address` in lines."""

    name: str
    legal_name: str
    email: str
    phone: str
    time_zone: str
    demonstration: bool
    address: str
    website: str
    signatory_name: str
    signatory_title: str
    reply_hours: int
    retention_years: int
    extension_days: int
    first_reminder_days: int
    last_reminder_days: int


def get_settings() -> ProviderSettings:
    """As they are in the database now."""
    row = db.session.get_one(Provider, 1)
    known = provider_service.get_provider()
    signatory = row.facts.get("signatory") or {}
    return ProviderSettings(
        name=row.name,
        legal_name=row.legal_name,
        email=row.email,
        phone=row.phone,
        time_zone=row.time_zone,
        demonstration=row.demonstration,
        address="\n".join(row.facts.get("address", [])),
        website=row.facts.get("website", ""),
        signatory_name=signatory.get("name", ""),
        signatory_title=signatory.get("title", ""),
        reply_hours=int(row.facts.get("reply_hours", known.reply_hours)),
        retention_years=int(row.facts.get("retention_years", retention_years())),
        **vars(known.access_terms),
    )


def save_settings(wanted: ProviderSettings, actor: Actor, now: datetime) -> list[str]:
    """Save what differs; returns the names of it. Other facts of the provider stay."""
    present = get_settings()
    changed = [name for name in vars(wanted) if getattr(wanted, name) != getattr(present, name)]
    if not changed:
        return []
    row = db.session.get_one(Provider, 1)
    for name in ("name", "legal_name", "email", "phone", "time_zone", "demonstration"):
        setattr(row, name, getattr(wanted, name))
    row.facts = {**row.facts, **_facts(wanted)}
    row.updated_at = now
    db.session.flush()
    audit.record_act(actor, "provider.changed", "provider:1", fields=changed)
    provider_service.forget()
    return changed


def _facts(wanted: ProviderSettings) -> dict[str, Any]:
    return {
        "address": [line.strip() for line in wanted.address.splitlines() if line.strip()],
        "website": wanted.website,
        "signatory": {"name": wanted.signatory_name, "title": wanted.signatory_title},
        "reply_hours": wanted.reply_hours,
        "retention_years": wanted.retention_years,
        "extension_days": wanted.extension_days,
        "first_reminder_days": wanted.first_reminder_days,
        "last_reminder_days": wanted.last_reminder_days,
    }
