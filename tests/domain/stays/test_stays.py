"""A stay begins, lasts and ends; no two of one person lie on the same day."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.stays.models import Hold, Stay
from scheduler.domain.stays.programs import ProgramDraft, ProgramKind
from scheduler.domain.stays.queries import StayView, stays_of
from scheduler.domain.stays.reasons import DischargeReason
from scheduler.domain.stays.service import (
    archive_program,
    begin_stay,
    change_stay,
    end_stay,
    load_stay,
    make_program,
)
from scheduler.errors import Invalid, NotFound, Refused
from tests.support import factories
from tests.support.people import Everybody

FIRST, LAST = date(2026, 7, 1), date(2026, 8, 31)
DAY = timedelta(days=1)
COMPLETED = DischargeReason.COMPLETED

Begin = Callable[..., Stay]


@pytest.fixture
def begin(people: Everybody, session: Database, now: datetime) -> Begin:
    """The member is admitted, on the first day unless said otherwise."""

    def begun(**words: object) -> Stay:
        given = {"person_id": people.member.id, "admitted_on": FIRST, **words}
        return begin_stay(session, now=now, **given)  # type: ignore[arg-type]  # the words of each test

    return begun


def test_a_stay_says_where_and_with_whom(
    people: Everybody, begin: Begin, session: Database, now: datetime
) -> None:
    program = ProgramDraft("Evening program", ProgramKind.OUTPATIENT)
    program_id = make_program(session, actor=SYSTEM, program=program, now=now)
    factories.room(session)
    row = begin(
        program_id=program_id,
        site_id=1,
        counselor_id=people.facilitator.id,
        kept_by=people.coordinator.id,
    )
    assert stays_of(session, people.member.id) == (
        StayView(
            id=row.id,
            person_id=people.member.id,
            program_id=program_id,
            program="Evening program",
            site_id=1,
            site="Elm Street",
            counselor_id=people.facilitator.id,
            counselor="Dana R.",
            kept_by=people.coordinator.id,
            admitted_on=FIRST,
            discharged_on=None,
            reason=None,
            revision=1,
        ),
    )
    assert stays_of(session, 999) == ()


def test_the_latest_comes_first_and_each_day_has_one(
    people: Everybody, begin: Begin, session: Database, now: datetime
) -> None:
    first = begin()
    end_stay(session, stay=first, discharged_on=LAST, reason=COMPLETED, now=now)
    second = begin(admitted_on=LAST + 10 * DAY)
    assert [each.id for each in stays_of(session, people.member.id)] == [second.id, first.id]
    days = {FIRST - DAY: None, FIRST: first, LAST: first, LAST + DAY: None, LAST + 10 * DAY: second}
    for day, expected in days.items():
        found = [each.id for each in stays_of(session, people.member.id) if each.holds(day)]
        assert found == ([expected.id] if expected else []), day
    assert [each.is_open for each in stays_of(session, people.member.id)] == [True, False]


@pytest.mark.parametrize("day", [FIRST, LAST, FIRST - 30 * DAY])
def test_no_two_stays_of_one_person_share_a_day(
    begin: Begin, session: Database, now: datetime, day: date
) -> None:
    stay = begin()
    with pytest.raises(Refused, match="Another stay has not ended before that day"):
        begin(admitted_on=day)
    end_stay(session, stay=stay, discharged_on=LAST, reason=COMPLETED, now=now)
    with pytest.raises(Refused):
        begin(admitted_on=day)
    begin(admitted_on=LAST + DAY)


@pytest.mark.parametrize("field", ["program_id", "site_id", "counselor_id"])
def test_what_is_not_there_is_refused_beside_its_field(begin: Begin, people: Everybody, field: str) -> None:
    for wrong in (999, people.member.id if field == "counselor_id" else 999):
        with pytest.raises(Invalid) as refused:
            begin(**{field: wrong})
        assert list(refused.value.fields) == [field]


def test_only_members_have_stays(begin: Begin, people: Everybody) -> None:
    with pytest.raises(Invalid) as refused:
        begin(person_id=people.facilitator.id)
    assert refused.value.fields == {"person_id": "Choose somebody who is a member."}


def test_a_program_that_is_offered_no_longer_takes_nobody_new_and_keeps_whom_it_has(
    begin: Begin, session: Database, now: datetime
) -> None:
    program = ProgramDraft("Evening program", ProgramKind.OUTPATIENT)
    number = make_program(session, actor=SYSTEM, program=program, now=now)
    stay = begin(program_id=number)
    archive_program(session, actor=SYSTEM, program_id=number, revision=1, archived=True, now=now)
    words = {"site_id": None, "counselor_id": None}
    change_stay(session, stay=stay, program_id=number, now=now, **words)
    end_stay(session, stay=stay, discharged_on=LAST, reason=COMPLETED, now=now)
    with pytest.raises(Invalid):
        begin(program_id=number, admitted_on=LAST + DAY)


def test_a_stay_changes_in_place(people: Everybody, begin: Begin, session: Database, now: datetime) -> None:
    stay = begin()
    words = {"program_id": None, "site_id": None}
    change_stay(session, stay=stay, counselor_id=people.facilitator.id, now=now, **words)
    assert (stay.counselor_id, stay.revision, stay.changed_at) == (
        people.facilitator.id,
        2,
        now + timedelta(seconds=1),
    )
    with pytest.raises(Invalid):
        change_stay(session, stay=stay, counselor_id=people.administrator.id, now=now, **words)


def test_a_stay_ends_with_a_coded_reason_and_once(begin: Begin, session: Database, now: datetime) -> None:
    row = begin()
    assert end_stay(session, stay=row, discharged_on=LAST, reason=DischargeReason.MOVED, now=now) == ()
    (found,) = stays_of(session, row.person_id)
    assert (found.discharged_on, found.reason, found.revision) == (LAST, DischargeReason.MOVED, 2)
    with pytest.raises(Refused, match="ended already"):
        end_stay(session, stay=row, discharged_on=LAST, reason=COMPLETED, now=now)


def test_it_does_not_end_before_it_begins(begin: Begin, session: Database, now: datetime) -> None:
    stay = begin()
    with pytest.raises(Invalid) as refused:
        end_stay(session, stay=stay, discharged_on=FIRST - DAY, reason=COMPLETED, now=now)
    assert list(refused.value.fields) == ["discharged_on"]
    end_stay(session, stay=stay, discharged_on=FIRST, reason=COMPLETED, now=now)


def test_holds_end_with_the_stay_and_later_ones_never_were(
    people: Everybody, begin: Begin, session: Database, now: datetime
) -> None:
    stay = begin()
    member = people.member.id
    before = factories.hold(session, member, FIRST, FIRST + DAY)
    across = factories.hold(session, member, LAST, LAST + 3 * DAY)
    later = factories.hold(session, member, LAST + 10 * DAY)
    touched = end_stay(session, stay=stay, discharged_on=LAST, reason=COMPLETED, now=now)
    assert touched == (across, later)
    rows = session.scalars(select(Hold).order_by(Hold.id).execution_options(populate_existing=True)).all()
    assert [(row.id, row.until_date, row.revision) for row in rows] == [
        (before, FIRST + DAY, 1),
        (across, LAST, 2),
    ]


def test_a_stay_that_is_not_there(session: Database) -> None:
    with pytest.raises(NotFound):
        load_stay(session, 1)
