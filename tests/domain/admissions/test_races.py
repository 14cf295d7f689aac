"""Many at once for the last place. The twin shows what a race is without its guard."""

from typing import Any

import pytest
from sqlalchemy.orm import Session as Database

from scheduler.domain.admissions import belonging
from scheduler.domain.admissions.admit import Admission, admit
from scheduler.domain.admissions.outcome import What
from scheduler.domain.admissions.transfer import transfer
from scheduler.domain.admissions.welcome_back import welcome_back
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.stays.reasons import Places
from tests.domain.admissions.life import FIRST_DAY, TODAY, Life
from tests.domain.planning.center import FIRST, Center
from tests.domain.planning.racing import Act, race, winners
from tests.support.rounds import rounds

pytestmark = pytest.mark.stress
SOME = 4


def test_of_many_who_are_transferred_to_the_last_place_exactly_one_gets_it(center: Center) -> None:
    for _round in rounds(30):
        members = [center.member(f"Member {number}") for number in range(SOME)]
        evening = center.make(members=members, room_id=None).series_id
        morning = center.make(capacity=1, room_id=None, first_start=FIRST.replace(hour=9)).series_id
        answers = race(center.sessions, [transfer_of(center, evening, each, morning) for each in members])
        assert len(winners(answers)) == 1
        assert len(center.rows(Enrollment, series_id=morning)) == 1
        assert len(center.rows(Enrollment, series_id=evening)) == SOME - 1


def test_of_two_who_come_back_to_one_place_exactly_one_has_it(center: Center) -> None:
    for _round in rounds(30):
        series_id, holds = away(center)
        answers = winners(race(center.sessions, [return_of(center, each) for each in holds]))
        assert len(answers) == 2
        said = sorted(effect.what for answer in answers for effect in answer.effects if effect.title)
        assert said == [What.PLACE_BACK, What.PLACE_TAKEN]
        assert len(center.rows(Enrollment, series_id=series_id, until_date=None)) == 1


@pytest.mark.databases("postgresql")
def test_the_twin_without_locks_gives_one_place_to_two(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(belonging, "lock", no_lock)
    given = 0
    while given < 2:
        series_id, holds = away(center)
        race(center.sessions, [return_of(center, each) for each in holds])
        given = len(center.rows(Enrollment, series_id=series_id, until_date=None))


def transfer_of(center: Center, series_id: int, person_id: int, to: int) -> Act[Any]:
    [row] = center.rows(Enrollment, series_id=series_id, person_id=person_id)
    return lambda session: transfer(
        session,
        actor=center.people.coordinator.actor,
        enrollment_id=row.id,
        revision=row.revision,
        series_id=to,
        from_date=FIRST_DAY,
        now=center.now,
    )


def away(center: Center) -> tuple[int, list[int]]:
    """A group with one place that two members have, both on hold with it freed. Answers it and the holds."""
    series_id = center.make(capacity=1, room_id=None).series_id
    holds = []
    for name in ("One Away", "Other Away"):
        life = Life(center, center.member(name))
        center.do(admit, person_id=life.person, admission=Admission(TODAY))
        life.hold(TODAY, places=Places.FREED)
        life.join(series_id, life.person)
        holds.append(life.held().id)
    return series_id, holds


def return_of(center: Center, hold_id: int) -> Act[Any]:
    return lambda session: welcome_back(
        session,
        actor=center.people.coordinator.actor,
        hold_id=hold_id,
        revision=1,
        back_on=FIRST_DAY,
        now=center.now,
    )


def no_lock(session: Database, **ids: object) -> None:
    """What `lock` must not be."""
