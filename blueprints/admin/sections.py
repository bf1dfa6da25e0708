"""The sections of the management panel, in groups: its navigation has two short rows."""

from dataclasses import dataclass

from flask import request, url_for

GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("Today", (("Today", "admin.show_today"), ("Mail and jobs", "admin.list_stuck_jobs"))),
    (
        "People",
        (
            ("People", "admin.list_people"),
            ("Enrollments", "admin.list_enrollments"),
            ("Agencies", "admin.list_agencies"),
            ("Enrollment keys", "admin.list_keys"),
            ("Accommodations", "admin.list_accommodations"),
        ),
    ),
    (
        "Courses",
        (
            ("Courses", "admin.list_courses"),
            ("Post-tests", "admin.list_post_tests"),
            ("Approvals", "admin.list_approvals"),
            ("Reviewers", "admin.list_reviewers"),
        ),
    ),
    (
        "Records",
        (
            ("Certificates", "admin.list_certificates"),
            ("Study time", "admin.show_time_report"),
            ("Corrections of time", "admin.list_corrections"),
            ("Rosters", "admin.list_board_rosters"),
        ),
    ),
    (
        "Reports",
        (
            ("Reports", "admin.list_reports"),
            ("Audit packs", "admin.list_audit_packs"),
        ),
    ),
    (
        "Money",
        (
            ("Orders", "admin.list_orders"),
            ("Coupons", "admin.list_coupons"),
            ("How learners pay", "admin.show_payment_terms"),
        ),
    ),
    (
        "Center",
        (
            ("Problems", "admin.list_problems"),
            ("Provider", "admin.show_provider_settings"),
            ("Audit log", "admin.list_audit_events"),
        ),
    ),
)
"""Groups by name, each with its sections: name of the link and endpoint without arguments."""


@dataclass(frozen=True)
class Link:
    """A link of the navigation. `current`: '' elsewhere, 'page' or 'true' as aria-current."""

    name: str
    href: str
    current: str


@dataclass(frozen=True)
class Navigation:
    """The groups, and the sections of the group the page belongs to (none: no second row)."""

    groups: list[Link]
    group: str
    sections: list[Link]


def navigation() -> Navigation:
    """Where the page of this request stands in the panel."""
    places = [
        (group, name, url_for(endpoint))
        for group, sections in GROUPS
        for name, endpoint in sections
    ]
    here = _find_place(places, request.path)
    first = {group: url_for(sections[0][1]) for group, sections in GROUPS}
    group = here[0] if here else ""
    return Navigation(
        groups=[Link(name, first[name], _current(name == group, first[name])) for name in first],
        group=group,
        sections=[
            Link(name, href, _current(here is not None and here[2] == href, href))
            for of, name, href in places
            if of == group
        ],
    )


def _find_place(places: list[tuple[str, str, str]], path: str) -> tuple[str, str, str] | None:
    """The section with the longest address that the page's own begins with."""
    fitting = [
        place
        for place in places
        if path == place[2] or (place[2] != "/admin" and path.startswith(f"{place[2]}/"))
    ]
    return max(fitting, key=lambda place: len(place[2]), default=None)


def _current(is_here: bool, href: str) -> str:
    if not is_here:
        return ""
    return "page" if request.path == href else "true"
