"""What must hold of a plan at any time, whatever was done to it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.places.models import Room
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.schedule.conflicts import Booking, Holder, overlaps
from scheduler.domain.schedule.dates import starts_until
from scheduler.domain.schedule.models import Cause, Closure, Occurrence, Series
from scheduler.domain.schedule.rule_text import rule_of
from scheduler.domain.schedule.terms import Term
from scheduler.domain.schedule.wall_time import instant_of
from scheduler.store.audit import AuditEntry
from tests.domain.planning.center import Center


@dataclass
class Promises:
    """Remembers what was past and what was moved, and looks again after each change."""

    center: Center
    past: dict[int, Any] = field(default_factory=dict)
    past_duties: dict[int, Any] = field(default_factory=dict)
    moved: dict[int, datetime] = field(default_factory=dict)
    revisions: dict[int, tuple[int, int, datetime]] = field(default_factory=dict)

    def look(self, after: str) -> None:
        """Raises AssertionError for what does not hold; `after` names what was done."""
        self.rows: list[Occurrence] = self.center.rows(Occurrence)
        self.duties: list[Duty] = self.center.rows(Duty)
        self.series: dict[int, Series] = {each.id: each for each in self.center.rows(Series)}
        self.posts: dict[int, Post] = {each.id: each for each in self.center.rows(Post)}
        self.somebody_left = bool(self.center.rows(AuditEntry, action="person.released"))
        self.past_stays()
        self.nothing_overlaps_unflagged()
        self.derived_values_are_right()
        self.every_date_of_a_rule_is_there()
        self.duties_follow_posts()
        self.members_have_places()
        self.moves_are_kept(but=after in {"move", "together", "undo"})
        self.changes_only_rise()
        self.nothing_is_left_in_a_closed_place()

    def past_stays(self) -> None:
        now = self.center.now
        past = {
            each.id: (
                each.series_id,
                each.original_start,
                each.starts_at,
                each.ends_at,
                each.room_id,
                each.booked,
            )
            for each in self.rows
            if each.starts_at <= now
        }
        led: dict[int, list[int]] = defaultdict(list)
        for duty in self.duties:
            if duty.ends_at <= now:
                led[duty.occurrence_id].append(duty.person_id)
        assert {number: past.get(number) for number in self.past} == self.past
        assert {number: led.get(number) for number in self.past_duties} == self.past_duties
        self.past, self.past_duties = past, dict(led)

    def nothing_overlaps_unflagged(self) -> None:
        rooms = [
            (Booking(Holder.ROOM, each.room_id, each.starts_at, each.ends_at, each.id), each.exclusive)
            for each in self.rows
            if each.booked and each.room_id not in {None, self.center.hall}
        ]
        people = [
            (
                Booking(Holder.FACILITATOR, each.person_id, each.starts_at, each.ends_at, each.occurrence_id),
                each.exclusive,
            )
            for each in self.duties
            if each.booked
        ]
        for held in (rooms, people):
            is_exclusive = {(each.held, each.occurrence): flag for each, flag in held}
            for found in overlaps(each for each, _ in held):
                both = [is_exclusive[side.held, side.occurrence] for side in (found.first, found.second)]
                assert both != [True, True], found

    def derived_values_are_right(self) -> None:
        causes = {each.occurrence_id for each in self.center.rows(Cause)}
        spans = {each.id: (each.starts_at, each.ends_at, each.booked) for each in self.rows}
        for each in self.rows:
            series = self.series[each.series_id]
            assert each.booked == (each.id not in causes)
            assert each.starts_at == instant_of(each.local_start, ZoneInfo(series.timezone))
            assert each.own_start or each.local_start == each.original_start
            if each.booked:
                assert each.ends_at - each.starts_at == timedelta(minutes=each.own_minutes or series.duration)
        for duty in self.duties:
            assert (duty.starts_at, duty.ends_at, duty.booked) == spans[duty.occurrence_id]

    def every_date_of_a_rule_is_there(self) -> None:
        there = {(each.series_id, each.original_start) for each in self.rows}
        assert len(there) == len(self.rows)
        for series in self.series.values():
            until = min(series.made_until, (self.center.now + timedelta(weeks=25)).date())
            dates = starts_until(
                rule_of(series.rule), series.first_start, after=None, until=until, ends_on=series.ends_on
            )
            zone = ZoneInfo(series.timezone)
            to_come = {(series.id, start) for start in dates if instant_of(start, zone) > self.center.now}
            assert to_come <= there

    def duties_follow_posts(self) -> None:
        by_place = {(each.occurrence_id, each.post_id): each for each in self.duties}
        for each in self.rows:
            if not each.booked or each.starts_at <= self.center.now:
                continue
            held = {
                post.id
                for post in self.posts.values()
                if post.series_id == each.series_id
                and Term(post.from_date, post.until_date).holds(each.original_start.date())
            }
            has = {post for number, post in by_place if number == each.id}
            # After somebody left, an occurrence may be without a leader, or keep a substitute for them.
            assert has == held or self.somebody_left, each.original_start

    def members_have_places(self) -> None:
        by_series: dict[int, list[Enrollment]] = defaultdict(list)
        for each in self.center.rows(Enrollment):
            by_series[each.series_id].append(each)
        for number, rows in by_series.items():
            for one, other in combinations(rows, 2):
                terms = [Term(each.from_date, each.until_date) for each in (one, other)]
                assert one.person_id != other.person_id or not terms[0].overlaps(terms[1])
            for day in {each.from_date for each in rows}:
                held = [each for each in rows if Term(each.from_date, each.until_date).holds(day)]
                assert len(held) <= (self.series[number].capacity or len(held))

    def moves_are_kept(self, *, but: bool) -> None:
        now = {each.id: each for each in self.rows if each.own_start}
        for number, at in self.moved.items():
            if number in now and not but:
                assert now[number].starts_at == at
        self.moved = {number: each.starts_at for number, each in now.items()}

    def nothing_is_left_in_a_closed_place(self) -> None:
        """What is to come there does not meet, or is elsewhere: all kinds but medication were decided."""
        for closure in self.center.rows(Closure, lifted_at=None):
            rooms = {
                room.id
                for room in self.center.rows(Room)
                if closure.room_id == room.id or (closure.room_id is None and closure.site_id == room.site_id)
            }
            for each in self.rows:
                is_then = each.starts_at < closure.ends_at and closure.starts_at < each.ends_at
                if each.room_id in rooms and is_then and each.starts_at > self.center.now:
                    assert not each.booked

    def changes_only_rise(self) -> None:
        new = {each.id: (each.revision, each.sequence, each.changed_at) for each in self.rows}
        for number, old in self.revisions.items():
            if number in new:
                assert new[number] == old or all(a <= b for a, b in zip(old, new[number], strict=True))
        self.revisions = new
