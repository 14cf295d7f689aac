"""The same zone under two rules: what is to come stays at the hour on its wall, and the instants follow."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from scheduler.domain.planning.closing import close_place
from scheduler.domain.planning.closing_plan import Choice, Does
from scheduler.domain.planning.closure_drafts import ClosureDraft, all_but_medication
from scheduler.domain.planning.horizon import extend_horizon
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.planning.rebuilding import Drift
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.models import Cause, Closure, Occurrence, Series
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.jobs import rebuilding
from scheduler.jobs.rebuilding import Rebuilt, foresee, rebuild
from scheduler.store.audit import AuditEntry
from tests.domain.planning.center import FIRST, Center
from tests.support.zone_files import SUMMER_STAYS, ruled

WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)
IN_WINTER = datetime(2026, 11, 3, 19)
"""The first Tuesday after the clocks went back, under the old rule."""
NEW_YORK = "America/New_York"
NOTHING = Rebuilt((), 0)


@pytest.fixture
def anew(tmp_path: Path, center: Center) -> Callable[[], Rebuilt]:
    """Rebuilds under the rule of a New York that stays on summer time."""

    def act() -> Rebuilt:
        with ruled(tmp_path, New_York=SUMMER_STAYS):
            return rebuild(center.sessions, center.now)

    return act


def rows_of(center: Center, series_id: int) -> list[tuple[object, ...]]:
    """All that must stay as it is: ids, wall times, rooms."""
    return [
        (row.id, row.original_start, row.local_start, row.room_id, row.booked)
        for row in center.occurrences(series_id)
    ]


def test_seven_in_the_evening_stays_seven_and_the_instants_move_by_an_hour(
    center: Center, anew: Callable[[], Rebuilt]
) -> None:
    dana = center.people.facilitator.id
    made = center.make(leads=[dana])
    before = center.occurrences(made.series_id)
    kept = rows_of(center, made.series_id)
    assert anew() == Rebuilt((Drift(made.series_id, NEW_YORK, 11, date(2026, 11, 3), date(2027, 1, 12)),), 0)
    after = center.occurrences(made.series_id)
    assert rows_of(center, made.series_id) == kept
    moved = [
        (new.starts_at - old.starts_at, new.ends_at - old.ends_at)
        for old, new in zip(before, after, strict=True)
    ]
    assert moved == [(0 * HOUR, 0 * HOUR)] * 15 + [(-HOUR, -HOUR)] * 11
    assert after[15].starts_at == datetime(2026, 11, 3, 23, tzinfo=UTC)
    raised = [
        (new.sequence - old.sequence, new.revision - old.revision)
        for old, new in zip(before, after, strict=True)
    ]
    assert raised == [(0, 0)] * 15 + [(1, 1)] * 11
    spans = {row.id: (row.starts_at, row.ends_at) for row in after}
    assert {duty.occurrence_id: (duty.starts_at, duty.ends_at) for duty in center.rows(Duty)} == spans


def test_doing_it_twice_changes_nothing(center: Center, tmp_path: Path) -> None:
    center.make(leads=[center.people.facilitator.id])
    with ruled(tmp_path, New_York=SUMMER_STAYS):
        rebuild(center.sessions, center.now)
        before, revisions = center.count(), center.revisions()
        assert rebuild(center.sessions, center.now) == NOTHING
        assert foresee(center.sessions, center.now) == NOTHING
    assert (center.count(), center.revisions()) == (before, revisions)


def test_a_dry_run_tells_the_same_and_changes_nothing(center: Center, tmp_path: Path) -> None:
    made = center.make()
    before = [row.starts_at for row in center.occurrences(made.series_id)]
    with ruled(tmp_path, New_York=SUMMER_STAYS):
        told = foresee(center.sessions, center.now)
        assert [row.starts_at for row in center.occurrences(made.series_id)] == before
        assert rebuild(center.sessions, center.now) == told


def test_under_rules_that_say_the_same_nothing_is_done(center: Center, tmp_path: Path) -> None:
    center.make()
    with ruled(tmp_path, New_York="EST5EDT,M3.2.0,M11.1.0"):
        assert rebuild(center.sessions, center.now) == NOTHING


def test_what_has_begun_stays_as_it_was(center: Center, anew: Callable[[], Rebuilt]) -> None:
    made = center.make()
    center.now = datetime(2026, 11, 18, 0, 30, tzinfo=UTC)  # the session of November 17 takes place
    before = [row.starts_at for row in center.occurrences(made.series_id)]
    assert [drift.first for drift in anew().drifts] == [date(2026, 11, 24)]
    assert [row.starts_at for row in center.occurrences(made.series_id)][:18] == before[:18]


def test_calendars_of_those_concerned_are_raised_once_and_nobody_else_s(
    center: Center, anew: Callable[[], Rebuilt]
) -> None:
    dana, ana = center.people.facilitator.id, center.people.member.id
    center.make(leads=[dana], members=[ana])
    center.make(timezone="America/Phoenix", room_id=center.other_room, members=[center.member("Ben Ode")])
    assert center.raised_by(anew) == {dana, ana}
    [entry] = center.rows(AuditEntry, action="schedule.rebuilt")
    assert (entry.actor, entry.subject, entry.detail) == (None, "series", {"series": 1, "occurrences": 11})


def test_a_moved_one_stays_on_the_wall_where_it_was_put(center: Center, anew: Callable[[], Rebuilt]) -> None:
    made = center.make()
    row = center.occurrences(made.series_id)[15]
    at = datetime(2026, 11, 4, 10)
    center.do(
        move_occurrence,
        occurrence_id=row.id,
        revision=row.revision,
        local_start=at,
        room_id=center.room,
        minutes=45,
        reason="Repairs",
    )
    anew()
    row = center.occurrence(row.id)
    assert (row.original_start, row.local_start) == (IN_WINTER, at)
    assert (row.starts_at, row.ends_at) == (
        datetime(2026, 11, 4, 14, tzinfo=UTC),
        datetime(2026, 11, 4, 14, 45, tzinfo=UTC),
    )


def test_what_collides_now_is_kept_and_not_exclusive(center: Center, anew: Callable[[], Rebuilt]) -> None:
    """Another zone's session in the same room, the hour before: the clock of New York comes to meet it."""
    dana = center.people.facilitator.id
    phoenix = {"rule": SINGLE, "first_start": datetime(2026, 11, 3, 15, 30), "minutes": 90}
    standing = center.make(**phoenix, timezone="America/Phoenix", title="By the desert", leads=[dana])
    made = center.make(leads=[dana])
    told = anew()
    row = center.occurrences(made.series_id)[15]
    assert [(clash.wanted, clash.occurrence_id, clash.holder.value) for clash in told.clashes] == [
        (row.id, standing.occurrences[0], "facilitator"),
        (row.id, standing.occurrences[0], "room"),
    ]
    assert (row.booked, row.exclusive, row.override_reason) == (True, False, "")
    [duty] = center.rows(Duty, occurrence_id=row.id)
    assert (duty.exclusive, duty.override_reason) == (False, "")
    assert center.occurrence(standing.occurrences[0]).exclusive


