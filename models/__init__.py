"""The rows of Contact Hour, one aggregate per module."""

from models.acceptance import AcceptanceRule
from models.access import AccessExtension, AccessReminder
from models.accommodations import Accommodation, AccommodationRequest
from models.agencies import (
    Agency,
    AgencyContract,
    AgencyContractCourse,
    AgencyKey,
    AgencyManager,
    AgencySeat,
    AgencySeatEvent,
)
from models.approving_bodies import ApprovalChange, ApprovingBody
from models.attempts import Answer, Attempt, AttemptQuestion, Grade, LateAnswer
from models.audit import (
    AuditBreak,
    AuditEvent,
    AuditHead,
    AuditSeal,
    AuditSegment,
    RetentionPass,
)
from models.audit_packs import AuditPack
from models.base import Base
from models.board_rosters import BoardRoster, BoardRosterEntry
from models.bulk import BulkLine, BulkList
from models.catalogue import CourseListing, ListingApproval
from models.certificates import Certificate, CertificateDocument, CertificateEvent
from models.courses import (
    Course,
    CourseInstructor,
    Edition,
    EditionFile,
    Item,
    PostTest,
    Question,
    Unit,
)
from models.credit_worksheets import CreditWorksheet
from models.enrollments import Enrollment, EnrollmentKey, ItemCompletion, MediaProgress
from models.evaluations import EvaluationAction, EvaluationResponse, EvaluationSubmission
from models.look_drafts import LookDraft
from models.operations import Chore, Job, OutgoingMail, Throttle
from models.orders import (
    Coupon,
    CouponCourse,
    InvoiceSeries,
    Order,
    OrderDocument,
    OrderEvent,
    Payment,
)
from models.people import KeptForm, License, LoginSession, MailedToken, Person, PersonWord
from models.problems import ProblemEvent, ProblemReport
from models.provider import Approval, Policy, Provider, ProviderImage
from models.questions import FaqEntry, LearnerQuestion, Message, ReplyPromise, ReplyReminder
from models.report_summaries import ReportChange, ReportSummary
from models.reviewers import ReviewerGrant
from models.revisions import EditionRevision, RevisionFile
from models.rulings import AttemptGrant, QuestionRuling
from models.search_words import CertificateWord, ProblemWord
from models.time_corrections import TimeAdjustment, TimeCorrection
from models.time_record import PageView, StudyInterval, Timeline

__all__ = [
    "AcceptanceRule",
    "AccessExtension",
    "AccessReminder",
    "Accommodation",
    "AccommodationRequest",
    "Agency",
    "AgencyContract",
    "AgencyContractCourse",
    "AgencyKey",
    "AgencyManager",
    "AgencySeat",
    "AgencySeatEvent",
    "Answer",
    "Approval",
    "ApprovalChange",
    "ApprovingBody",
    "Attempt",
    "AttemptGrant",
    "AttemptQuestion",
    "AuditBreak",
    "AuditEvent",
    "AuditHead",
    "AuditPack",
    "AuditSeal",
    "AuditSegment",
    "Base",
    "BoardRoster",
    "BoardRosterEntry",
    "BulkLine",
    "BulkList",
    "Certificate",
    "CertificateDocument",
    "CertificateEvent",
    "CertificateWord",
    "Chore",
    "Coupon",
    "CouponCourse",
    "Course",
    "CourseInstructor",
    "CourseListing",
    "CreditWorksheet",
    "Edition",
    "EditionFile",
    "EditionRevision",
    "Enrollment",
    "EnrollmentKey",
    "EvaluationAction",
    "EvaluationResponse",
    "EvaluationSubmission",
    "FaqEntry",
    "Grade",
    "InvoiceSeries",
    "Item",
    "ItemCompletion",
    "Job",
    "KeptForm",
    "LateAnswer",
    "LearnerQuestion",
    "License",
    "ListingApproval",
    "LoginSession",
    "LookDraft",
    "MailedToken",
    "MediaProgress",
    "Message",
    "Order",
    "OrderDocument",
    "OrderEvent",
    "OutgoingMail",
    "PageView",
    "Payment",
    "Person",
    "PersonWord",
    "Policy",
    "PostTest",
    "ProblemEvent",
    "ProblemReport",
    "ProblemWord",
    "Provider",
    "ProviderImage",
    "Question",
    "QuestionRuling",
    "ReplyPromise",
    "ReplyReminder",
    "ReportChange",
    "ReportSummary",
    "RetentionPass",
    "ReviewerGrant",
    "RevisionFile",
    "StudyInterval",
    "Throttle",
    "TimeAdjustment",
    "TimeCorrection",
    "Timeline",
    "Unit",
]
