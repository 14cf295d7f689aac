"""Sheets, marks, and what each mark was before."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.store.base import Base, Instant, Key


class Sheet(Base):
    """What was recorded of one occurrence as a whole. It has no revision of its own: marks do.

    ``headcount`` is a number without names (sheets counted by heads), ``walk_ins`` how many more came
    than were expected, each counted without a name. Each is saved only over the number that was seen. Who
    came with a name has a :class:`WalkIn`.
    ``not_met_at``: it was recorded afterwards that nobody met, and why. ``reopened_at``: locked already, it
    was opened again then.
    """

    __tablename__ = "sheet"
    __table_args__ = (
        CheckConstraint("walk_ins >= 0", name="walk_ins"),
        CheckConstraint("headcount IS NULL OR headcount >= 0", name="headcount"),
    )

    id: Mapped[Key]
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id"), unique=True)
    opened_at: Mapped[Instant]
    headcount: Mapped[int | None]
    walk_ins: Mapped[int] = mapped_column(default=0)
    counted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    counted_at: Mapped[Instant | None]
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[Instant | None] = mapped_column(index=True)
    not_met_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    not_met_at: Mapped[Instant | None]
    not_met_reason: Mapped[str] = mapped_column(default="")
    reopened_at: Mapped[Instant | None]


class SheetChange(Base):
    """What a number of a sheet became, each time, and that the sheet was opened again.

    Only ever added, but that erasing somebody empties reasons. ``number`` is the headcount or the walk-ins;
    ``reason`` belongs to corrections and openings.
    """

    __tablename__ = "sheet_change"

    id: Mapped[Key]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id"), index=True)
    what: Mapped[str]
    number: Mapped[int | None]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[Instant]
    reason: Mapped[str] = mapped_column(default="")


class Mark(Base):
    """One person's recorded attendance. ``status`` empty: the mark was taken back.

    ``late_minutes`` belongs to ``late``, ``left_minutes`` (before the end) to ``left_early``, ``excuse`` to
    ``excused``. ``paper_line`` is the line that they signed, where it was taken on paper.
    """

    __tablename__ = "mark"
    __table_args__ = (UniqueConstraint("sheet_id", "person_id"), Index(None, "person_id"))

    id: Mapped[Key]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    status: Mapped[str | None]
    late_minutes: Mapped[int | None]
    left_minutes: Mapped[int | None]
    excuse: Mapped[str | None]
    paper_line: Mapped[int | None]
    marked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    marked_at: Mapped[Instant]
    revision: Mapped[int] = mapped_column(default=1)


class MarkChange(Base):
    """What a mark became, each time: only ever added. ``revision`` is the mark's after the change."""

    __tablename__ = "mark_change"
    __table_args__ = (UniqueConstraint("mark_id", "revision"),)

    id: Mapped[Key]
    mark_id: Mapped[int] = mapped_column(ForeignKey("mark.id"))
    revision: Mapped[int]
    status: Mapped[str | None]
    late_minutes: Mapped[int | None]
    left_minutes: Mapped[int | None]
    excuse: Mapped[str | None]
    marked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    marked_at: Mapped[Instant]