def test_what_moves_along_does_not_collide_whichever_is_first(
    center: Center, anew: Callable[[], Rebuilt], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other in one room, an hour each, and each in a transaction of its own."""
    monkeypatch.setattr(rebuilding, "AT_A_TIME", 1)
    dana = center.people.facilitator.id
    for hour in (20, 18, 19):
        center.make(first_start=FIRST.replace(hour=hour), minutes=60, leads=[dana])
    told = anew()
    assert (len(told.drifts), told.clashes) == (3, ())
    assert all(row.exclusive for row in center.rows(Occurrence))
    assert all(duty.exclusive for duty in center.rows(Duty))


def test_what_a_coordinator_overrode_stays_so(center: Center, anew: Callable[[], Rebuilt]) -> None:
    first = center.make()
    second = center.make(override="Both want it")
    before = {row.id: (row.exclusive, row.override_reason) for row in center.rows(Occurrence)}
    assert {reason for _, reason in before.values()} == {"", "Both want it"}
    assert anew().clashes == ()
    assert {row.id: (row.exclusive, row.override_reason) for row in center.rows(Occurrence)} == before
    assert first.series_id != second.series_id


def closed(center: Center, begin: datetime, end: datetime) -> int:
    draft = ClosureDraft(
        "Flood", begin, end, room_id=center.room, choices=all_but_medication(Choice(Does.STOP))
    )
    return center.do(close_place, draft=draft).closure_id


def test_a_closure_moves_along_and_what_is_in_it_stays_stopped(
    center: Center, anew: Callable[[], Rebuilt]
) -> None:
    made = center.make()
    number = closed(center, IN_WINTER, IN_WINTER + 2 * HOUR)
    assert anew().closures == 1
    closure: Closure = center.rows(Closure, id=number)[0]
    assert (closure.starts_at, closure.ends_at, closure.revision) == (
        datetime(2026, 11, 3, 23, tzinfo=UTC),
        datetime(2026, 11, 4, 1, tzinfo=UTC),
        2,
    )
    stopped = [row.local_start for row in center.occurrences(made.series_id) if not row.booked]
    assert stopped == [IN_WINTER]
    assert [cause.closure_id for cause in center.rows(Cause)] == [number]


def test_what_keeps_its_instant_is_stopped_or_comes_back_at_the_edges(
    center: Center, anew: Callable[[], Rebuilt]
) -> None:
    """19:00 to 21:00 in New York is from midnight to two in UTC, and an hour earlier under the new rule."""
    utc = {"rule": SINGLE, "timezone": "UTC", "minutes": 30}
    before = center.make(**utc, first_start=datetime(2026, 11, 3, 23, 15)).occurrences[0]
    after = center.make(**utc, first_start=datetime(2026, 11, 4, 1, 15)).occurrences[0]
    closed(center, IN_WINTER, IN_WINTER + 2 * HOUR)
    assert [center.occurrence(number).booked for number in (before, after)] == [True, False]
    anew()
    assert [center.occurrence(number).booked for number in (before, after)] == [False, True]


def test_what_is_made_later_follows_the_new_rules(center: Center, tmp_path: Path) -> None:
    made = center.make()
    with ruled(tmp_path, New_York=SUMMER_STAYS):
        rebuild(center.sessions, center.now)
        center.now += 2 * WEEK
        center.do(extend_horizon)
        assert foresee(center.sessions, center.now) == NOTHING
    assert center.occurrences(made.series_id)[-1].starts_at.hour == 23


def test_a_zone_that_cannot_be_read_keeps_nobody_from_theirs(
    center: Center, anew: Callable[[], Rebuilt]
) -> None:
    broken, sound = center.make(room_id=None), center.make()
    with center.sessions() as session:
        session.get_one(Series, broken.series_id).timezone = "Nowhere/Else"
        session.commit()
    assert [drift.series_id for drift in anew().drifts] == [sound.series_id]
