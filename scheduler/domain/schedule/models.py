"""Series, occurrences and causes; closures and holidays, which are causes for many at once."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.store.base import Base, Instant, Key, LocalTime, never_twice


class Series(Base):
    """A planned session, repeated or single.

    ``first_start`` is the rule's first date and wall time in ``timezone``, ``duration`` elapsed
    minutes, ``rule`` an RFC 5545 rule of the allowed subset (empty: a single date), ``ends_on`` the
    local date after which nothing takes place although the rule would go on. ``made_until`` is the
    local date up to which occurrences exist. Series linked by splits share a ``lineage_id``, the id
    of the first of them. A ``listed`` one is a meeting that no center runs. The ``least_…`` and ``most_…``
    are what a payer counts (none: no such limit). ``check_in``: members come in by themselves.
    ``unplanned_at``: a facilitator started it on the spot.
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
    titled_at: Mapped[Instant | None]
    first_start: Mapped[LocalTime]
    duration: Mapped[int]
    timezone: Mapped[str]
    rule: Mapped[str] = mapped_column(default="")
    ends_on: Mapped[date | None]
    made_until: Mapped[date | None]
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"), index=True)
    capacity: Mapped[int | None]
    counting: Mapped[str]
    least_people: Mapped[int | None]
    most_people: Mapped[int | None]
    least_minutes: Mapped[int | None]
    most_minutes: Mapped[int | None]
    unplanned_at: Mapped[Instant | None]
    closed: Mapped[bool] = mapped_column(default=False)
    check_in: Mapped[bool] = mapped_column(default=False, server_default=false())
    sequence: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[Instant]


