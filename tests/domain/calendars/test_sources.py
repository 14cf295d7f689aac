"""Whose calendar shows what: read from both databases."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session as Database

from scheduler.domain.calendars.content import content_of
from scheduler.domain.calendars.source_queries import sources_of
from scheduler.domain.calendars.sources import Cover, Run, Titles, Wishes, Wording
from scheduler.domain.calendars.values import Entry, Master, Single, Stamp
from scheduler.domain.mutual_help.models import ListedMeeting
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.rule_text import rule_of
from tests.support import factories
from tests.support.feeds import group, led, lend
from tests.support.people import Everybody

BEGINS = date(2026, 4, 20)
FULL = Wishes(Titles.FULL, show_place=True, show_link=True, begins=BEGINS)


def entries(session: Database, person_id: int, now: datetime, wishes: Wishes = FULL) -> tuple[Entry, ...]:
    content = content_of(sources_of(session, person_id, BEGINS), wishes, Wording(), Stamp(1, now))
    assert content.left_out == 0
    return content.entries


@pytest.fixture
def series(people: Everybody, session: Database, now: datetime) -> int:
    return group(session, now, room_id=factories.room(session))


def test_nobody_elses_sessions(people: Everybody, session: Database, series: int, now: datetime) -> None:
    factories.enrollment(session, series, people.other_member.id)
    assert entries(session, people.member.id, now) == ()


def test_an_enrollment_shows_its_own_dates_only(
    people: Everybody, session: Database, series: int, now: datetime
) -> None:
    factories.enrollment(session, series, people.member.id, date(2026, 6, 10), date(2026, 7, 1))
    factories.enrollment(session, series, people.member.id, date(2026, 7, 20))
    first, again = entries(session, people.member.id, now)
    assert isinstance(first, Master)
    assert isinstance(again, Master)
    assert (first.start, first.until) == (
        datetime(2026, 6, 16, 19),
        datetime.fromisoformat("2026-06-30T23:00Z"),
    )
    assert (again.start, again.until) == (datetime(2026, 7, 21, 19), None)
    assert first.uid != again.uid
    assert again.details.title == "Tuesday evening group"
    assert again.details.place == "room 2, Elm Street"


def test_a_facilitator_sees_what_they_lead_and_no_members(
    people: Everybody, session: Database, series: int, now: datetime
) -> None:
    factories.enrollment(session, series, people.member.id)
    led(session, series, people.facilitator.id)
    (entry,) = entries(session, people.facilitator.id, now)
    assert isinstance(entry, Master)
    assert entry.start == datetime(2026, 6, 2, 19)


def test_a_substitution_stands_in_both_calendars(
    people: Everybody, session: Database, series: int, now: datetime
) -> None:
    post = led(session, series, people.facilitator.id)
    lent = session.execute(
        text("SELECT id FROM occurrence WHERE original_start > '2026-07-20' ORDER BY id LIMIT 1")
    ).scalar_one()
    lend(session, lent, post, people.other_facilitator.id)
    (usual,) = entries(session, people.facilitator.id, now)
    assert isinstance(usual, Master)
    assert [(o.original, o.stopped) for o in usual.overrides] == [(datetime(2026, 7, 21, 19), True)]
    (other,) = entries(session, people.other_facilitator.id, now)
    assert isinstance(other, Single)
    assert (other.start, other.stopped, other.uid == usual.uid) == (datetime(2026, 7, 21, 19), False, False)


def test_what_nobody_leads_since_a_substitute_left_is_theirs_no_more(
    people: Everybody, session: Database, series: int, now: datetime
) -> None:
    """As on their own page; and what was held before they were given the post never was."""
    post = led(session, series, people.facilitator.id)
    gone = (datetime(2026, 6, 9, 19), datetime(2026, 7, 21, 19))
    for duty in session.query(Duty).filter_by(post_id=post):
        if session.get_one(Occurrence, duty.occurrence_id).original_start in gone:
            session.delete(duty)
    session.flush()
    (entry,) = entries(session, people.facilitator.id, now)
    assert isinstance(entry, Master)
    assert (entry.exclusions, entry.overrides) == (gone, ())


def test_covering_for_a_colleague_in_ones_own_series_is_one_appointment(
    people: Everybody, session: Database, series: int, now: datetime
) -> None:
    lead = led(session, series, people.facilitator.id)
    led(session, series, people.other_facilitator.id, "co_facilitator")
    lent = session.execute(
        text("SELECT id FROM occurrence WHERE original_start > '2026-07-20' ORDER BY id LIMIT 1")
    ).scalar_one()
    lend(session, lent, lead, people.other_facilitator.id)
    (entry,) = entries(session, people.other_facilitator.id, now)
    assert isinstance(entry, Master)
    assert entry.overrides == ()


def test_moved_stopped_and_moved_to_another_room(people: Everybody, session: Database, now: datetime) -> None:
    series = factories.series(session, room_id=factories.room(session))
    factories.enrollment(session, series, people.member.id)
    moved = datetime(2026, 7, 22, 17)
    factories.occurrence(session, series, datetime(2026, 7, 14, 19), moved_to=datetime(2026, 7, 14, 17))
    factories.occurrence(session, series, datetime(2026, 7, 21, 19), moved_to=moved, booked=False)
    elsewhere = factories.occurrence(session, series, datetime(2026, 7, 28, 19))
    online = factories.online_room(session)
    session.execute(
        text("UPDATE occurrence SET room_id = :room WHERE id = :id"), {"room": online, "id": elsewhere}
    )
    session.get_one(Series, series).made_until = date(2026, 7, 30)
    (entry,) = entries(session, people.member.id, now)
    assert isinstance(entry, Master)
    assert [(o.original.day, o.start, o.stopped, o.details.link) for o in entry.overrides] == [
        (14, datetime(2026, 7, 14, 17), False, ""),
        (21, moved, True, ""),
        (28, datetime(2026, 7, 28, 19), False, "https://meet.example/b"),
    ]


def test_two_posts_in_one_series_are_one_appointment(
    people: Everybody, session: Database, series: int, now: datetime
) -> None:
    led(session, series, people.facilitator.id)
    led(session, series, people.facilitator.id, "secretary")
    assert len(entries(session, people.facilitator.id, now)) == 1


def test_a_listed_meeting_has_a_place_of_its_own(people: Everybody, session: Database, now: datetime) -> None:
    series = factories.series(session, "Nooners", listed=True, first_start=datetime(2026, 6, 2, 12))
    session.add(
        ListedMeeting(
            series_id=series,
            source="list",
            source_key="1",
            row_hash="",
            fellowship="AA",
            types=[],
            place="Old mill",
            address="1 Mill Road",
            online_link="https://a.example",
            imported_at=now,
        )
    )
    session.flush()
    factories.enrollment(session, series, people.member.id)
    (entry,) = entries(session, people.member.id, now)
    assert (entry.details.place, entry.details.link) == ("Old mill, 1 Mill Road", "https://a.example")
    (plain,) = entries(
        session, people.member.id, now, replace(FULL, titles=Titles.PLAIN, show_place=False, show_link=False)
    )
    assert (plain.details.title, plain.details.place, plain.details.link) == ("Appointment", "", "")


def test_a_daily_dose_is_in_no_calendar(people: Everybody, session: Database, now: datetime) -> None:
    daily = factories.series(session, "Dose", kind="medication", rule="FREQ=DAILY", minutes=240)
    monthly = factories.series(session, "Injection", kind="medication", rule="FREQ=MONTHLY;BYDAY=2TU")
    for each in (daily, monthly):
        factories.enrollment(session, each, people.member.id)
    assert [entry.details.title for entry in entries(session, people.member.id, now)] == ["Injection"]


def test_more_meetings_made_leave_the_calendar_as_it_is(
    people: Everybody, session: Database, series: int, now: datetime
) -> None:
    factories.enrollment(session, series, people.member.id)
    night = factories.series(session, rule="FREQ=WEEKLY;BYDAY=SU", first_start=datetime(2026, 6, 7, 1, 30))
    session.get_one(Series, night).made_until = date(2026, 6, 1)
    factories.enrollment(session, night, people.member.id)
    before = entries(session, people.member.id, now)
    for day in (7, 14, 21):
        factories.occurrence(session, night, datetime(2026, 6, day, 1, 30))
    session.get_one(Series, night).made_until = date(2026, 6, 21)
    assert entries(session, people.member.id, now) == before
    assert len(before) > 10


def test_however_many_series_a_calendar_takes_seven_statements(
    people: Everybody, session: Database, now: datetime, engine: Engine
) -> None:
    person = people.facilitator.id
    for day in range(1, 13):
        made = group(
            session,
            now,
            first_start=datetime(2026, 6, day, 9),
            rule="FREQ=WEEKLY;BYDAY=MO",
            room_id=factories.room(session, f"room {day}"),
        )
        led(session, made, person)
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    sources = sources_of(session, person, BEGINS)
    assert [type(source) for source in sources] == [Run] * 12
    assert len(statements) <= 7
    assert not any(isinstance(source, Cover) for source in sources)
    assert rule_of(sources[0].plan.rule_text).weekdays == (0,)


@pytest.mark.parametrize("kind", [Kind.INDIVIDUAL, Kind.ASSESSMENT, Kind.FAMILY])
@pytest.mark.parametrize(("discreet", "said"), [("Class", "Class"), ("", "Appointment")])
def test_who_leads_a_session_of_one_member_never_carries_its_title(
    people: Everybody, session: Database, now: datetime, kind: Kind, discreet: str, said: str
) -> None:
    series = group(session, now, title="Session: Maria Lopez", kind=kind.value)
    session.get_one(Series, series).discreet_title = discreet
    factories.enrollment(session, series, people.member.id)
    post = led(session, series, people.facilitator.id)
    lent = session.execute(
        text("SELECT id FROM occurrence WHERE original_start > '2026-07-20' ORDER BY id LIMIT 1")
    ).scalar_one()
    lend(session, lent, post, people.other_facilitator.id)
    assert {entry.details.title for entry in entries(session, people.member.id, now)} == {
        "Session: Maria Lopez"
    }
    for who in (people.facilitator, people.other_facilitator):
        (entry,) = entries(session, who.id, now)
        assert entry.details.title == said
        assert "Maria" not in repr(entry)


@pytest.mark.parametrize("kind", [Kind.INDIVIDUAL, Kind.ASSESSMENT, Kind.FAMILY])
@pytest.mark.parametrize("is_continued", [False, True])
def test_nobody_carries_the_title_of_an_hour_that_was_another_members_too(
    people: Everybody, session: Database, now: datetime, kind: Kind, is_continued: bool
) -> None:
    """Given on to another member, and retitled or not: it names one of the two."""
    first = group(session, now, title="Counseling: Sam Rivers", kind=kind.value)
    later = group(session, now, title="Counseling: Pat Nord", kind=kind.value) if is_continued else first
    for series in {first, later}:
        session.get_one(Series, series).lineage_id = first
    factories.enrollment(session, first, people.member.id, until_date=date(2026, 7, 1))
    assert titles_of(session, people.member.id, now) == {"Counseling: Sam Rivers"}
    factories.enrollment(session, later, people.other_member.id, date(2026, 7, 2))
    for who in (people.member, people.other_member):
        assert titles_of(session, who.id, now) == {"Appointment"}


def test_others_of_a_group_do_not_change_its_title(
    people: Everybody, session: Database, series: int, now: datetime
) -> None:
    for who in (people.member, people.other_member):
        factories.enrollment(session, series, who.id)
    assert titles_of(session, people.member.id, now) == {"Tuesday evening group"}


def titles_of(session: Database, person_id: int, now: datetime) -> set[str]:
    return {entry.details.title for entry in entries(session, person_id, now)}
