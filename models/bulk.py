"""Lists of people to enroll at once, with what became of each line."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, HasId

_TO_DO = text("outcome = ''")


class BulkList(HasId, Base):
    """A list as it was read. Nothing happens before `confirmed_at`; then the worker acts on it.

    Deleted with its lines some time after: the enrollments and the audit log stay.
    """

    __tablename__ = "bulk_list"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(300))
    made_at: Mapped[datetime] = mapped_column(index=True)
    confirmed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    intent: Mapped[str] = mapped_column(String(80), unique=True)


class BulkLine(HasId, Base):
    """One line: whom it names, or the fault for which it is left out.

    `outcome` is '' until the worker has come to it, then one of `domain.bulk_list.OUTCOMES`.
    """

    __tablename__ = "bulk_line"
    __table_args__ = (
        UniqueConstraint("bulk_list_id", "number"),
        Index(
            "ix_bulk_line_to_do",
            "bulk_list_id",
            "id",
            sqlite_where=_TO_DO,
            postgresql_where=_TO_DO,
        ),
    )

    bulk_list_id: Mapped[int] = mapped_column(ForeignKey("bulk_list.id", ondelete="CASCADE"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    fault: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[str] = mapped_column(String(20), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
