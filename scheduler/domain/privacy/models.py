"""Inquiries, reviews and erasures."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.store.base import Base, Instant, Key


class Inquiry(Base):
    """Somebody asked whether a person comes here. ``person_id``: who was meant, if there is one so named."""

    __tablename__ = "inquiry"

    id: Mapped[Key]
    at: Mapped[Instant] = mapped_column(index=True)
    taken_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asker: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    answer: Mapped[str]


class Review(Base):
    """A reviewer reads the sheets of a span of local dates until a date, once the undertaking is accepted."""

    __tablename__ = "review"
    __table_args__ = (CheckConstraint("span_from <= span_until", name="span"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    span_from: Mapped[date]
    span_until: Mapped[date]
    access_until: Mapped[date]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]
    accepted_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]


class Erasure(Base):
    """A person was erased; what the law keeps carries no name, and is kept until ``kept_until``."""

    __tablename__ = "erasure"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[Instant]
    made_by: Mapped[int | None]
    kept_until: Mapped[date]
