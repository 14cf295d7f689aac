"""What does not take place although what stopped it is over, and waits for somebody to decide."""

from datetime import datetime

from scheduler.domain.planning.holiday_drafts import HolidayDraft
from scheduler.domain.planning.holidays import change_kinds, keep_holidays
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.planning.overview import Left, left_over
from scheduler.domain.planning.reach import Reach
from scheduler.domain.planning.stopping import cancel_occurrence, restore_occurrence
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.recurrence import SINGLE
from tests.domain.planning.center import FIRST, Center
from tests.domain.planning.shut import close, lift
from tests.domain.planning.test_added_and_skipped import change


def left(center: Center, sites: frozenset[int] | None = None) -> tuple[Left, ...]:
    reach = Reach(center.people.coordinator.actor, sites, center.now.date())
    return center.ask(left_over, reach=reach, now=center.now)


def test_what_hangs_on_a_date_that_its_series_has_no_more(center: Center) -> None:
    made = center.make()
    to = datetime(2026, 7, 29, 19)
    moved = {"local_start": to, "room_id": center.room, "reason": "The hall is needed"}
    center.do(move_occurrence, occurrence_id=made.occurrences[1], revision=1, **moved)
    change(center, made.series_id, rule={"skipped": (datetime(2026, 7, 28).date(),)})
    told = Left(
        made.occurrences[1], "Tuesday evening group", Kind.GROUP, to, "America/New_York", has_changed=True
    )
    assert left(center) == (told,)
    assert left(center, frozenset({10_000})) == ()
    change(center, made.series_id, rule={"skipped": ()})
    assert left(center) == ()


def test_what_could_not_come_back_when_its_place_opened_again(center: Center) -> None:
    first = center.make(leads=[center.people.facilitator.id]).occurrences[0]
    other = center.make(title="Cancelled", room_id=center.other_room).occurrences[0]
    center.do(cancel_occurrence, occurrence_id=other, revision=1, reason="Ill")
    shut = close(center).closure_id
    assert left(center) == ()
    taken = center.make(
        title="Cooking", room_id=None, leads=[center.people.facilitator.id], rule=SINGLE
    ).occurrences[0]
    lift(center, shut)
    told = Left(first, "Tuesday evening group", Kind.GROUP, FIRST, "America/New_York", has_changed=False)
    assert left(center) == (told,)
    center.do(cancel_occurrence, occurrence_id=taken, revision=1, reason="Ill")
    revision = center.occurrence(first).revision
    center.do(restore_occurrence, occurrence_id=first, revision=revision)
    assert left(center) == ()
    again = center.occurrence(first).revision
    center.do(cancel_occurrence, occurrence_id=first, revision=again, reason="Ill")
    assert left(center) == ()


def test_what_could_not_come_back_when_a_holiday_went(center: Center) -> None:
    first = center.make().occurrences[0]
    draft = HolidayDraft(FIRST.date(), "Founders' day")
    kept = center.do(keep_holidays, drafts=[draft], kinds=[Kind.GROUP], today=center.now.date())
    center.make(title="Cooking", kind=Kind.SKILLS, rule=SINGLE)
    assert left(center) == ()
    center.do(change_kinds, holiday_id=kept.holidays[0], revision=1, kinds=[])
    told = Left(first, "Tuesday evening group", Kind.GROUP, FIRST, "America/New_York", has_changed=False)
    assert left(center) == (told,)
