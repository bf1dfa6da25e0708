"""What ships with the product, installed: provider, approvals, policies, courses."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete

from course_format import markdown
from course_format.acceptance import read_acceptance
from course_format.bodies import read_bodies
from course_format.provider import Look, read_policies, read_provider
from course_format.source import Fault
from domain.refusals import Invalid
from extensions import db
from models import Approval, ApprovingBody, Policy, Provider
from services import acceptance, catalogue_index, provider_look, publishing
from services import provider as provider_service


def install_content(content: Path, media_folder: Path, now: datetime) -> Iterator[str]:
    """Install provider facts and policies, and publish every course; one line of words each.

    The provider's facts are written once: later they belong to the installation. Policies follow
    the files; so do approvals and profiles of bodies, until somebody edits them in the panel.
    Courses published already are left as they are.
    """
    install_provider(content / "provider.yaml", now)
    install_bodies(content / "bodies.yaml")
    install_acceptance(content / "acceptance.yaml")
    install_policies(content / "policies", now)
    for folder in sorted(path.parent for path in content.glob("*/course.yaml")):
        outcome = publishing.publish_course(folder, media_folder, now)
        state = "published" if outcome.is_new else "is up to date"
        yield f"Course {folder.name}: edition {outcome.number} {state}."
    catalogue_index.index_stale()


def install_provider(path: Path, now: datetime) -> None:
    """Write the provider, if there is none, and its approvals. Raises Invalid on faults."""
    source, faults = read_provider(path)
    if source is None:
        raise Invalid("provider", _in_words(faults))
    if db.session.get(Provider, 1) is None:
        db.session.add(
            Provider(
                id=1,
                name=source.name,
                legal_name=source.legal_name,
                email=source.email,
                phone=source.phone,
                time_zone=source.time_zone,
                demonstration=source.demonstration,
                facts={
                    "address": list(source.address),
                    "website": source.website,
                    "signatory": {
                        "name": source.signatory.name,
                        "title": source.signatory.title,
                    },
                },
                updated_at=now,
            )
        )
        db.session.flush()
        _install_look(source.look, now)
    for approval in source.approvals:
        present = db.session.get(Approval, approval.id)
        if present is None or present.edited_at is None:
            values = {**asdict(approval), "professions": list(approval.professions)}
            db.session.merge(Approval(**values))
    db.session.flush()
    provider_service.forget()


def _install_look(look: Look, now: datetime) -> None:
    """The look of certificates, checked like any other. Raises Invalid."""
    given = {"logo": look.logo, "seal": look.seal, "signature": look.signature}
    images = {name: path.read_bytes() for name, path in given.items() if path is not None}
    provider_look.change_look(now, look.accent, look.paper, images)


def install_bodies(path: Path) -> None:
    """Write the profiles of approving bodies; one edited in the panel stays as it is there."""
    bodies, faults = read_bodies(path)
    if faults:
        raise Invalid("bodies", _in_words(faults))
    for body in bodies:
        present = db.session.get(ApprovingBody, body.id)
        if present is None or present.edited_at is None:
            lists = {"unconfirmed": list(body.unconfirmed), "rules": list(body.rules)}
            db.session.merge(ApprovingBody(**{**asdict(body), **lists}))
    db.session.flush()


def install_acceptance(path: Path) -> None:
    """Make what boards are known to accept equal to the file. Raises Invalid on faults."""
    rules, faults = read_acceptance(path)
    if faults:
        raise Invalid("acceptance", _in_words(faults))
    acceptance.install_rules(rules)


def install_policies(folder: Path, now: datetime) -> None:
    """Make the policy pages equal to the files of the folder. Raises Invalid on faults."""
    policies, faults = read_policies(folder)
    errors = [fault for fault in faults if fault.severity == "error"]
    if errors:
        raise Invalid("policies", _in_words(errors))
    slugs = [policy.slug for policy in policies]
    db.session.execute(delete(Policy).where(Policy.slug.not_in(slugs)))
    for policy in policies:
        db.session.merge(
            Policy(
                slug=policy.slug,
                title=policy.title,
                position=policy.order,
                html=markdown.render(policy.body),
                updated_at=now,
            )
        )
    db.session.flush()


def _in_words(faults: list[Fault]) -> str:
    return "; ".join(f"{fault.path}:{fault.line}: {fault.message}" for fault in faults[:5])
