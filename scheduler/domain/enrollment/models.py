"""Who belongs to a series, from when until when."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.store.base import Base, Instant, Key


class Enrollment(Base):
    """A member belongs to a series between two local dates of its zone, both included.

    ``stay_id`` is the stay that it belongs to; a listed meeting of one's own choice belongs to none.
    ``until_date`` empty: open. ``uid`` names the run of dates in calendars, opaquely, and is never
    used again. ``sequence`` and ``changed_at`` rise with every change that a calendar shows.
    """

    __tablename__ = "enrollment"
    __table_args__ = (
        CheckConstraint("until_date IS NULL OR from_date <= until_date", name="dates"),
        # Whoever counts members reads nothing else.
        Index("ix_enrollment_series_id_dates", "series_id", "from_date", "until_date"),
        Index(None, "person_id", "from_date"),
    )

    id: Mapped[Key]
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    stay_id: Mapped[int | None] = mapped_column(ForeignKey("stay.id"), index=True)
    from_date: Mapped[date]
    until_date: Mapped[date | None]
    uid: Mapped[str] = mapped_column(unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[Instant]
