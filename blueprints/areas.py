"""The areas of the product and their blueprints."""

from importlib import import_module

from flask import Flask

AREAS = {
    "accounts": (
        "views",
        "password_views",
        "profile_views",
        "renewal",
        "accommodations",
        "privacy",
    ),
    "catalog": ("views", "catalogue", "preview", "operations", "files", "problems"),
    "enrollment": ("views", "keys", "access"),
    "orders": ("views", "placing"),
    "player": ("views", "beats", "media", "time_views"),
    "time_panel": ("views",),
    "post_tests": ("views", "questions"),
    "evaluation": ("views",),
    "certificates": ("views", "completion", "transcript", "verification"),
    "questions": ("views",),
    "agency": ("views",),
    "review": ("views",),
    "instructor": ("views", "analysis", "answer_key", "evaluations", "faq", "promises"),
    "admin": (
        "views",
        "accommodations",
        "agencies",
        "approvals",
        "audit",
        "certificates",
        "credit",
        "board_rosters",
        "bulk",
        "contract_keys",
        "contract_seats",
        "contracts",
        "coupons",
        "course_page",
        "courses",
        "enrollments",
        "look",
        "orders",
        "people",
        "person_acts",
        "person_profile",
        "post_tests",
        "problems",
        "provider_settings",
        "rulings",
        "stuck_jobs",
        "time_corrections",
        "time_reports",
        "reviewers",
        "reports",
        "audit_packs",
    ),
}


def init_app(app: Flask) -> None:
    """Import every area's views and register its blueprint, found as `views.bp`."""
    for area, modules in AREAS.items():
        for module in modules:
            import_module(f"blueprints.{area}.{module}")
        app.register_blueprint(import_module(f"blueprints.{area}.views").bp)
