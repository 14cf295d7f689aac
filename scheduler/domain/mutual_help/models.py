"""What a listed meeting has beside its series."""

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.store.base import Base, Instant


class ListedMeeting(Base):
    """Place, types and origin of a meeting that no center runs; its times stand in its series.

    ``source`` and ``source_key`` name it in the list it was read from; ``row_hash`` tells whether
    that list changed it. ``types`` are codes of its fellowship. ``end_assumed``: the list gave no end.
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
