"""A facilitator starts what nobody planned: where the place is shut, on a holiday, and two at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from scheduler.domain.places.models import Site
from scheduler.domain.planning.holiday_drafts import HolidayDraft
from scheduler.domain.planning.holidays import keep_holidays
from scheduler.domain.planning.starting import STOPPED, start_session
from scheduler.domain.schedule.clashes import Taken
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Occurrence
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.errors import Refused
from scheduler.store.transaction import transaction
from tests.domain.planning.center import EVENING, Center
from tests.domain.planning.racing import Act, race, winners
from tests.domain.planning.shut import RELOCATE, close
from tests.support.people import Someone

TODAY = date(2026, 7, 15)
AT_FOUR = datetime(2026, 7, 15, 16)
SHUT = (datetime(2026, 7, 15, 8), datetime(2026, 7, 15, 20))
ROUNDS = 8


def starting(center: Center, who: Someone, *, at: datetime = AT_FOUR, **changes: object) -> Act[int]:
    plan = replace(EVENING, first_start=at, rule=SINGLE, **{"room_id": center.room, **changes})
    return lambda session: start_session(session, actor=who.actor, plan=plan, now=center.now)


def start(center: Center, **changes: object) -> int:
    with center.sessions() as session, transaction(session):
        return starting(center, center.people.facilitator, **changes)(session)


def shut_room(center: Center) -> None:
    close(center, span=SHUT)


def shut_site(center: Center) -> None:
    with center.sessions() as session:
        site = session.scalars(select(Site.id)).one()
    close(center, span=SHUT, site_id=site)


def relocating(center: Center) -> None:
    close(center, RELOCATE, SHUT)


def holiday(center: Center) -> None:
    kinds = frozenset({Kind.GROUP})
    draft = HolidayDraft(TODAY, "Founders' day")
    center.do(keep_holidays, drafts=[draft], kinds=kinds, today=TODAY)


@pytest.mark.parametrize("shut", [shut_room, shut_site, relocating, holiday])
def test_where_the_place_is_shut_or_its_kind_does_not_meet_nothing_starts(
    center: Center, shut: Callable[[Center], None]
) -> None:
    shut(center)
    before = center.count()
    with pytest.raises(Refused, match=STOPPED):
        start(center)
    assert center.count() == before


def test_what_the_closure_and_the_holiday_leave_alone_starts(center: Center) -> None:
    shut_room(center)
    holiday(center)
    visit = start(center, kind=Kind.MEDICATION)  # a closure asks about those by themselves
    center.now += timedelta(hours=2)
    later = AT_FOUR + timedelta(hours=2)
    skills = start(center, at=later, kind=Kind.SKILLS, room_id=center.other_room)
    assert [center.occurrence(each).booked for each in (visit, skills)] == [True, True]
    close(center, room_id=center.other_room, span=(AT_FOUR.replace(hour=20), AT_FOUR.replace(hour=22)))
    assert all(center.series(center.occurrence(each).series_id).unplanned_at for each in (visit, skills))


def test_of_two_who_start_in_one_room_at_once_one_does_and_the_other_is_told_every_time(
    center: Center,
) -> None:
    people = center.people
    for number in range(ROUNDS):
        center.now += timedelta(days=1)
        at = AT_FOUR + timedelta(days=number + 1)
        acts = [starting(center, who, at=at) for who in (people.facilitator, people.other_facilitator)]
        answers = race(center.sessions, acts)
        [begun] = winners(answers)
        [told] = [answer for answer in answers if not isinstance(answer, int)]
        assert isinstance(told, Taken)
        assert [row.id for row in center.rows(Occurrence, local_start=at)] == [begun]


def test_the_twin_that_looks_before_it_locks_the_room_starts_two(center: Center) -> None:
    """It shows that the test above can fail."""
    looked = Barrier(2)

    def careless(who: Someone) -> bool:
        with center.sessions() as session:
            taken = session.scalars(select(Occurrence.id).where(Occurrence.room_id == center.room)).all()
        looked.wait(timeout=30)
        with center.sessions() as session, transaction(session):
            if not taken:
                row = session.get_one(Occurrence, starting(center, who, room_id=None)(session))
                row.room_id, row.exclusive = center.room, False
        return not taken

    both = [center.people.facilitator, center.people.other_facilitator]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(careless, both)) == [True, True]
    assert len(center.rows(Occurrence, room_id=center.room, local_start=AT_FOUR)) == 2
