"""Series, occurrences and causes."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.store.base import Base, Instant, Key, LocalTime, never_twice


class Series(Base):
    """A planned session, repeated or single.

    ``first_start`` is the rule's first date and wall time in ``timezone``, ``duration`` elapsed
    minutes, ``rule`` an RFC 5545 rule of the allowed subset (empty: a single date), ``ends_on`` the
    local date after which nothing takes place although the rule would go on. ``made_until`` is the
    local date up to which occurrences exist. Series linked by splits share a ``lineage_id``, the id
    of the first of them. A ``listed`` one is a meeting that no center runs.
    """

    __tablename__ = "series"
    __table_args__ = (
        CheckConstraint("duration > 0", name="duration"),
        CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
        Index(None, "listed", "made_until"),
    )

    id: Mapped[Key]
    lineage_id: Mapped[int | None] = mapped_column(index=True)
    listed: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str]
    fellowship: Mapped[str | None]
    title: Mapped[str]
    discreet_title: Mapped[str] = mapped_column(default="")
    first_start: Mapped[LocalTime]
    duration: Mapped[int]
    timezone: Mapped[str]
    rule: Mapped[str] = mapped_column(default="")
    ends_on: Mapped[date | None]
    made_until: Mapped[date | None]
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"), index=True)
    capacity: Mapped[int | None]
    counting: Mapped[str]
    closed: Mapped[bool] = mapped_column(default=False)
    sequence: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[Instant]


class Occurrence(Base):
    """One meeting of a series, named by the series and its original local start.

    ``local_start`` is where it now stands, in the series' zone; ``starts_at`` and ``ends_at`` follow
    from it. The ``own_…`` columns say which attributes it overrides: an edit of the series leaves
    those alone. ``booked`` is whether it takes place (it has no cause), ``exclusive`` whether its
    room is its own (not in a shared room, not overridden by a coordinator with ``override_reason``).
    """

    __tablename__ = "occurrence"
    __table_args__ = (
        UniqueConstraint("series_id", "original_start"),
        UniqueConstraint("id", "starts_at", "ends_at", "booked"),
        CheckConstraint("starts_at < ends_at", name="span"),
        never_twice(
            "room_id",
            "tstzrange(starts_at, ends_at)",
            where="booked AND exclusive",
            name="ex_occurrence_room",
        ),
        Index(None, "room_id", "starts_at"),
        Index(None, "starts_at"),
        {"sqlite_autoincrement": True},  # the audit names occurrences that are gone
    )

    id: Mapped[Key]
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    original_start: Mapped[LocalTime]
    local_start: Mapped[LocalTime]
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    own_start: Mapped[bool] = mapped_column(default=False)
    own_room: Mapped[bool] = mapped_column(default=False)
    booked: Mapped[bool] = mapped_column(default=True)
    exclusive: Mapped[bool] = mapped_column(default=True)
    override_reason: Mapped[str] = mapped_column(default="")
    move_reason: Mapped[str] = mapped_column(default="")
    sequence: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[Instant]


class Cause(Base):
    """Why an occurrence does not take place. Lifting a cause deletes its row."""

    __tablename__ = "cause"
    __table_args__ = (UniqueConstraint("occurrence_id", "type"),)

    id: Mapped[Key]
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id"), index=True)
    type: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]
