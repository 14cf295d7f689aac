"""Feeds made, changed, given a new address, turned off; and the bodies that they serve."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.calendars.display import WEEKS_BACK
from scheduler.domain.calendars.languages import ENGLISH, LANGUAGES
from scheduler.domain.calendars.models import Feed, FeedKind
from scheduler.domain.calendars.queries import owned
from scheduler.domain.calendars.sources import USUAL, OfKind, Titles
from scheduler.domain.calendars.standing import Ending
from scheduler.domain.calendars.tokens import hash_of, new_token
from scheduler.domain.people.names import clean
from scheduler.domain.people.roles import Actor
from scheduler.domain.people.service import locked
from scheduler.domain.schedule.kinds import Kind
from scheduler.errors import Invalid, NotFound, Refused, SchedulerError
from scheduler.store.audit import done_by, record
from scheduler.store.base import require_revision
from scheduler.store.ledger import Ended, remember
from scheduler.store.revisions import raise_calendars

MOST_FEEDS = 20
LONGEST_NAME = 60
LONGEST_ALARM = timedelta(days=7)
SPAN_MOVES_AFTER = timedelta(weeks=4)
SPANS_AT_ONCE = 2_000
_MADE = "feed.made"
_KEPT = ("person_id", "name", "titles", "show_place", "show_link", "daily_dosing", "language", "span_from")
"""What a new address takes over, beside the choices of each kind."""


class AlreadyShown(SchedulerError):
    """This very form made a calendar before: its address was shown then, and nobody can look it up again."""

    def __init__(self, feed_id: int) -> None:
        super().__init__("We showed the address only once.")
        self.feed_id = feed_id


@dataclass(frozen=True, slots=True)
class Choices:
    """What the owner of a feed decides: see `sources.Wishes`."""

    name: str
    titles: Titles
    show_place: bool = False
    show_link: bool = False
    kinds: Mapping[str, OfKind] = field(default_factory=dict)
    daily_dosing: bool = False
    language: str = ENGLISH.code


def make_feed(
    session: Database, *, actor: Actor, person_id: int, choices: Choices, form: str = "", now: datetime
) -> str:
    """A new feed; answers its token, which nobody can look up again.

    ``form`` names what was sent: sent twice by its owner, it makes one feed, and raises AlreadyShown then.
    Raises Invalid for a name that is empty, too long or that of another calendar of theirs, an alarm longer
    than a week before, a language that is not known and where no kind would be shown; NotFound for a person
    who is not there or no longer, Refused for the 21st.
    """
    _take_owner(session, person_id)
    _refuse_again(session, form, actor)
    _refuse_taken(session, person_id, choices.name)
    living = select(func.count()).where(Feed.person_id == person_id, Feed.revoked_at.is_(None))
    if (session.scalar(living) or 0) >= MOST_FEEDS:
        raise Refused("You have many calendars already. Turn off one that you do not use.")
    token = new_token()
    feed = Feed(
        person_id=person_id,
        token_hash=hash_of(token),
        span_from=span_from(now),
        created_at=now,
        changed_at=now,
        **_columns(choices),
    )
    _add(session, feed, actor, form, now)
    _keep_kinds(session, feed.id, choices.kinds)
    return token


def change_feed(
    session: Database,
    *,
    actor: Actor,
    feed_id: int,
    person_id: int,
    seen: int,
    choices: Choices,
    now: datetime,
) -> None:
    """Other choices at the same address. `seen` is the revision that the form showed.

    Raises Invalid as `make_feed`, NotFound for a feed that is another's or turned off, Conflict.
    """
    _take_owner(session, person_id)
    feed = _living(session, feed_id, person_id)
    require_revision(feed, seen)
    if choices.name != feed.name:
        _refuse_taken(session, person_id, choices.name)
    for name, value in _columns(choices).items():
        setattr(feed, name, value)
    _keep_kinds(session, feed_id, choices.kinds)
    feed.changed_at = now
    raise_calendars(session, [person_id], now=now)
    _record(session, feed, actor, "feed.changed", now)


def give_new_address(
    session: Database,
    *,
    actor: Actor,
    feed_id: int,
    person_id: int,
    farewell: timedelta,
    form: str = "",
    now: datetime,
) -> str:
    """The same feed at a new address; answers its token. The old address says farewell.

    ``form`` as in `make_feed`. Raises NotFound for a feed that is another's or turned off, and as
    `make_feed`.
    """
    _take_owner(session, person_id)
    _refuse_again(session, form, actor)
    old = _living(session, feed_id, person_id)
    token = new_token()
    new = Feed(
        token_hash=hash_of(token),
        created_at=now,
        changed_at=now,
        **{name: getattr(old, name) for name in _KEPT},
    )
    _end(session, old, Ending.FAREWELL, farewell, now)
    _record(session, old, actor, "feed.replaced", now)
    _add(session, new, actor, form, now)
    old.replaced_by = new.id
    _keep_kinds(session, new.id, owned(session, old.id).wishes.kinds)
    return token


def revoke_feed(
    session: Database,
    *,
    actor: Actor,
    feed_id: int,
    person_id: int,
    ending: Ending,
    farewell: timedelta,
    now: datetime,
) -> None:
    """Turn a feed off, in one of the two ways. One that says farewell already may still be ended now.

    Raises NotFound for a feed that is another's or gone.
    """
    feed = _owned(session, feed_id, person_id)
    if feed.revoked_at is not None and (ending is Ending.FAREWELL or feed.farewell_until is None):
        raise NotFound("There is no such feed.")
    _end(session, feed, ending, farewell, now)
    _record(session, feed, actor, "feed.revoked", now, ending=ending.value)


def revoke_all(session: Database, *, actor: Actor, person_id: int, farewell: timedelta, now: datetime) -> int:
    """Turn off all feeds of somebody who leaves, the way that empties their calendars; answers how many."""
    live = select(Feed).where(Feed.person_id == person_id, Feed.revoked_at.is_(None))
    feeds = session.scalars(live.order_by(Feed.id).with_for_update()).all()
    for feed in feeds:
        _end(session, feed, Ending.FAREWELL, farewell, now)
        _record(session, feed, actor, "feed.revoked", now, ending=Ending.FAREWELL.value)
    return len(feeds)


def note_live_again(session: Database, *, feeds: Collection[int], now: datetime) -> None:
    """What ended these was taken back: of them, those that are live are not ended again by a restore."""
    live = select(Feed.token_hash).where(Feed.id.in_(feeds), Feed.revoked_at.is_(None)).order_by(Feed.id)
    for token_hash in session.scalars(live).all():
        remember(session, what=Ended.FEED_BACK, key=token_hash, now=now)


def confirm_feeds(session: Database, *, actor: Actor, person_id: int | None = None, now: datetime) -> int:
    """Let feeds that a restore suspended answer again, one person's or everybody's; answers how many."""
    whose = Feed.person_id == person_id if person_id is not None else Feed.id.is_not(None)
    suspended = select(Feed).where(Feed.suspended_at.is_not(None), whose)
    feeds = session.scalars(suspended.order_by(Feed.id).with_for_update()).all()
    for feed in feeds:
        feed.suspended_at = None
        feed.revision += 1
        _record(session, feed, actor, "feed.confirmed", now)
    return len(feeds)


def note_shown(session: Database, *, actor: Actor, person_id: int, now: datetime) -> None:
    """Put on record that somebody looked at what a person's calendar contains."""
    record(
        session,
        at=now,
        actor=actor,
        action="feed.shown",
        subject="person",
        subject_id=person_id,
        person_id=person_id,
    )


