"""What a listed meeting has beside its series, and what a hosted group decided for itself."""

from typing import Final

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.store.base import Base, Instant

ENDED: Final = ""
"""The source of what no list has any more: the part of a meeting before it moved to another hour."""


class ListedMeeting(Base):
    """Place, types and origin of a meeting that no center runs; its times stand in its series.

    ``source`` and ``source_key`` name it in the list it was read from; ``row_hash`` tells whether
    that list changed it. The part of one that ended when it moved to another hour is ``ENDED``, named by its
    series; only its place is still asked for. ``types`` are codes of its fellowship. ``end_assumed``: the
    list gave no end.
    """

    __tablename__ = "listed_meeting"
    __table_args__ = (UniqueConstraint("source", "source_key"),)

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), primary_key=True)
    source: Mapped[str]
    source_key: Mapped[str]
    row_hash: Mapped[str]
    fellowship: Mapped[str]
    types: Mapped[list[str]] = mapped_column(JSON)
    place: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(default="")
    place_notes: Mapped[str] = mapped_column(default="")
    notes: Mapped[str] = mapped_column(default="")
    online_link: Mapped[str] = mapped_column(default="")
    online_phone: Mapped[str] = mapped_column(default="")
    end_assumed: Mapped[bool] = mapped_column(default=False)
    imported_at: Mapped[Instant]


class Conscience(Base):
    """What a hosted group decided for itself; only its chair and its secretary change it.

    ``lineage_id`` is the group through all its splits. ``proof_of_attendance``: an attendee who asks may have
    it. ``share_headcount``: the center sees the number, not only that there was a meeting.
    """

    __tablename__ = "conscience"

    lineage_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    proof_of_attendance: Mapped[bool] = mapped_column(default=False)
    share_headcount: Mapped[bool] = mapped_column(default=True)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[Instant]
    revision: Mapped[int] = mapped_column(default=1)
