"""Giving a series the occurrences that it does not have yet, with their duties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.expecting import Expectation
from scheduler.domain.enrollment.service import expectation_in
from scheduler.domain.people.roles import SYSTEM, Actor
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.concerned import load_room
from scheduler.domain.planning.holding import stand_and_hold
from scheduler.domain.planning.looking import Look, Wanted, look
from scheduler.domain.planning.standing import Stood
from scheduler.domain.roster.models import Post
from scheduler.domain.roster.service import NewDuty, add_duties, posts_in, term_of
from scheduler.domain.schedule.dates import ALL_MADE, Meeting, made_until, meetings_at, starts_until
from scheduler.domain.schedule.models import Series
from scheduler.domain.schedule.rule_text import rule_of
from scheduler.domain.schedule.service import NewOccurrence, add_occurrences

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Filled:
    """The new occurrences in order of time, what was found when looking, and what stood there already."""

    occurrences: tuple[int, ...]
    found: Look
    stood: Stood


def fill(
    session: Database,
    *,
    series: Series,
    until: date,
    now: datetime,
    override: str = "",
    lenient: bool = False,
    viewer: Actor = SYSTEM,
) -> Filled:
    """Make all that is missing up to the local date `until`; the room and all who lead are locked.

    A year at most, at once. Raises Taken where a room or a facilitator is taken and there is no reason to
    `override`. `lenient`: never raises; what collides is made all the same, and not exclusive.
    """
    made = series.made_until or date.min
    if made != ALL_MADE:
        until = min(until, max(made, series.first_start.date()) + YEAR)
        reached = made_until(rule_of(series.rule), series.first_start, until=until, ends_on=series.ends_on)
        series.made_until = max(reached, made)
    meetings = _between(series, after=made, until=until)
    return add_meetings(
        session, series=series, meetings=meetings, now=now, override=override, lenient=lenient, viewer=viewer
    )


def add_meetings(
    session: Database,
    *,
    series: Series,
    meetings: Sequence[Meeting],
    now: datetime,
    override: str = "",
    lenient: bool = False,
    viewer: Actor = SYSTEM,
) -> Filled:
    """Make an occurrence for each meeting, which must be one of the rule's dates. Raises as `fill`."""
    posts = posts_in(session, series.id)
    room = load_room(session, series.room_id)
    is_shared = room is not None and room.shared
    expectation = expectation_in(session, series.id)
    wanted = wanted_of(meetings, None if is_shared else series.room_id, posts, expectation)
    found = look(session, wanted, override=override, viewer=viewer)
    occurrences = [NewOccurrence(meeting, not is_shared, "") for meeting in meetings]
    made = add_occurrences(session, series=series, wanted=occurrences, now=now)
    duties = [
        NewDuty(occurrence, meeting.starts_at, meeting.ends_at, True, post, True, "")
        for occurrence, meeting in zip(made, meetings, strict=True)
        for post in held_on(posts, meeting.local_start.date())
    ]
    add_duties(session, duties, now=now)
    written = {each.occurrence: number for each, number in zip(wanted, made, strict=True)}
    return Filled(tuple(made), *stand_and_hold(session, found, written, lenient=lenient, now=now))


def wanted_of(
    meetings: Sequence[Meeting],
    room_id: int | None,
    posts: Sequence[Post],
    expectation: Expectation,
) -> list[Wanted]:
    """The meetings, numbered -1, -2 …, with those who lead and are expected on each date."""
    return [
        Wanted(
            occurrence=-1 - place,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            room_id=room_id,
            facilitators=tuple(post.person_id for post in held_on(posts, meeting.local_start.date())),
            members=expectation.on(meeting.local_start.date()),
        )
        for place, meeting in enumerate(meetings)
    ]


def held_on(posts: Sequence[Post], day: date) -> list[Post]:
    """The posts that are held on a local date."""
    return [post for post in posts if term_of(post).holds(day)]


def _between(series: Series, *, after: date, until: date) -> list[Meeting]:
    """The meetings of the rule later than `after` and not later than `until`."""
    if after >= until:
        return []
    begins = None if after == date.min else after
    starts = starts_until(
        rule_of(series.rule), series.first_start, after=begins, until=until, ends_on=series.ends_on
    )
    return meetings_at(starts, series.duration, zone_named(series.timezone))