class Occurrence(Base):
    """One meeting of a series, named by the series and its original local start.

    ``local_start`` is where it now stands, in the series' zone; ``starts_at`` and ``ends_at`` follow
    from it. The ``own_…`` columns say which attributes it overrides: an edit of the series leaves
    those alone; ``own_minutes`` is its own elapsed length, empty where it has that of the series.
    ``booked`` is whether it takes place (it has no cause), ``exclusive`` whether its room is its own
    (not in a shared room, not overridden by a coordinator with ``override_reason``).
    ``closure_id`` is the closure that moved it, as long as it stands where that put it.
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
        Index(None, "series_id", "starts_at"),
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
    own_minutes: Mapped[int | None]
    booked: Mapped[bool] = mapped_column(default=True)
    exclusive: Mapped[bool] = mapped_column(default=True)
    override_reason: Mapped[str] = mapped_column(default="")
    move_reason: Mapped[str] = mapped_column(default="")
    closure_id: Mapped[int | None] = mapped_column(ForeignKey("closure.id"), index=True)
    sequence: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[Instant]


class Cause(Base):
    """Why an occurrence does not take place. Lifting a cause deletes its row.

    A closure and a holiday are named by their ids, so that each of several is lifted alone.
    """

    __tablename__ = "cause"
    __table_args__ = (
        UniqueConstraint("occurrence_id", "closure_id"),
        UniqueConstraint("occurrence_id", "holiday_id"),
        Index(
            "uq_cause_occurrence_id_type",
            "occurrence_id",
            "type",
            unique=True,
            sqlite_where=text("closure_id IS NULL AND holiday_id IS NULL"),
            postgresql_where=text("closure_id IS NULL AND holiday_id IS NULL"),
        ),
        {"sqlite_autoincrement": True},  # undoing a change names causes that are gone
    )

    id: Mapped[Key]
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id"), index=True)
    type: Mapped[str]
    closure_id: Mapped[int | None] = mapped_column(ForeignKey("closure.id"), index=True)
    holiday_id: Mapped[int | None] = mapped_column(ForeignKey("holiday.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]


class KeptBoth(Base):
    """A coordinator wants a member at two occurrences that share time, as these stood then.

    Once one of them is moved it says nothing. It is no reference: a date that goes takes no decision along,
    and one that an undo brings back finds it.
    """

    __tablename__ = "kept_both"
    __table_args__ = (
        UniqueConstraint("person_id", "occurrence_id", "beside_id"),
        {"sqlite_autoincrement": True},  # undoing a change names rows that are gone
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    occurrence_id: Mapped[int] = mapped_column(index=True)
    beside_id: Mapped[int] = mapped_column(index=True)
    starts_at: Mapped[Instant]
    beside_at: Mapped[Instant]
    reason: Mapped[str]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]


class KeptTogether(Base):
    """A coordinator wants two people at an occurrence who are kept apart; the smaller id first.

    No reference to the occurrence, as in :class:`KeptBoth`.
    """

    __tablename__ = "kept_together"
    __table_args__ = (
        UniqueConstraint("person_id", "other_id", "occurrence_id"),
        {"sqlite_autoincrement": True},  # undoing a change names rows that are gone
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    occurrence_id: Mapped[int] = mapped_column(index=True)
    reason: Mapped[str]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]


class Closure(Base):
    """A site, or (with a ``room_id``) one room, shut from one instant to another.

    ``local_start`` and ``local_end`` are what was typed, in ``timezone``; the instants follow from them.
    """

    __tablename__ = "closure"
    __table_args__ = (
        CheckConstraint("site_id IS NOT NULL OR room_id IS NOT NULL", name="somewhere"),
        CheckConstraint("starts_at < ends_at", name="span"),
        Index(None, "ends_at"),
    )

    id: Mapped[Key]
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"), index=True)
    reason: Mapped[str]
    local_start: Mapped[LocalTime]
    local_end: Mapped[LocalTime]
    timezone: Mapped[str]
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lifted_at: Mapped[Instant | None]
    revision: Mapped[int] = mapped_column(default=1)


class ClosureChoice(Base):
    """What a closure does with sessions of a kind; ``room_id`` is a chosen room (none: the best free one)."""

    __tablename__ = "closure_choice"

    closure_id: Mapped[int] = mapped_column(ForeignKey("closure.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    does: Mapped[str]
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))


class ClosureEffect(Base):
    """What a closure did to an occurrence, and what that was before: lifting it puts it back.

    ``was_booked``: it was to take place until then; ``for_want_of_room``: it was to be moved, and nothing
    was free. ``from_closure_id`` is the closure that had moved it before. ``became``: what came of it when
    this one was lifted or changed; empty as long as it stands.
    """

    __tablename__ = "closure_effect"
    __table_args__ = (UniqueConstraint("closure_id", "occurrence_id"), {"sqlite_autoincrement": True})

    id: Mapped[Key]
    closure_id: Mapped[int] = mapped_column(ForeignKey("closure.id"))
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id"), index=True)
    did: Mapped[str]
    was_booked: Mapped[bool] = mapped_column(default=True)
    for_want_of_room: Mapped[bool] = mapped_column(default=False)
    from_room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    from_own_room: Mapped[bool]
    from_exclusive: Mapped[bool] = mapped_column(default=True)
    from_override_reason: Mapped[str] = mapped_column(default="")
    from_move_reason: Mapped[str] = mapped_column(default="")
    from_closure_id: Mapped[int | None] = mapped_column(ForeignKey("closure.id"))
    to_room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    became: Mapped[str] = mapped_column(default="")


class ClosureCall(Base):
    """Somebody concerned by a closure was reached, by telephone or otherwise."""

    __tablename__ = "closure_call"

    closure_id: Mapped[int] = mapped_column(ForeignKey("closure.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    reached_at: Mapped[Instant]
    reached_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Holiday(Base):
    """A local date on which sessions of some kinds do not meet."""

    __tablename__ = "holiday"
    __table_args__ = (UniqueConstraint("day", "name"),)

    id: Mapped[Key]
    day: Mapped[date]
    name: Mapped[str]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]
    revision: Mapped[int] = mapped_column(default=1)


class HolidayKind(Base):
    """A kind of session that does not meet on a holiday."""

    __tablename__ = "holiday_kind"

    holiday_id: Mapped[int] = mapped_column(ForeignKey("holiday.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)


class HolidayException(Base):
    """An occurrence that meets on a holiday all the same."""

    __tablename__ = "holiday_exception"

    holiday_id: Mapped[int] = mapped_column(ForeignKey("holiday.id"), primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id"), primary_key=True, index=True)
