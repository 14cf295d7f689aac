"""The end of a stay: all that was the member's ends with it, and no group is touched."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.domain.admissions.outcome import What
from scheduler.domain.attendance.service import mark_rest
from scheduler.domain.attendance.statuses import Status
from scheduler.domain.calendars.models import Feed
from scheduler.domain.calendars.service import Choices, make_feed
from scheduler.domain.calendars.sources import Titles
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.schedule.clashes import Taken
from scheduler.domain.schedule.models import Occurrence
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.domain.stays.models import Hold, Stay
from scheduler.errors import Conflict, Invalid, Refused
from scheduler.store.ledger import KIND
from scheduler.store.outbox import Outbox
from tests.domain.admissions.life import DAY, FAREWELL, FIRST_DAY, NOON, TODAY, WEEK, Life, lines
from tests.domain.planning.center import Center

GROUP = "Tuesday evening group"


def feed_of(life: Life) -> None:
    life.center.do(make_feed, person_id=life.person, choices=Choices("My phone", Titles.PLAIN))


def test_it_ends_what_was_theirs_and_leaves_the_group_alone(life: Life, center: Center) -> None:
    dana, marcus = center.people.facilitator.id, center.people.other_member.id
    group = center.make(members=[life.person, marcus]).series_id
    single = life.individual()
    life.admit()
    feed_of(life)
    life.hold(FIRST_DAY, FIRST_DAY + 4 * WEEK)
    last = FIRST_DAY + WEEK
    before = center.revisions()
    life.discharge(last)
    assert {who for who, number in center.revisions().items() if number > before[who]} == {life.person, dana}
    [stay] = center.rows(Stay)
    assert (stay.discharged_on, stay.reason) == (last, "completed")
    assert [row.until_date for row in center.rows(Hold)] == [last]
    assert life.terms() == [(single, NOON.date(), last), (group, FIRST_DAY, last)]
    assert len(center.rows(Occurrence, series_id=group, booked=True)) == 26
    assert center.starts(single) == [NOON, NOON + WEEK]
    assert [row.until_date for row in center.rows(Post)] == [last]
    [feed] = center.rows(Feed)
    assert (feed.revoked_at, feed.farewell_until) == (center.now, center.now + FAREWELL)
    assert center.rows(Enrollment, person_id=marcus)[0].until_date is None


def test_it_says_what_it_does(life: Life, center: Center) -> None:
    center.make(members=[life.person])
    life.individual()
    life.admit()
    feed_of(life)
    life.hold(FIRST_DAY)
    assert lines(life.discharge(TODAY)) == [
        (What.STAY_ENDS, TODAY),
        (What.LEFT, "Individual"),
        (What.LEFT, GROUP),
        (What.HOLDS_END, 1),
        (What.CALLED_OFF, "Individual", 26),
        (What.FEEDS_EMPTIED, 1),
    ]
    assert life.terms() == []
    assert center.rows(Hold) == []


def test_a_single_session_to_come_is_called_off_and_their_counselor_free(life: Life, center: Center) -> None:
    single = life.individual(rule=SINGLE)
    life.admit()
    assert (What.CALLED_OFF, "Individual", 1) in lines(life.discharge(TODAY))
    [row] = center.rows(Occurrence, series_id=single)
    assert not row.booked
    assert [duty.booked for duty in center.rows(Duty)] == [False]


def test_an_individual_session_that_somebody_else_has_too_takes_place(life: Life, center: Center) -> None:
    both = life.individual(members=[life.person, center.people.other_member.id])
    life.admit()
    assert lines(life.discharge(TODAY)) == [(What.STAY_ENDS, TODAY), (What.LEFT, "Individual")]
    assert len(center.rows(Occurrence, series_id=both, booked=True)) == 26


def test_feeds_may_go_on_without_what_comes_after(life: Life, center: Center) -> None:
    life.admit()
    feed_of(life)
    assert lines(life.discharge(TODAY, farewell=None))[-1] == (What.FEEDS_STAY, TODAY)
    assert center.rows(Feed)[0].revoked_at is None


def test_what_has_met_stays_where_the_last_day_is_past(life: Life, center: Center) -> None:
    single = life.individual()
    life.admit()
    center.now += 3 * WEEK
    life.discharge(TODAY + WEEK)
    assert center.starts(single) == [NOON, NOON + WEEK, NOON + 2 * WEEK]


def test_twice_too_early_and_from_a_stale_page_is_refused(life: Life, center: Center) -> None:
    life.admit()
    with pytest.raises(Invalid):
        life.discharge(TODAY - DAY)
    with pytest.raises(Conflict):
        life.discharge(revision=9)
    life.discharge()
    with pytest.raises(Refused):
        life.discharge()


def test_undone_everything_is_back_in_its_place(life: Life, center: Center) -> None:
    center.make(members=[life.person, center.people.other_member.id])
    life.individual()
    life.individual(rule=SINGLE, first_start=NOON + DAY)
    life.admit()
    feed_of(life)
    life.hold(FIRST_DAY)
    before = life.picture()
    uids = {row.uid: row.sequence for row in center.rows(Enrollment)}
    feed = center.rows(Feed)[0].revision
    discharged = life.discharge(TODAY)
    center.now += timedelta(minutes=5)
    life.undo(discharged)
    assert life.picture() == before
    told = [row.payload for row in center.rows(Outbox, kind=KIND)]
    assert [(each["what"], each["key"]) for each in told] == [
        (what, center.rows(Feed)[0].token_hash) for what in ("feed", "feed-back")
    ]
    assert all(row.sequence > uids[row.uid] for row in center.rows(Enrollment, person_id=life.person))
    [row] = center.rows(Feed)
    assert (row.revoked_at, row.farewell_until) == (None, None)
    assert row.revision > feed


def test_undone_before_and_before_that_it_is_as_at_the_beginning(life: Life, center: Center) -> None:
    center.make(members=[life.person])
    before = life.picture()
    outcomes = [life.admit(), life.hold(FIRST_DAY), life.back(FIRST_DAY + WEEK), life.discharge(TODAY + WEEK)]
    with pytest.raises(Refused, match="Something else was done since"):
        life.undo(outcomes[2])
    for outcome in reversed(outcomes):
        life.undo(outcome)
    assert life.picture() == before
    with pytest.raises(Refused, match="undone already"):
        life.undo(outcomes[0])


def test_a_room_that_another_has_by_now_keeps_a_discharge(life: Life, center: Center) -> None:
    life.individual()
    life.admit()
    outcome = life.discharge(TODAY)
    center.make(title="Cooking", room_id=center.other_room, first_start=NOON + WEEK, rule=SINGLE)
    before = life.picture()
    with pytest.raises(Taken, match="Cooking"):
        life.undo(outcome)
    assert life.picture() == before


def test_a_session_that_should_have_begun_keeps_a_discharge(life: Life, center: Center) -> None:
    life.individual()
    life.admit()
    outcome = life.discharge(TODAY)
    center.now = datetime(2026, 7, 17, 12, tzinfo=UTC)
    with pytest.raises(Refused, match="should have begun"):
        life.undo(outcome)


def test_a_mark_made_since_keeps_a_change(life: Life, center: Center) -> None:
    made = center.make(members=[life.person], leads=[center.people.facilitator.id])
    outcome = life.admit()
    center.now = datetime(2026, 7, 22, 0, 30, tzinfo=UTC)
    center.do(mark_rest, occurrence_id=made.occurrences[0], status=Status.PRESENT)
    with pytest.raises(Refused, match="Something was recorded of them there since"):
        life.undo(outcome)
