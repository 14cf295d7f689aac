"""What a facilitator leads."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance import confirming, queries, service
from scheduler.domain.attendance.agenda import Agenda, Led, agenda_of
from scheduler.domain.attendance.leading import led_by
from scheduler.domain.attendance.merging import Wanted
from scheduler.domain.attendance.statuses import Status, Value
from scheduler.domain.schedule.kinds import Counting, Kind
from tests.support import factories
from tests.support.evenings import AT_SEVEN, Group
from tests.support.people import Everybody, Someone

BEGIN, END = AT_SEVEN - timedelta(days=30), AT_SEVEN + timedelta(days=30)


def led(session: Database, who: Someone) -> tuple[Led, ...]:
    return led_by(session, who.id, BEGIN, END)


def test_a_duty_tells_where_when_with_whom_and_for_how_many(
    people: Everybody, group: Group, session: Database
) -> None:
    second = factories.post(session, group.series, people.other_facilitator.id, "co_facilitator")
    factories.duty(session, group.occurrence, second)
    service.save_marks(
        session,
        actor=people.facilitator.actor,
        occurrence_id=group.occurrence,
        marks=[Wanted(people.member.id, Value(Status.LATE))],
        now=group.during,
    )
    assert led(session, people.facilitator) == (
        Led(
            occurrence_id=group.occurrence,
            title="Tuesday evening group",
            kind=Kind.GROUP,
            counting=Counting.MINUTES,
            timezone="America/New_York",
            original_start=datetime(2026, 7, 14, 19),
            local_start=datetime(2026, 7, 14, 19),
            starts_at=AT_SEVEN,
            ends_at=AT_SEVEN + timedelta(minutes=90),
            booked=True,
            position="lead",
            covers=None,
            others=("Femi A.",),
            members=(),
            room_name="room 2",
            site_name="Elm Street",
            join_link="",
            expected=2,
            unmarked=1,
            here=1,
            headcount=None,
            submitted_at=None,
        ),
    )


def test_a_substitute_leads_in_place_of_the_usual_facilitator(
    people: Everybody, group: Group, session: Database
) -> None:
    next_week = factories.occurrence(session, group.series, datetime(2026, 7, 21, 19))
    factories.duty(session, next_week, group.post, people.other_facilitator.id)
    assert [one.occurrence_id for one in led(session, people.facilitator)] == [group.occurrence]
    found = led(session, people.other_facilitator)
    assert [(one.occurrence_id, one.covers, one.others) for one in found] == [(next_week, "Dana R.", ())]


def test_only_members_enrolled_on_its_original_date_are_expected(
    people: Everybody, group: Group, session: Database
) -> None:
    start, until = datetime(2026, 7, 21, 19), datetime(2026, 7, 21).date()
    moved = factories.occurrence(session, group.series, start, moved_to=start + timedelta(days=2))
    factories.duty(session, moved, group.post)
    factories.enrollment(session, group.series, factories.member(session, "Ends Then"), until_date=until)
    late = until + timedelta(days=1)
    factories.enrollment(session, group.series, factories.member(session, "Begins After"), from_date=late)
    found = led(session, people.facilitator)[1]
    assert (found.expected, found.unmarked, found.is_moved) == (3, 3, True)
    names = {line.short_name for line in queries.lines(session, moved)}
    assert names == {"Renee T.", "Marcus T.", "Ends T."}


def test_the_agenda_opens_on_what_is_next_and_asks_for_what_is_owed(
    people: Everybody, group: Group, session: Database
) -> None:
    made = {0: group.occurrence}
    for days in (-21, -14, -7, 7):
        start = datetime(2026, 7, 14, 19) + timedelta(days=days)
        made[days] = factories.occurrence(session, group.series, start)
        factories.duty(session, made[days], group.post)
    at_noon = factories.series(session, "Job skills", first_start=datetime(2026, 7, 14, 12))
    noon = factories.occurrence(session, at_noon)
    factories.duty(session, noon, factories.post(session, at_noon, people.facilitator.id))
    submit = {"actor": people.facilitator.actor, "now": group.during, "anyway": True}
    for occurrence in (noon, made[-7]):
        confirming.submit(session, occurrence_id=occurrence, **submit)
    found = {one.occurrence_id: one for one in led(session, people.facilitator)}
    agenda = agenda_of(found.values(), group.during)
    assert agenda == Agenda(
        next=found[made[0]],
        today=(found[noon],),
        debts=(found[made[-14]],),
        reopened=(),
        later=(found[made[7]],),
    )


def test_what_is_submitted_or_cancelled_is_not_next(
    people: Everybody, group: Group, session: Database
) -> None:
    stopped = factories.occurrence(session, group.series, datetime(2026, 7, 14, 9), booked=False)
    factories.duty(session, stopped, group.post)
    confirming.submit(
        session,
        actor=people.facilitator.actor,
        occurrence_id=group.occurrence,
        now=group.during,
        anyway=True,
    )
    agenda = agenda_of(led(session, people.facilitator), group.during)
    assert agenda.next is None
    assert [one.occurrence_id for one in agenda.today] == [stopped, group.occurrence]
    assert (agenda.debts, agenda.later) == ((), ())


def test_today_is_the_day_on_the_clock_of_the_series(
    people: Everybody, group: Group, session: Database
) -> None:
    (one,) = led(session, people.facilitator)
    assert one.days_from(datetime(2026, 7, 15, 3, 59, tzinfo=UTC)) == 0
    assert one.days_from(datetime(2026, 7, 15, 4, 0, tzinfo=UTC)) == -1


def test_a_member_sees_their_own_attendance_once_the_sheet_is_submitted(
    people: Everybody, group: Group, session: Database
) -> None:
    renee, dana = people.member.id, people.facilitator.actor
    marks = [Wanted(renee, Value(Status.LATE)), Wanted(people.other_member.id, Value(Status.ABSENT))]
    service.save_marks(session, actor=dana, occurrence_id=group.occurrence, marks=marks, now=group.during)
    assert queries.attendance_of(session, renee, [group.occurrence]) == {}
    confirming.submit(session, actor=dana, occurrence_id=group.occurrence, now=group.during)
    assert queries.attendance_of(session, renee, [group.occurrence]) == {group.occurrence: Status.LATE}


def test_an_individual_session_says_whom_it_is_with(
    people: Everybody, group: Group, session: Database
) -> None:
    talk = factories.series(session, "Talk", kind="individual", first_start=datetime(2026, 7, 15, 10))
    occurrence = factories.occurrence(session, talk)
    factories.duty(session, occurrence, factories.post(session, talk, people.facilitator.id, "counselor"))
    factories.enrollment(session, talk, people.member.id)
    assert [one.members for one in led(session, people.facilitator)] == [(), ("Renee T.",)]


def test_what_runs_comes_before_what_is_over_and_a_fresh_end_lingers(
    people: Everybody, group: Group, session: Database
) -> None:
    at_noon = factories.series(session, "Job skills", first_start=datetime(2026, 7, 14, 12))
    noon = factories.occurrence(session, at_noon)
    factories.duty(session, noon, factories.post(session, at_noon, people.facilitator.id))
    firsts = []
    for hour in (16, 18, 23, 27):  # UTC: at noon, half an hour after its end, in the evening, at 11 PM
        now = AT_SEVEN.replace(hour=0) + timedelta(hours=hour)
        first = agenda_of(led(session, people.facilitator), now).next
        firsts.append(first.occurrence_id if first else None)
    assert firsts == [noon, group.occurrence, group.occurrence, noon]
