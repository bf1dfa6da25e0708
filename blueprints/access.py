"""Who may come to which route: one list. A route that is not listed is closed to everyone.

Access to a *thing* (an attempt, a certificate) is decided by the services, which load it through
the person; this list decides only who may ask at all.
"""

from enum import Enum

from domain.identity import Identity


class Audience(Enum):
    """The people a route is for."""

    ANYONE = "anyone"
    LEARNER = "anyone logged in"
    AGENCY_MANAGER = "managers of agencies"
    INSTRUCTOR = "instructors and administrators"
    ADMINISTRATOR = "administrators"
    NOBODY = "nobody"

    def admits(self, who: Identity | None) -> bool:
        if self is Audience.ANYONE:
            return True
        if who is None or self is Audience.NOBODY:
            return False
        if self is Audience.LEARNER:
            return True
        if self is Audience.AGENCY_MANAGER:
            return who.manages_agency
        if self is Audience.INSTRUCTOR:
            return who.is_instructor or who.is_administrator
        return who.is_administrator


def _routes(audience: Audience, blueprint: str, views: str) -> dict[str, Audience]:
    return {f"{blueprint}.{view}": audience for view in views.split()}


ACCESS: dict[str, Audience] = {
    **_routes(
        Audience.ANYONE,
        "accounts",
        "show_registration create_account show_login create_login show_reset_request"
        " create_reset_request show_reset_sent show_reset create_new_password"
        " show_email_confirmation create_email_confirmation",
    ),
    **_routes(
        Audience.LEARNER,
        "accounts",
        "delete_login show_account save_account create_password show_sessions delete_sessions"
        " create_confirmation_mail show_licenses create_license delete_license"
        " show_renewal save_renewal"
        " show_kept_form delete_kept_form show_accommodations create_accommodation_request"
        " show_my_data download_my_data show_erasure erase_account",
    ),
    **_routes(
        Audience.ANYONE,
        "catalog",
        "show_catalogue show_preview show_preview_file",
    ),
    **_routes(
        Audience.ANYONE,
        "catalog",
        "show_course show_course_file list_policies show_policy"
        " show_problem_form create_problem_report show_problem_sent"
        " show_health show_favicon show_robots",
    ),
    **_routes(
        Audience.LEARNER,
        "enrollment",
        "show_enrollment create_enrollment list_my_courses use_key create_extension",
    ),
    **_routes(Audience.ANYONE, "enrollment", "show_key"),
    **_routes(
        Audience.LEARNER,
        "orders",
        "show_order_form create_order list_orders show_order download_document show_cancellation"
        " create_cancellation",
    ),
    **_routes(
        Audience.LEARNER,
        "player",
        "show_course_home show_item finish_item create_beat save_media_progress"
        " show_media show_time show_earlier_time create_correction",
    ),
    **_routes(Audience.ANYONE, "time_panel", "show_panel show_paused"),
    **_routes(
        Audience.LEARNER,
        "post_tests",
        "show_post_test create_attempt show_question save_answer show_review submit_attempt"
        " show_result",
    ),
    **_routes(Audience.LEARNER, "evaluation", "show_evaluation submit_evaluation"),
    **_routes(
        Audience.LEARNER,
        "certificates",
        "show_completion issue_certificate list_certificates show_certificate download_pdf"
        " show_image download_transcript",
    ),
    **_routes(Audience.ANYONE, "certificates", "show_verify verify_typed_code show_verification"),
    **_routes(
        Audience.LEARNER, "questions", "list_questions create_question create_reply mark_read"
    ),
    **_routes(
        Audience.INSTRUCTOR,
        "instructor",
        "show_queue show_thread create_answer"
        " show_faq_form create_faq_entry list_faq_entries show_faq_entry save_faq_entry"
        " remove_faq_entry show_promises show_evaluation_results create_evaluation_action",
    ),
    **_routes(
        Audience.LEARNER,
        "review",
        "show_review show_review_item show_review_file show_review_test show_review_evaluation",
    ),
    **_routes(Audience.ADMINISTRATOR, "admin", "list_reviewers create_reviewer revoke_reviewer"),
    **_routes(Audience.AGENCY_MANAGER, "agency", "list_agencies show_progress download_progress"),
    **_routes(
        Audience.INSTRUCTOR,
        "instructor",
        "show_analysis download_analysis show_question_analysis show_answer_key",
    ),
    **_routes(
        Audience.ADMINISTRATOR,
        "admin",
        "list_stuck_jobs try_job_again list_courses"
        " list_people show_person show_person_profile correct_person_profile"
        " show_roles save_roles show_person_licenses add_person_license"
        " remove_person_license show_deactivation deactivate_person reactivate_person"
        " send_password_link create_person_pack send_person_confirmation confirm_person_address"
        " show_enrolling enroll_person show_granting grant_to_person"
        " show_enrollment extend_access withdraw_enrollment"
        " show_course show_edition archive_course restore_course show_publishing publish_folder"
        " show_provider_settings save_provider_settings"
        " show_look propose_look show_look_image download_look_sample show_look_draft"
        " show_look_draft_image download_look_draft_sample keep_look discard_look"
        " list_problems show_problem answer_problem move_problem"
        " show_bulk_form create_bulk_list show_bulk_list confirm_bulk_list",
    ),
    **_routes(
        Audience.ADMINISTRATOR,
        "admin",
        "show_today list_enrollments list_keys create_key revoke_key list_audit_events"
        " list_accommodations show_accommodation_request grant_accommodation decline_accommodation"
        " end_accommodation list_orders show_order download_order_document create_payment"
        " create_order_cancellation create_refund create_repayment list_coupons create_coupon"
        " revoke_coupon show_payment_terms save_payment_terms",
    ),
    **_routes(
        Audience.ADMINISTRATOR,
        "admin",
        "list_certificates show_certificate download_certificate replace_certificate"
        " revoke_certificate"
        " list_approvals show_new_approval create_approval show_approval save_approval"
        " show_body save_body show_worksheet approve_worksheet"
        " list_board_rosters create_board_roster show_board_roster download_board_roster"
        " mark_roster_sent withdraw_roster",
    ),
    **_routes(
        Audience.ADMINISTRATOR,
        "admin",
        "list_post_tests show_attempts grant_attempts show_ruling void_question",
    ),
    **_routes(
        Audience.ADMINISTRATOR,
        "admin",
        "list_agencies create_agency show_agency create_agency_manager end_agency_manager"
        " show_new_contract create_contract show_contract show_contract_terms save_contract_terms"
        " end_contract show_new_contract_key create_contract_key revoke_contract_key"
        " show_new_invitations create_invitations show_invitation_list create_invitation_mail"
        " show_seat free_seat",
    ),
    **_routes(
        Audience.ADMINISTRATOR,
        "admin",
        "list_corrections show_correction grant_correction refuse_correction show_time_record"
        " show_time_report download_time_report",
    ),
    **_routes(
        Audience.ADMINISTRATOR,
        "admin",
        "list_reports show_completions show_test_report show_answer_report show_money_report"
        " show_evaluation_report list_audit_packs create_course_pack create_learner_pack"
        " show_audit_pack download_audit_pack delete_audit_pack",
    ),
}