class Correction(Base):
    """Why a mark was changed after the sheet was handed in: ``revision`` is the mark's after that change.

    Apart from what it became, which is never changed: erasing somebody empties words that may name them.
    """

    __tablename__ = "correction"

    mark_id: Mapped[int] = mapped_column(ForeignKey("mark.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reason: Mapped[str]


class DeviceSheet(Base):
    """Which sheet a device held, when it first got it, and when last."""

    __tablename__ = "device_sheet"

    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id"), primary_key=True, index=True)
    first_at: Mapped[Instant]
    last_at: Mapped[Instant]


WAITS = "why <> '' AND settled_at IS NULL"
"""A SentMark that somebody has to decide on."""


class SentMark(Base):
    """A mark, a number or a walk-in (``what``) that a device sent, and what became of it. ``uid`` is the
    device's own. A walk-in's is also what its WalkIn was ``sent_as``; only there it has a name.

    ``made_at`` is by the server's clock, ``clock_at`` by the device's own, which orders what one device made
    (empty: of a time when that was not kept). ``fills``: it was only for somebody without a mark.
    ``revision`` is that of the mark at which it said the same as this, none where it never did. ``why`` it
    was kept aside; ``settled_at`` when somebody applied it after all or set it aside for good, and with which
    ``reason``.
    """

    __tablename__ = "sent_mark"
    __table_args__ = (
        Index("ix_sent_mark_waits", "sent_by", sqlite_where=text(WAITS), postgresql_where=text(WAITS)),
    )

    uid: Mapped[str] = mapped_column(primary_key=True)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    sent_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    what: Mapped[str]
    status: Mapped[str | None]
    late_minutes: Mapped[int | None]
    left_minutes: Mapped[int | None]
    excuse: Mapped[str | None]
    number: Mapped[int | None]
    seen: Mapped[int | None]
    fills: Mapped[bool]
    made_at: Mapped[Instant]
    clock_at: Mapped[Instant | None]
    received_at: Mapped[Instant]
    outcome: Mapped[str]
    revision: Mapped[int | None]
    why: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[Instant | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")


class AbsenceNotice(Base):
    """Somebody said beforehand that they can't make it to one occurrence. It is a proposal, never a mark.

    The last word of each person stands, in one row: said again it is live again, and the audit has every
    time. ``reason`` is an ``Excuse``, if one was given; who acted is the person or staff on their behalf.
    """

    __tablename__ = "absence_notice"
    __table_args__ = (UniqueConstraint("occurrence_id", "person_id"), Index(None, "person_id"))

    id: Mapped[Key]
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None]
    said_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    said_at: Mapped[Instant]
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    taken_back_at: Mapped[Instant | None]


class SheetRecord(Base):
    """How a session was held, as it was confirmed: a row for each time that was said, and the newest counts.

    Only ever added, but that erasing somebody empties reasons. ``present`` is how many were in the room,
    guests without a name too; ``counted`` whether minutes count. A ``reason`` makes it a correction.
    """

    __tablename__ = "sheet_record"
    __table_args__ = (UniqueConstraint("sheet_id", "revision"),)

    id: Mapped[Key]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id"))
    revision: Mapped[int]
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    breaks: Mapped[int]
    counted: Mapped[bool]
    present: Mapped[int]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]
    reason: Mapped[str] = mapped_column(default="")


class RecordLead(Base):
    """Who led then, with a credential that was valid on that local day: a row for each, or one without."""

    __tablename__ = "record_lead"

    id: Mapped[Key]
    record_id: Mapped[int] = mapped_column(ForeignKey("sheet_record.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    credential_id: Mapped[int | None] = mapped_column(ForeignKey("credential.id"))


class Attended(Base):
    """How somebody was there, and how many minutes count for them (none: minutes do not count)."""

    __tablename__ = "attended"

    record_id: Mapped[int] = mapped_column(ForeignKey("sheet_record.id"), primary_key=True)
    mark_id: Mapped[int] = mapped_column(ForeignKey("mark.id"), primary_key=True, index=True)
    way: Mapped[str]
    minutes: Mapped[int | None]


class WalkIn(Base):
    """Somebody who came, was not expected, and whose name was typed. ``status`` empty: taken off again, or
    kept aside until a coordinator decides.

    ``sent_as`` is what the form or the device called it: sent again, it is the same one. Once it is known who
    it was (``person_id``), that person has a mark, and this row counts no more.
    """

    __tablename__ = "walk_in"
    __table_args__ = (UniqueConstraint("sheet_id", "sent_as"), Index(None, "person_id"))

    id: Mapped[Key]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id"))
    sent_as: Mapped[str | None]
    status: Mapped[str | None]
    late_minutes: Mapped[int | None]
    left_minutes: Mapped[int | None]
    marked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    marked_at: Mapped[Instant]
    revision: Mapped[int] = mapped_column(default=1)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    matched_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    matched_at: Mapped[Instant | None]


class WalkInName(Base):
    """What a walk-in called themselves ("Dana R."), as long as nobody knows who it was.

    Beside ``identity`` the one other place with identifying values, for there is no person yet whose they
    are. The row goes when the walk-in is matched or taken off, when somebody of that name is erased, and
    after some days in any case; the walk-in then is counted without a name.
    """

    __tablename__ = "walk_in_name"

    walk_in_id: Mapped[int] = mapped_column(ForeignKey("walk_in.id"), primary_key=True)
    name: Mapped[str]
    written_at: Mapped[Instant] = mapped_column(index=True)
