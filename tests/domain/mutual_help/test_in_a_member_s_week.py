"""A chosen meeting stands in the member's own week, at its own place."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.week import occurrences_of_member
from scheduler.domain.mutual_help.queries import known_meetings
from scheduler.domain.mutual_help.service import import_meetings
from scheduler.domain.planning.choosing import choose_listed
from tests.domain.mutual_help.made_up import ROWS
from tests.support.people import Everybody


def test_it_has_its_place_or_its_link(people: Everybody, session: Database, now: datetime) -> None:
    import_meetings(session, source="quarry", rows=ROWS, now=now)
    member = people.member
    for known in known_meetings(session, source="quarry").values():
        choose_listed(session, actor=member.actor, series_id=known.series_id, person_id=member.id, now=now)
    week = occurrences_of_member(session, member.id, now, now + timedelta(days=7))
    assert [
        (each.title, each.local_start, each.room_name, each.site_name, each.address, each.join_link)
        for each in week
    ] == [
        ("Late online", datetime(2026, 7, 15, 23, 30), "", "", "", "https://meet.example/late"),
        ("Friday noon", datetime(2026, 7, 17, 12), "Quarry House", "", "12 Quarry Road, Lindenfield", ""),
    ]
