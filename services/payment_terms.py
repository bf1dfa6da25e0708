"""How learners pay: whom, by which ways, within how many days, and the tax. Of the provider."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.orders import NO_TAX, Tax
from extensions import db
from models import Provider
from services import audit
from services import provider as provider_service
from services.audit import Actor
from services.provider import ProviderFacts

DAYS_TO_PAY = 30


@dataclass(frozen=True)
class Terms:
    """What an invoice tells its reader to do. `check_to`: lines of an address; '' is no way."""

    check_to: str
    transfer_to: str
    days: int
    tax: Tax

    def as_facts(self) -> dict[str, Any]:
        return {
            "check_to": self.check_to,
            "transfer_to": self.transfer_to,
            "days": self.days,
            "tax_label": self.tax.label,
            "tax_rate": self.tax.rate,
        }


def get_terms(provider: ProviderFacts) -> Terms:
    """The provider's terms; until some are set, checks to its own address, without tax."""
    found = provider.facts.get("payment")
    if found is None:
        lines = [provider.legal_name, *provider.facts.get("address", [])]
        return Terms("\n".join(lines), "", DAYS_TO_PAY, NO_TAX)
    return from_facts(found)


def from_facts(facts: dict[str, Any]) -> Terms:
    return Terms(
        facts["check_to"],
        facts["transfer_to"],
        facts["days"],
        Tax(facts["tax_label"], facts["tax_rate"]),
    )


def save_terms(terms: Terms, actor: Actor, now: datetime) -> None:
    """Change the terms of the orders to come; those of placed orders are fixed in them."""
    row = db.session.get_one(Provider, 1)
    if row.facts.get("payment") == terms.as_facts():
        return
    row.facts = {**row.facts, "payment": terms.as_facts()}
    row.updated_at = now
    audit.record(
        "payment_terms.changed",
        actor_id=actor.person_id,
        subject="provider:1",
        request_id=actor.request_id,
        facts={"days": terms.days, "tax_rate": terms.tax.rate},
    )
    db.session.flush()
    provider_service.forget()