def move_spans(session: Database, *, now: datetime) -> int:
    """Let the calendars that begin too long ago begin later, so many at once; answers how many. To be called
    daily, until there are none.

    A calendar begins 12 weeks back and moves on after four more, so that nothing in it depends on the day.
    """
    due = span_from(now) - SPAN_MOVES_AFTER
    old = select(Feed).where(Feed.revoked_at.is_(None), Feed.span_from <= due).order_by(Feed.id)
    feeds = session.scalars(old.limit(SPANS_AT_ONCE)).all()
    for feed in feeds:
        feed.span_from = span_from(now)
        feed.revision += 1
    raise_calendars(session, {feed.person_id for feed in feeds}, now=now)
    return len(feeds)


def span_from(now: datetime) -> date:
    """The Monday at which a calendar that is made now begins."""
    today = now.date()
    return today - timedelta(days=today.weekday(), weeks=WEEKS_BACK)


def _columns(choices: Choices) -> dict[str, str | bool]:
    """The checked choices as columns; those of each kind are rows of their own."""
    name = clean(choices.name)
    if not name or len(name) > LONGEST_NAME:
        raise Invalid("Give this calendar a name of at most 60 letters, such as “My phone”.", "name")
    alarms = [of.alarm_minutes for of in choices.kinds.values() if of.alarm_minutes is not None]
    if not all(timedelta(0) <= timedelta(minutes=alarm) <= LONGEST_ALARM for alarm in alarms):
        raise Invalid("A reminder comes from 0 minutes to a week before the start.", "alarm")
    if not any(choices.kinds.get(kind, USUAL).shown for kind in Kind):
        raise Invalid("Leave at least one kind of session in the calendar.", "kinds")
    if choices.language not in {language.code for language in LANGUAGES}:
        raise Invalid("Choose one of the languages.", "language")
    return {
        "name": name,
        "titles": choices.titles.value,
        "show_place": choices.show_place,
        "show_link": choices.show_link,
        "daily_dosing": choices.daily_dosing,
        "language": choices.language,
    }


