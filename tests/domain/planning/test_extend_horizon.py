from datetime import UTC, date, datetime, timedelta

from scheduler.domain.planning.horizon import Extended, extend_horizon
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.models import Series
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.store.transaction import transaction
from tests.domain.planning.center import FIRST, Center

WEEK = timedelta(weeks=1)


def test_the_next_weeks_are_made_with_their_duties(center: Center) -> None:
    dana = center.people.facilitator.id
    made = center.make(leads=[dana])
    center.now += 3 * WEEK
    extended = center.do(extend_horizon)
    assert extended == Extended(series=1, occurrences=3, clashes=(), more=False)
    assert center.starts(made.series_id) == [FIRST + week * WEEK for week in range(29)]
    assert [person for _, person in center.leaders(made.series_id)] == [dana] * 29
    assert center.series(made.series_id).made_until == date(2027, 2, 3)


def test_a_second_time_there_is_nothing_to_make(center: Center) -> None:
    center.make()
    center.now += 3 * WEEK
    center.do(extend_horizon)
    before = center.count()
    assert center.do(extend_horizon) == Extended(series=0, occurrences=0, clashes=(), more=False)
    assert center.count() == before


def test_no_calendar_changes_since_it_follows_the_rule_anyway(center: Center) -> None:
    center.make(leads=[center.people.facilitator.id], members=[center.people.member.id])
    center.now += 3 * WEEK
    assert center.raised_by(lambda: center.do(extend_horizon)) == set()
    assert center.last_audit() == ("horizon.extended", "series", None)


def test_what_collides_is_made_all_the_same_and_told(center: Center) -> None:
    dana = center.people.facilitator.id
    late = FIRST + 27 * WEEK
    made = center.make(leads=[dana])
    center.now += 2 * WEEK
    center.make(rule=SINGLE, first_start=late, leads=[dana], title="Yearly review")
    extended = center.do(extend_horizon)
    assert (extended.occurrences, [clash.title for clash in extended.clashes]) == (2, ["Yearly review"] * 2)
    row = center.occurrences(made.series_id)[-1]
    assert (row.local_start, row.booked, row.exclusive, row.override_reason) == (late, True, False, "")
    [duty] = center.rows(Duty, occurrence_id=row.id)
    assert (duty.exclusive, duty.override_reason) == (False, "")


def test_many_series_are_made_in_several_calls(center: Center) -> None:
    for hour in (9, 12, 15):
        center.make(first_start=FIRST.replace(hour=hour))
    center.now += WEEK
    calls = [center.do(extend_horizon, most=2), center.do(extend_horizon, most=2)]
    assert calls == [
        Extended(series=2, occurrences=2, clashes=(), more=True),
        Extended(series=1, occurrences=1, clashes=(), more=False),
    ]


def test_after_a_long_pause_it_catches_up_a_year_at_a_time(center: Center) -> None:
    made = center.make()
    center.now = datetime(2029, 1, 3, 12, tzinfo=UTC)
    calls = 0
    while center.do(extend_horizon).series:
        calls += 1
    assert calls == 3
    starts = center.starts(made.series_id)
    assert starts == [FIRST + week * WEEK for week in range(len(starts))]
    assert starts[-1] == datetime(2029, 7, 3, 19)


def test_a_series_that_cannot_be_read_keeps_nobody_from_theirs(center: Center) -> None:
    broken, sound = center.make(room_id=None), center.make()
    with center.sessions() as session, transaction(session):
        session.get_one(Series, broken.series_id).rule = "FREQ=SECONDLY"
    center.now += WEEK
    assert center.do(extend_horizon) == Extended(
        series=2, occurrences=1, clashes=(), more=True, broken=(broken.series_id,)
    )
    assert len(center.occurrences(sound.series_id)) == 27
    assert not center.do(extend_horizon).more


def test_what_has_ended_is_left_alone(center: Center) -> None:
    center.make(rule=SINGLE)
    center.now += 60 * WEEK
    assert center.do(extend_horizon).series == 0
