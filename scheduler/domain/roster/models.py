"""Posts and duties."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.store.base import Base, Instant, Key, never_twice


class Post(Base):
    """A facilitator holds a position in a series between two local dates, both included."""

    __tablename__ = "post"
    __table_args__ = (
        CheckConstraint("until_date IS NULL OR from_date <= until_date", name="dates"),
        Index(None, "series_id", "from_date"),
        Index(None, "person_id", "from_date"),
    )

    id: Mapped[Key]
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    position: Mapped[str]
    from_date: Mapped[date]
    until_date: Mapped[date | None]
    uid: Mapped[str] = mapped_column(unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[Instant]


class Duty(Base):
    """A facilitator's assignment to one occurrence, made from a post.

    ``person_id`` other than the post's is a substitution. The span and ``booked`` repeat the
    occurrence's (the database keeps them equal), so that "nobody leads two sessions at once" can be
    a constraint of this table alone. ``uid`` names a substitution in calendars.
    """

    __tablename__ = "duty"
    __table_args__ = (
        UniqueConstraint("occurrence_id", "post_id"),
        ForeignKeyConstraint(
            ["occurrence_id", "starts_at", "ends_at", "booked"],
            ["occurrence.id", "occurrence.starts_at", "occurrence.ends_at", "occurrence.booked"],
            onupdate="CASCADE",
            name="fk_duty_span_occurrence",
        ),
        never_twice(
            "person_id", "tstzrange(starts_at, ends_at)", where="booked AND exclusive", name="ex_duty_person"
        ),
        Index(None, "person_id", "starts_at"),
        {"sqlite_autoincrement": True},  # undoing a change names duties that are gone
    )

    id: Mapped[Key]
    occurrence_id: Mapped[int] = mapped_column(index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    position: Mapped[str]
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    booked: Mapped[bool]
    exclusive: Mapped[bool] = mapped_column(default=True)
    override_reason: Mapped[str] = mapped_column(default="")
    uid: Mapped[str] = mapped_column(unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[Instant]
