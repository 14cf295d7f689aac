"""One place in the plan of a series: an occurrence as it is to stand, made already or not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.domain.planning.looking import Wanted
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.roster.service import NewDuty, term_of
from scheduler.domain.schedule.dates import Meeting, meeting_at
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.wall_time import local_of


@dataclass(frozen=True, slots=True)
class Slot:
    """`number` is the id of an occurrence, or below zero; `original` is the date of the rule that it takes.

    `duties` are those that it keeps, each with the id of the post that it now comes from; `posts` still have
    to bring one. It is `booked` unless a cause stops it still. `anew`: it holds something that it did not
    hold before, and must be looked at.
    """

    number: int
    original: datetime
    meeting: Meeting
    room_id: int | None
    booked: bool
    anew: bool
    duties: tuple[tuple[int, Duty], ...]
    posts: tuple[Post, ...]

    def wanted(self, shared: Collection[int], members: Sequence[int]) -> Wanted:
        """What it holds; nothing in a shared room collides."""
        return Wanted(
            occurrence=self.number,
            starts_at=self.meeting.starts_at,
            ends_at=self.meeting.ends_at,
            room_id=None if self.room_id in shared else self.room_id,
            facilitators=(
                *(duty.person_id for _, duty in self.duties),
                *(post.person_id for post in self.posts),
            ),
            members=tuple(members),
        )

    def new_duties(self, occurrence_id: int) -> list[NewDuty]:
        """The duties that its posts bring."""
        return [
            NewDuty(
                occurrence_id,
                self.meeting.starts_at,
                self.meeting.ends_at,
                self.booked,
                post,
                True,
                "",
            )
            for post in self.posts
        ]


def new_slot(place: int, original: datetime, series: Series, zone: ZoneInfo, posts: Sequence[Post]) -> Slot:
    """A date that no occurrence takes."""
    return Slot(
        number=-1 - place,
        original=original,
        meeting=meeting_at(original, series.duration, zone),
        room_id=series.room_id,
        booked=True,
        anew=True,
        duties=(),
        posts=tuple(post for post in posts if term_of(post).holds(original.date())),
    )


def kept_slot(
    row: Occurrence,
    original: datetime,
    series: Series,
    zones: tuple[ZoneInfo, ZoneInfo],
    posts: Sequence[Post],
    duties: Mapping[int, Duty],
    *,
    revives: bool,
) -> Slot:
    """An occurrence that takes a date, with what it overrides; `zones` are the old one and the new.

    `duties` are its own, by the post of this series that each comes from. `revives`: nothing stops it any
    more.
    """
    local_start = local_of(row.starts_at, zones[1]) if row.own_start else original
    if row.own_start and zones[0] == zones[1]:
        local_start = row.local_start
    meeting = meeting_at(local_start, row.own_minutes or series.duration, zones[1])
    room_id = row.room_id if row.own_room else series.room_id
    held = [post for post in posts if term_of(post).holds(original.date())]
    missing = tuple(post for post in held if post.id not in duties)
    moves = (meeting.starts_at, meeting.ends_at, room_id) != (row.starts_at, row.ends_at, row.room_id)
    return Slot(
        number=row.id,
        original=original,
        meeting=meeting,
        room_id=room_id,
        booked=row.booked or revives,
        anew=moves or revives or bool(missing),
        duties=tuple((post.id, duties[post.id]) for post in held if post.id in duties),
        posts=missing,
    )
