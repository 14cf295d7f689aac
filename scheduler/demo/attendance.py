"""Half a year of sheets: most people come, some are late, a few fall away, and two sheets are still owed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from scheduler.demo.setting import Setting
from scheduler.domain.attendance.merging import Wanted
from scheduler.domain.attendance.past import PastMark, PastSheet
from scheduler.domain.attendance.service import record_past_sheets, save_marks
from scheduler.domain.attendance.statuses import Excuse, Status, Value
from scheduler.domain.enrollment.queries import members_by_occurrence
from scheduler.domain.people.roles import SYSTEM, Actor, Role
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.models import Occurrence, Series

RECENT = timedelta(days=10)
LATEST_HAND_IN = timedelta(minutes=25)
"""After the end; what ended later than that is still to be handed in."""
FALLING_AWAY = 5
"""How many members have missed everything for three weeks."""


@dataclass(frozen=True, slots=True)
class _Held:
    """An occurrence that took place and was led by somebody."""

    id: int
    kind: str
    counting: str
    starts_at: datetime
    ends_at: datetime
    by: int


def take_attendance(session: Database, setting: Setting, random: Random) -> None:
    """A sheet for whatever is over, but for what is owed."""
    held = _held(session, setting)
    expected = members_by_occurrence(session, [each.id for each in held])
    habits = _Habits(random, setting)
    owed = _owed(held, setting)
    sheets = [
        _sheet(random, habits, each, expected.get(each.id, ()), is_owed=each.id in owed)
        for each in held
        if each.id not in owed or each.id == min(owed)
    ]
    record_past_sheets(session, actor=SYSTEM, sheets=sheets, now=setting.now)
    _correct_one(session, setting, sheets)


def _correct_one(session: Database, setting: Setting, sheets: Sequence[PastSheet]) -> None:
    """Dana marked somebody absent who was in the room, and set it right afterwards."""
    dana = setting.cast.facilitators[0]
    hers = (sheet for sheet in reversed(sheets) if sheet.by == dana and sheet.submitted_at)
    sheet, mark = next(
        (sheet, mark) for sheet in hers for mark in sheet.marks if mark.value == Value(Status.ABSENT)
    )
    save_marks(
        session,
        actor=Actor(dana, None, frozenset({Role.FACILITATOR})),
        occurrence_id=sheet.occurrence_id,
        marks=[Wanted(mark.person_id, Value(Status.PRESENT), seen=1)],
        now=setting.now,
        reason="Sat in the back row",
    )


def _held(session: Database, setting: Setting) -> list[_Held]:
    query = (
        select(
            Occurrence.id,
            Series.kind,
            Series.counting,
            Occurrence.starts_at,
            Occurrence.ends_at,
            func.min(Duty.person_id),
        )
        .join(Series, Series.id == Occurrence.series_id)
        .join(Duty, Duty.occurrence_id == Occurrence.id)
        .where(Occurrence.booked, Occurrence.ends_at <= setting.now - LATEST_HAND_IN)
        .group_by(Occurrence.id, Series.kind, Series.counting)
        .order_by(Occurrence.starts_at, Occurrence.id)
    )
    return [_Held(*row) for row in session.execute(query)]


def _owed(held: Sequence[_Held], setting: Setting) -> set[int]:
    """The sheets that nobody handed in: one of Dana's, begun, and one of another's, not even begun."""
    dana = setting.cast.facilitators[0]
    recent = [
        each
        for each in held
        if timedelta(days=1) < setting.now - each.ends_at < RECENT and each.kind == Kind.GROUP
    ]
    hers = [each.id for each in recent if each.by == dana]
    others = [each.id for each in recent if each.by != dana]
    return {*hers[-1:], *others[-1:]}


def _sheet(
    random: Random, habits: _Habits, each: _Held, members: Sequence[int], *, is_owed: bool
) -> PastSheet:
    by_heads = each.counting == Counting.HEADS
    marks = () if by_heads else tuple(habits.marks(each, members))
    walks_in = each.kind in {Kind.GROUP, Kind.SKILLS} and random.random() < 0.06
    return PastSheet(
        occurrence_id=each.id,
        by=each.by,
        opened_at=each.starts_at + timedelta(minutes=random.randrange(1, 9)),
        submitted_at=None if is_owed else each.ends_at + timedelta(minutes=random.randrange(1, 25)),
        marks=marks[:-2] if is_owed else marks,
        walk_ins=1 if walks_in else 0,
        headcount=random.randrange(8, 24) if by_heads else None,
    )


class _Habits:
    """How reliably each member comes. The most recent weeks of some are empty."""

    def __init__(self, random: Random, setting: Setting) -> None:
        self._random = random
        members = setting.cast.members
        self._comes = {
            member: random.uniform(0.84, 0.98) if random.random() < 0.85 else random.uniform(0.55, 0.75)
            for member in members
        }
        self._gone = set(random.sample(members[1:], FALLING_AWAY))
        self._since = setting.now - timedelta(weeks=3)

    def marks(self, each: _Held, members: Sequence[int]) -> Iterator[PastMark]:
        """One mark a member, in the order of their ids."""
        length = int((each.ends_at - each.starts_at).total_seconds() // 60)
        for member in sorted(members):
            missed = member in self._gone and each.starts_at > self._since
            yield PastMark(member, Value(Status.ABSENT) if missed else self._value(member, length))

    def _value(self, member: int, length: int) -> Value:
        if self._random.random() >= self._comes[member]:
            status = self._random.choice((Status.ABSENT, Status.ABSENT, Status.EXCUSED))
            why = self._random.choice((*Excuse, None)) if status is Status.EXCUSED else None
            return Value(status, excuse=why)
        chance = self._random.random()
        if chance < 0.07:
            return Value(Status.LATE, late_minutes=self._random.randrange(2, min(25, length)))
        if chance < 0.10:
            return Value(Status.LEFT_EARLY, left_minutes=self._random.randrange(2, min(30, length)))
        return Value(Status.PRESENT)
