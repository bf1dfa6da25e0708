"""Looks of certificates that were proposed, to be seen on a sample before they are kept."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class LookDraft(Base):
    """What would change of the look: '' or NULL leaves a part as it is, no bytes take it away.

    Nothing is printed from it before `kept_at`. Deleted a day after it was made.
    """

    __tablename__ = "look_draft"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    accent: Mapped[str] = mapped_column(String(7))
    paper: Mapped[str] = mapped_column(String(10))
    logo: Mapped[bytes | None] = mapped_column(LargeBinary)
    seal: Mapped[bytes | None] = mapped_column(LargeBinary)
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(index=True)
    kept_at: Mapped[datetime | None]
