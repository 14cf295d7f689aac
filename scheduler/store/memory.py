"""What a change did, row by row, so that it can be taken back as long as nothing was built on it."""

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.store.base import Base, Instant, Key


class Memory(Base):
    """One change of one person's life here. ``steps`` hold ids and plain values, nothing that identifies.

    ``undone_at``: it was taken back.
    """

    __tablename__ = "memory"
    __table_args__ = (Index(None, "person_id", "made_at"),)

    id: Mapped[Key]
    person_id: Mapped[int]
    kind: Mapped[str]
    made_at: Mapped[Instant]
    made_by: Mapped[int | None]
    undone_at: Mapped[Instant | None]
    steps: Mapped[list[dict[str, object]]] = mapped_column(JSON)
