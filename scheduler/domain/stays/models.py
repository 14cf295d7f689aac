"""Programs, stays and holds."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.store.base import Base, Instant, Key


class Program(Base):
    """A named template that an organization edits; what a plan of care asks for hangs on it later."""

    __tablename__ = "program"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    archived: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)


class Stay(Base):
    """A member's time in a program between two local dates, both included; ``discharged_on`` empty: it lasts.

    ``counselor_id`` is the facilitator who looks after the member, ``kept_by`` the coordinator whose business
    the stay is where the member is a colleague. ``reason`` is a code (see ``reasons.py``).
    """

    __tablename__ = "stay"
    __table_args__ = (
        CheckConstraint("discharged_on IS NULL OR admitted_on <= discharged_on", name="dates"),
        Index(None, "person_id", "admitted_on"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"), index=True)
    counselor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    kept_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    admitted_on: Mapped[date]
    discharged_on: Mapped[date | None]
    reason: Mapped[str | None]
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[Instant]


class Hold(Base):
    """Nothing is expected of a member between two local dates, both included; ``until_date`` empty: open.

    ``places`` is ``kept`` or ``freed``: whether others may have the member's places meanwhile.
    """

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint("until_date IS NULL OR from_date <= until_date", name="dates"),
        Index(None, "person_id", "from_date"),
    )

    id: Mapped[Key]
    stay_id: Mapped[int] = mapped_column(ForeignKey("stay.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    from_date: Mapped[date]
    until_date: Mapped[date | None]
    places: Mapped[str]
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revision: Mapped[int] = mapped_column(default=1)
