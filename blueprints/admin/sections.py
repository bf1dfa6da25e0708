"""The sections of the management panel, in the order of its navigation."""

SECTIONS = (
    ("Today", "admin.show_today"),
    ("Enrollment keys", "admin.list_keys"),
    ("Agencies", "admin.list_agencies"),
    ("Accommodations", "admin.list_accommodations"),
    ("Certificates", "admin.list_certificates"),
    ("Orders", "admin.list_orders"),
    ("Coupons", "admin.list_coupons"),
    ("Post-tests", "admin.list_post_tests"),
    ("Approvals", "admin.list_approvals"),
    ("Study time", "admin.show_time_report"),
    ("Corrections of time", "admin.list_corrections"),
    ("Rosters", "admin.list_board_rosters"),
    ("Audit log", "admin.list_audit_events"),
)
"""Name of the link and endpoint; a section's endpoint takes no arguments."""
