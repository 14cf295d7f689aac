"""Sites and rooms."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.store.base import Base, Instant, Key


class Site(Base):
    """A building with rooms; ``timezone`` is the IANA zone its series begin with."""

    __tablename__ = "site"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str] = mapped_column(default="")
    timezone: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[Instant]


class Room(Base):
    """A room of a site, or an online room with a join link and no site.

    A ``shared`` room may hold several sessions at once (a hall, an online account).
    """

    __tablename__ = "room"
    __table_args__ = (CheckConstraint("site_id IS NOT NULL OR join_link <> ''", name="somewhere"),)

    id: Mapped[Key]
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"), index=True)
    name: Mapped[str]
    join_link: Mapped[str] = mapped_column(default="")
    capacity: Mapped[int | None]
    shared: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[Instant]
