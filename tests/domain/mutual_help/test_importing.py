"""A list becomes listed series, once; what it changes is changed, and what it drops is left alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.calendars.source_queries import sources_of
from scheduler.domain.calendars.sources import Run
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.week import occurrences_of_member
from scheduler.domain.mutual_help.models import ListedMeeting
from scheduler.domain.mutual_help.queries import Listed, known_meetings, listed_fellowships, listed_meetings
from scheduler.domain.mutual_help.rows import fingerprint
from scheduler.domain.mutual_help.service import compared, import_meetings
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.store.audit import AuditEntry
from tests.domain.mutual_help.made_up import FRIDAY_NOON, ONLINE, ROWS, ZONE, at_one
from tests.support.people import Everybody
from tests.support.revisions import revision_of

TODAY = date(2026, 7, 15)
"""The day of the fixture ``now``, a Wednesday."""


def take(session: Database, now: datetime, *rows: object) -> None:
    import_meetings(session, source="quarry", rows=list(rows), now=now)  # type: ignore[arg-type]
    session.expire_all()


def dates(session: Database, series_id: int) -> list[datetime]:
    query = select(Occurrence.local_start).where(Occurrence.series_id == series_id)
    return list(session.scalars(query.order_by(Occurrence.local_start)))


def series_called(session: Database, name: str) -> list[Series]:
    return list(session.scalars(select(Series).where(Series.title == name).order_by(Series.id)))


def test_each_row_becomes_a_listed_series_with_its_dates_of_half_a_year(
    session: Database, now: datetime
) -> None:
    take(session, now, *ROWS)
    series = series_called(session, "Friday noon")[0]
    assert (series.listed, series.kind, series.counting, series.fellowship) == (
        True,
        "mutual_help",
        "heads",
        "AA",
    )
    assert (series.rule, series.first_start, series.timezone) == (
        "FREQ=WEEKLY;BYDAY=FR",
        datetime(2026, 7, 17, 12),
        ZONE,
    )
    assert (series.duration, series.room_id, series.capacity, series.lineage_id) == (
        60,
        None,
        None,
        series.id,
    )
    assert (series.discreet_title, series.made_until) == ("Meeting", date(2027, 1, 13))
    assert dates(session, series.id) == [
        datetime(2026, 7, 17, 12) + timedelta(weeks=week) for week in range(26)
    ]
    first = session.scalars(select(Occurrence).where(Occurrence.series_id == series.id)).first()
    assert first is not None
    assert (first.starts_at, first.ends_at) == (
        datetime(2026, 7, 17, 19, tzinfo=UTC),
        datetime(2026, 7, 17, 20, tzinfo=UTC),
    )
    assert session.scalar(select(func.count()).select_from(Duty)) == 0


def test_what_stands_beside_the_series_is_what_the_list_said(session: Database, now: datetime) -> None:
    take(session, now, FRIDAY_NOON)
    meeting = session.scalars(select(ListedMeeting)).one()
    values = {column.name: getattr(meeting, column.name) for column in ListedMeeting.__table__.columns}
    assert values == {
        "series_id": series_called(session, "Friday noon")[0].id,
        "source": "quarry",
        "source_key": "friday-noon",
        "row_hash": fingerprint(FRIDAY_NOON),
        "fellowship": "AA",
        "types": ["O", "X", "XYZ"],
        "place": "Quarry House",
        "address": "12 Quarry Road, Lindenfield",
        "region": "Old Town",
        "place_notes": "",
        "notes": "",
        "online_link": "",
        "online_phone": "",
        "end_assumed": True,
        "imported_at": now,
    }


def test_the_same_list_again_changes_nothing(session: Database, now: datetime) -> None:
    take(session, now, *ROWS)
    before = session.execute(select(Series.revision, Series.changed_at, Series.sequence)).all()
    again = import_meetings(session, source="quarry", rows=ROWS, now=now + timedelta(days=9))
    session.expire_all()
    assert (again.new, again.changed, again.same, again.missing) == ((), (), 2, ())
    assert session.execute(select(Series.revision, Series.changed_at, Series.sequence)).all() == before
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 1


def test_comparing_writes_nothing(session: Database, now: datetime) -> None:
    assert len(compared(session, source="quarry", rows=ROWS).new) == 2
    assert session.scalar(select(func.count()).select_from(Series)) == 0


def test_the_import_is_on_record_with_its_numbers(session: Database, now: datetime) -> None:
    take(session, now, *ROWS)
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject, entry.actor, entry.at) == (
        "meetings.imported",
        "listed_meeting",
        None,
        now,
    )
    assert entry.detail == {"source": "quarry", "made": 2, "changed": 0}


def test_two_lists_do_not_know_of_each_other(session: Database, now: datetime) -> None:
    take(session, now, FRIDAY_NOON)
    other = import_meetings(session, source="harbor", rows=[FRIDAY_NOON], now=now)
    assert (len(other.new), other.missing) == (1, ())


def test_other_words_change_in_place(people: Everybody, session: Database, now: datetime) -> None:
    take(session, now, FRIDAY_NOON)
    series = series_called(session, "Friday noon")[0]
    revision = revision_of(session, people.member.id)
    enroll(session, series.id, people.member.id, now)
    take(session, now + timedelta(days=1), replace(FRIDAY_NOON, name="Friday at noon", place="Mill House"))
    changed = series_called(session, "Friday at noon")[0]
    assert (changed.id, changed.revision, changed.sequence) == (series.id, 2, 1)
    assert changed.changed_at == now + timedelta(days=1)
    assert session.scalars(select(ListedMeeting.place)).one() == "Mill House"
    assert revision_of(session, people.member.id) == revision + 1


def test_another_hour_before_it_ever_met_stays_the_same_series(session: Database, now: datetime) -> None:
    take(session, now, FRIDAY_NOON)
    series_id = series_called(session, "Friday noon")[0].id
    take(session, now, at_one(FRIDAY_NOON))
    [series] = series_called(session, "Friday noon")
    assert (series.id, series.first_start) == (series_id, datetime(2026, 7, 17, 13))
    assert dates(session, series_id)[0] == datetime(2026, 7, 17, 13)
    assert len(dates(session, series_id)) == 26


def test_another_hour_later_is_another_series_and_the_past_stays(
    people: Everybody, session: Database, now: datetime
) -> None:
    take(session, now, FRIDAY_NOON)
    enroll(session, series_called(session, "Friday noon")[0].id, people.member.id, now)
    later = now + timedelta(days=10)
    take(session, later, at_one(FRIDAY_NOON))
    old, new = series_called(session, "Friday noon")
    assert dates(session, old.id) == [datetime(2026, 7, 17, 12), datetime(2026, 7, 24, 12)]
    assert (old.ends_on, new.first_start) == (date(2026, 7, 30), datetime(2026, 7, 31, 13))
    assert (new.listed, new.lineage_id, new.room_id) == (True, old.id, None)
    assert known_meetings(session, source="quarry")["friday-noon"].series_id == new.id
    runs = session.execute(
        select(Enrollment.series_id, Enrollment.from_date, Enrollment.until_date).order_by(Enrollment.id)
    ).all()
    assert [tuple(run) for run in runs] == [
        (old.id, TODAY, date(2026, 7, 30)),
        (new.id, date(2026, 7, 31), None),
    ]
    assert [listed.series_id for listed in listed_meetings(session, on=date(2026, 7, 26))] == [new.id]


def test_the_part_before_another_hour_keeps_its_place_and_its_link_also_in_calendars(
    people: Everybody, session: Database, now: datetime
) -> None:
    take(session, now, replace(FRIDAY_NOON, online_link="https://meet.example/noon"))
    enroll(session, series_called(session, "Friday noon")[0].id, people.member.id, now)
    for weeks, (place, link) in enumerate([("Mill House", "https://meet.example/one"), ("Barn", "")], 2):
        moved = replace(at_one(FRIDAY_NOON), starts=time(11 + weeks), place=place, online_link=link)
        take(session, now + timedelta(weeks=weeks), moved)
    assert compared(session, source="quarry", rows=[moved]).same == 1
    shown = [
        (run.from_date, run.plan.place.split(",")[0], {each.link for each in run.meetings})
        for run in sources_of(session, people.member.id, TODAY)
        if isinstance(run, Run)
    ]
    assert shown == [
        (TODAY, "Quarry House", {"https://meet.example/noon"}),
        (date(2026, 7, 31), "Mill House", {"https://meet.example/one"}),
        (date(2026, 8, 7), "Barn", {""}),
    ]
    past = occurrences_of_member(session, people.member.id, now, now + timedelta(days=9))
    assert {(each.room_name, each.join_link) for each in past} == {
        ("Quarry House", "https://meet.example/noon")
    }


def test_an_hour_that_changes_on_its_very_day_begins_a_week_later(session: Database, now: datetime) -> None:
    take(session, now, FRIDAY_NOON)
    after_it = datetime(2026, 7, 17, 21, tzinfo=UTC)
    take(session, after_it, replace(FRIDAY_NOON, starts=time(18)))
    old, new = series_called(session, "Friday noon")
    assert dates(session, old.id) == [datetime(2026, 7, 17, 12)]
    assert new.first_start == datetime(2026, 7, 24, 18)


def test_what_the_list_drops_is_named_and_left_alone(session: Database, now: datetime) -> None:
    take(session, now, *ROWS)
    found = import_meetings(session, source="quarry", rows=[ONLINE], now=now)
    assert found.missing == ("Friday noon",)
    assert {listed.name for listed in listed_meetings(session, on=TODAY)} == {"Friday noon", "Late online"}


def test_anybody_may_see_what_is_listed(session: Database, now: datetime) -> None:
    take(session, now, ONLINE)
    series = series_called(session, "Late online")[0]
    assert listed_meetings(session, on=TODAY) == (
        Listed(
            series_id=series.id,
            anchor=series.id,
            name="Late online",
            fellowship="AA",
            weekday=2,
            starts=time(23, 30),
            minutes=90,
            end_assumed=False,
            timezone=ZONE,
            types=("C",),
            place="",
            address="",
            region="",
            place_notes="",
            notes="Passcode: lamp",
            online_link="https://meet.example/late",
            online_phone="",
        ),
    )
    assert listed_fellowships(session) == ("AA",)
    assert listed_meetings(session, on=TODAY, fellowship="NA") == ()


@pytest.mark.parametrize("number", [250])
def test_progress_is_told_until_all_rows_are_done(session: Database, now: datetime, number: int) -> None:
    rows = [replace(FRIDAY_NOON, key=f"key-{place}") for place in range(number)]
    steps: list[int] = []
    import_meetings(session, source="quarry", rows=rows, now=now, advance=steps.append)
    assert steps == [0, 100, 100, 50]


def enroll(session: Database, series_id: int, person_id: int, now: datetime) -> None:
    session.add(
        Enrollment(
            series_id=series_id, person_id=person_id, from_date=TODAY, uid=f"run-{series_id}", changed_at=now
        )
    )
    session.flush()