def _keep_kinds(session: Database, feed_id: int, kinds: Mapping[str, OfKind]) -> None:
    """A row for each kind that is not as usual."""
    session.execute(delete(FeedKind).where(FeedKind.feed_id == feed_id))
    session.add_all(
        FeedKind(feed_id=feed_id, kind=Kind(kind), shown=of.shown, alarm_minutes=of.alarm_minutes)
        for kind, of in kinds.items()
        if of != USUAL
    )


def _take_owner(session: Database, person_id: int) -> None:
    """Locked, so that no calendar is made for somebody who is disabled, joined or erased at this moment."""
    if locked(session, person_id).disabled_at is not None:
        raise NotFound("There is no such person.")


def _refuse_again(session: Database, form: str, actor: Actor) -> None:
    """Their owner is locked, so that the same form is not at work elsewhere."""
    if not form:
        return
    made = done_by(session, form=form, action=_MADE, subject="feed", actor=actor.person_id)
    if made is not None:
        raise AlreadyShown(made)


def _refuse_taken(session: Database, person_id: int, name: str) -> None:
    """Two calendars of one name cannot be told apart when one is to be turned off."""
    living = select(Feed.name).where(Feed.person_id == person_id, Feed.revoked_at.is_(None))
    if _plain(name) in {_plain(each) for each in session.scalars(living)}:
        raise Invalid("You have a calendar of this name already. Give this one another name.", "name")


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _owned(session: Database, feed_id: int, person_id: int) -> Feed:
    feed = session.scalar(
        select(Feed).where(Feed.id == feed_id, Feed.person_id == person_id).with_for_update()
    )
    if feed is None:
        raise NotFound("There is no such feed.")
    return feed


def _living(session: Database, feed_id: int, person_id: int) -> Feed:
    feed = _owned(session, feed_id, person_id)
    if feed.revoked_at is not None:
        raise NotFound("There is no such feed.")
    return feed


def _end(session: Database, feed: Feed, ending: Ending, farewell: timedelta, now: datetime) -> None:
    feed.revoked_at = feed.revoked_at or now
    feed.farewell_until = now + farewell if ending is Ending.FAREWELL else None
    feed.revision += 1
    remember(session, what=Ended.FEED, key=feed.token_hash, until=feed.farewell_until, now=now)


def _add(session: Database, feed: Feed, actor: Actor, form: str, now: datetime) -> None:
    session.add(feed)
    session.flush()
    _record(session, feed, actor, _MADE, now, **({"form": form} if form else {}))


def _record(session: Database, feed: Feed, actor: Actor, action: str, now: datetime, **detail: str) -> None:
    record(
        session,
        at=now,
        actor=actor,
        action=action,
        subject="feed",
        subject_id=feed.id,
        person_id=feed.person_id,
        detail=detail,
    )
