"""Feeds, and the body that each last served."""

from datetime import date

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.store.base import Base, Instant, Key


class Feed(Base):
    """A calendar at a secret address, of one person, revocable by itself.

    Only the SHA-256 of the token is kept. ``titles`` is plain, discreet or full; ``language`` is that of the
    words that the program writes. ``revision`` counts changes of the feed itself. A revoked feed is an empty
    calendar until ``farewell_until`` (empty: never), and gone after it. One that is ``suspended_at`` a
    restore is gone until somebody confirms it. ``replaced_by`` is the feed that has its new address, where it
    was given one. ``span_from`` is the Monday at which the calendar begins.
    """

    __tablename__ = "feed"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    titles: Mapped[str]
    show_place: Mapped[bool] = mapped_column(default=False)
    show_link: Mapped[bool] = mapped_column(default=False)
    daily_dosing: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str]
    span_from: Mapped[date]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
    farewell_until: Mapped[Instant | None]
    suspended_at: Mapped[Instant | None]
    replaced_by: Mapped[int | None]
    fetched_at: Mapped[Instant | None]
    fetched_by: Mapped[str] = mapped_column(default="")


class FeedKind(Base):
    """What a feed shows of one kind of session. Without a row: all of it, without an alarm."""

    __tablename__ = "feed_kind"

    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    shown: Mapped[bool]
    alarm_minutes: Mapped[int | None]


class FeedBody(Base):
    """The compressed calendar of a feed, valid for one calendar revision, feed revision and wording.

    ``wording`` is a fingerprint of the installation's own words in it, and of the way it was written.
    """

    __tablename__ = "feed_body"

    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id"), primary_key=True)
    calendar_revision: Mapped[int]
    feed_revision: Mapped[int]
    wording: Mapped[str]
    etag: Mapped[str]
    last_modified: Mapped[Instant]
    body: Mapped[bytes] = mapped_column(LargeBinary)


class FeedMissing(Base):
    """A series of which something could not be written when the stored calendar of a feed was.

    ``series_id`` refers to nothing: such a note must not keep a series from being taken back.
    """

    __tablename__ = "feed_missing"

    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id"), primary_key=True)
    series_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
