"""Reads: everything that one person's calendar is made from, in eight statements at most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import column, exists, literal, or_, select, table, union_all
from sqlalchemy.orm import Session as Database

from scheduler.domain.calendars.pauses import Pause, parts_of
from scheduler.domain.calendars.sources import Cover, Meeting, Plan, Run, without_doubles
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import covers, passed_on
from scheduler.domain.places.models import Room, Site
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.terms import Term
from scheduler.domain.stays.models import Hold
from scheduler.store.asking import rows

# Where a meeting that no center runs is held stands in a table of a later package: only its name is used.
_LISTED = table("listed_meeting", *map(column, ("series_id", "place", "address", "online_link")))


@dataclass(frozen=True, slots=True)
class _Belonging:
    """A post, or what a member's holds leave of an enrollment; without its meetings yet."""

    is_post: bool
    uid: str
    series_id: int
    from_date: date
    until_date: date | None
    since: date | None = None

    def holds(self, meeting: _Made) -> bool:
        """Is this meeting among its own already, so that a cover for a colleague adds nothing?"""
        day = meeting.original.date()
        until = self.until_date or date.max
        return self.series_id == meeting.series_id and self.from_date <= day <= until


@dataclass(frozen=True, slots=True)
class _Made:
    """A meeting's row; its series and its room are still to be followed. `uid` is that of a substitution."""

    id: int
    series_id: int
    original: datetime
    start: datetime
    booked: bool
    room_id: int | None
    own_minutes: int | None
    uid: str = ""


@dataclass(frozen=True, slots=True)
class _Where:
    """What a calendar may say about where something is held."""

    place: str = ""
    link: str = ""


_MADE = (
    Occurrence.id,
    Occurrence.series_id,
    Occurrence.original_start,
    Occurrence.local_start,
    Occurrence.booked,
    Occurrence.room_id,
    Occurrence.own_minutes,
)


def sources_of(session: Database, person_id: int, begins: date) -> list[Run | Cover]:
    """The enrollments, posts and covers of a person that reach to `begins` or beyond, with their meetings.

    An enrollment without the dates on which its member is on hold: it may be in several parts, or none. What
    somebody leads goes on, whatever is paused for them as a member.
    """
    belongings = _belongings(session, person_id, begins)
    covering = _covers(session, person_id, begins)
    made = _made(session, {belonging.series_id for belonging in belongings}, begins)
    not_led = _not_led(session, person_id, begins) if any(b.is_post for b in belongings) else {}
    by_others = {number for number, is_lent in not_led.items() if is_lent} - {each.id for each in covering}
    by_nobody = not_led.keys() - by_others - {each.id for each in covering}
    led = {b.series_id for b in belongings if b.is_post} | {cover.series_id for cover in covering}
    series_ids = led | {b.series_id for b in belongings}
    follow = _Follow.read(session, series_ids, [*made, *covering], owner=person_id, led=led)
    by_series, led_by_series = defaultdict(list), defaultdict(list)
    for meeting in made:
        by_series[meeting.series_id].append(meeting)
        if meeting.id not in by_nobody:
            led_by_series[meeting.series_id].append(meeting)
    runs = [
        follow.run(b, led_by_series[b.series_id], by_others)
        if b.is_post
        else follow.run(b, by_series[b.series_id], ())
        for b in belongings
    ]
    outside = [cover for cover in covering if not any(b.holds(cover) for b in belongings)]
    return [*without_doubles(runs), *(follow.cover(cover) for cover in outside)]


def sources_of_series(session: Database, series: Mapping[int, date], begins: date) -> list[Run]:
    """Each of these series as its own calendar shows it, from its first date (the value) on, with all its
    meetings from `begins` on, and titles as those who lead carry them around.
    """
    made = _made(session, series.keys(), begins)
    follow = _Follow.read(session, set(series), made, owner=0, led=set(series))
    by_series = defaultdict(list)
    for meeting in made:
        by_series[meeting.series_id].append(meeting)
    wholes = [_Belonging(True, _uid_of(each), each, first, None) for each, first in series.items()]
    return [follow.run(whole, by_series[whole.series_id], ()) for whole in wholes]


def _uid_of(series_id: int) -> str:
    """The same in every file, and silent about what it is."""
    return uuid5(NAMESPACE_OID, f"plan {series_id}").hex


def _belongings(session: Database, person_id: int, begins: date) -> list[_Belonging]:
    enrollments, posts = (
        list(
            rows(
                session,
                select(belongs.uid, belongs.series_id, belongs.from_date, belongs.until_date)
                .where(belongs.person_id == person_id)
                .where(or_(belongs.until_date.is_(None), belongs.until_date >= begins)),
            )
        )
        for belongs in (Enrollment, Post)
    )
    pauses = _pauses(session, person_id) if enrollments else []
    unbroken = [
        _Belonging(False, name, series_id, part.from_date, part.until_date, from_date)
        for uid, series_id, from_date, until_date in enrollments
        for name, part in parts_of(uid, Term(from_date, until_date), pauses)
        if part.holds_from(begins)
    ]
    return [*unbroken, *(_Belonging(True, *row) for row in posts)]


def _pauses(session: Database, person_id: int) -> list[Pause]:
    """A key may be given again after its hold was undone; with the instant at which it was made, never."""
    query = select(Hold.id, Hold.made_at, Hold.from_date, Hold.until_date).where(Hold.person_id == person_id)
    return [
        Pause(f"{number} {made_at.isoformat()}", Term(from_date, until_date))
        for number, made_at, from_date, until_date in rows(session, query)
    ]


