"""Words by whose beginnings certificates and problem reports are found in the panel.

Sorted by code points, so that a prefix is a range of the index on both databases. Written with
the row they are of, by the events below.
"""

from sqlalchemy import Connection, ForeignKey, Index, String, delete, event, insert
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from domain.search_words import LONGEST_WORD, words_of_name, words_of_text
from models.base import Base
from models.certificates import Certificate
from models.problems import ProblemReport

Word = String(LONGEST_WORD).with_variant(String(LONGEST_WORD, collation="C"), "postgresql")


class CertificateWord(Base):
    """A word of the name printed on a certificate, which may differ from the holder's today."""

    __tablename__ = "certificate_word"
    __table_args__ = (Index("ix_certificate_word", "word", "certificate_id"),)

    certificate_id: Mapped[int] = mapped_column(
        ForeignKey("certificate.id", ondelete="CASCADE"), primary_key=True
    )
    word: Mapped[str] = mapped_column(Word, primary_key=True)


class ProblemWord(Base):
    """A word of what somebody reported, or of their address."""

    __tablename__ = "problem_word"
    __table_args__ = (Index("ix_problem_word", "word", "report_id"),)

    report_id: Mapped[int] = mapped_column(
        ForeignKey("problem_report.id", ondelete="CASCADE"), primary_key=True
    )
    word: Mapped[str] = mapped_column(Word, primary_key=True)


@event.listens_for(Certificate, "after_insert")
def _write_name(mapper: Mapper[Certificate], connection: Connection, row: Certificate) -> None:
    words = words_of_name(row.printed_name)
    if words:
        connection.execute(
            insert(CertificateWord),
            [{"certificate_id": row.id, "word": word} for word in sorted(words)],
        )


@event.listens_for(ProblemReport, "after_insert")
@event.listens_for(ProblemReport, "after_update")
def _write_text(mapper: Mapper[ProblemReport], connection: Connection, row: ProblemReport) -> None:
    words = words_of_text(row.text, row.email)
    connection.execute(delete(ProblemWord).where(ProblemWord.report_id == row.id))
    if words:
        connection.execute(
            insert(ProblemWord), [{"report_id": row.id, "word": word} for word in sorted(words)]
        )