def _covers(session: Database, person_id: int, begins: date) -> list[_Made]:
    """Meetings that this person leads in place of another."""
    midnight = datetime.combine(begins, time.min)
    query = (
        select(*_MADE, Duty.uid)
        .join(Duty, Duty.occurrence_id == Occurrence.id)
        .join(Post, Post.id == Duty.post_id)
        .where(Duty.person_id == person_id, Post.person_id != person_id)
        .where(or_(Occurrence.original_start >= midnight, Occurrence.local_start >= midnight))
    )
    return [_Made(*row) for row in rows(session, query)]


def _made(session: Database, series_ids: Collection[int], begins: date) -> list[_Made]:
    query = (
        select(*_MADE)
        .where(Occurrence.series_id.in_(series_ids))
        .where(Occurrence.original_start >= datetime.combine(begins, time.min))
        .order_by(Occurrence.series_id, Occurrence.original_start)
    )
    return [_Made(*row) for row in rows(session, query)] if series_ids else []


def _not_led(session: Database, person_id: int, begins: date) -> dict[int, bool]:
    """The meetings of this person's posts that they do not lead: true where another one does.

    Where nobody does (who stood in for them has left, say), it is theirs no more on any page.
    """
    lent = (
        select(Duty.occurrence_id, literal(True))
        .join(Post, Post.id == Duty.post_id)
        .where(Post.person_id == person_id, Duty.person_id != person_id)
    )
    is_theirs = or_(Duty.post_id == Post.id, Duty.person_id == person_id)
    unled = (
        select(Occurrence.id, literal(False))
        .join(Post, covers(Post))
        .where(Post.person_id == person_id, ~exists().where(Duty.occurrence_id == Occurrence.id, is_theirs))
        .where(Occurrence.original_start >= datetime.combine(begins, time.min))
    )
    return {number: bool(is_lent) for number, is_lent in session.execute(union_all(lent, unled))}


@dataclass(frozen=True, slots=True)
class _Follow:
    """The series and rooms that rows refer to."""

    plans: dict[int, Plan]
    rooms: dict[int, _Where]

    @classmethod
    def read(
        cls,
        session: Database,
        series_ids: Collection[int],
        made: Iterable[_Made],
        *,
        owner: int,
        led: Collection[int],
    ) -> _Follow:
        """`led` are the series that the calendar's owner leads, if only once. Their titles may name a
        member, and those of what was another member's before or after the owner.
        """
        found = _series(session, series_ids, owner)
        room_ids = {row.room_id for row, _, _ in found} | {row.room_id for row in made}
        rooms = _rooms(session, {room_id for room_id in room_ids if room_id is not None})
        unnamed = {row.id for row, _, is_passed_on in found if is_passed_on}.union(led)
        plans = [_plan(row, rooms.get(row.room_id or 0, listed)) for row, listed, _ in found]
        return cls({plan.id: plan.unnamed() if plan.id in unnamed else plan for plan in plans}, rooms)

    def run(self, belonging: _Belonging, made: Iterable[_Made], led_by_others: Collection[int]) -> Run:
        meetings = (self._meeting(row, stopped=row.id in led_by_others) for row in made)
        plan = self.plans[belonging.series_id]
        return Run(
            belonging.uid,
            plan,
            belonging.from_date,
            belonging.until_date,
            tuple(meetings),
            is_post=belonging.is_post,
            since=belonging.since,
        )

    def cover(self, row: _Made) -> Cover:
        return Cover(row.uid, self.plans[row.series_id], self._meeting(row, stopped=False))

    def _meeting(self, row: _Made, *, stopped: bool) -> Meeting:
        plan = self.plans[row.series_id]
        where = self.rooms.get(row.room_id or 0, _Where(plan.place, plan.link))
        takes_place = row.booked and not stopped
        minutes = row.own_minutes or plan.minutes
        return Meeting(row.original, row.start, minutes, not takes_place, where.place, where.link)


def _series(session: Database, series_ids: Collection[int], owner: int) -> list[tuple[Series, _Where, bool]]:
    query = (
        select(Series, passed_on(owner), _LISTED.c.place, _LISTED.c.address, _LISTED.c.online_link)
        .outerjoin(_LISTED, _LISTED.c.series_id == Series.id)
        .where(Series.id.in_(series_ids))
    )
    found = session.execute(query) if series_ids else ()
    return [
        (row, _Where(_joined(place, address), link or ""), is_passed_on)
        for row, is_passed_on, place, address, link in found
    ]


def _rooms(session: Database, room_ids: Collection[int]) -> dict[int, _Where]:
    query = (
        select(Room.id, Room.name, Room.join_link, Site.name, Site.address)
        .outerjoin(Site, Site.id == Room.site_id)
        .where(Room.id.in_(room_ids))
    )
    found = rows(session, query) if room_ids else ()
    return {
        room_id: _Where(_joined(name, site, address), link) for room_id, name, link, site, address in found
    }


def _joined(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def _plan(row: Series, where: _Where) -> Plan:
    return Plan(
        id=row.id,
        kind=row.kind,
        zone=row.timezone,
        rule_text=row.rule,
        first=row.first_start,
        minutes=row.duration,
        title=row.title,
        discreet_title=row.discreet_title,
        place=where.place,
        link=where.link,
        ends_on=row.ends_on,
        made_until=row.made_until,
        listed=row.listed,
    )
