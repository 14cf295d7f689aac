"""A session that nobody planned is started from the phone, and its sheet is taken."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker
from werkzeug.test import TestResponse

from scheduler.domain.attendance import queries
from scheduler.domain.people.roles import Role
from scheduler.domain.places.models import Room
from scheduler.domain.planning.starting import series_led_by, start_session
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.errors import Invalid, NotFound
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support import factories
from tests.support.evenings import AT_SEVEN, Group
from tests.support.people import Everybody
from tests.web.facilitator.conftest import Traveller, token_of

Sessions = sessionmaker[Database]


@pytest.fixture
def dana(clients: Clients, people: Everybody, group: Group, evening: Traveller) -> FlaskClient:
    """It is 9:03 PM, her evening group is over."""
    evening.move_to(AT_SEVEN + timedelta(hours=2, minutes=3))
    return clients(people.facilitator)


def sent(client: FlaskClient, **typed: str) -> TestResponse:
    data = {"csrf_token": token_of(client), "once": "a", "room": "", "starts": "21:00", "minutes": "45"}
    return client.post("/facilitator/start", data={**data, **typed})


def made(sessions: Sessions) -> int:
    with sessions() as session:
        query = select(func.count()).select_from(Series).where(Series.unplanned_at.is_not(None))
        return session.scalar(query) or 0


def test_it_begins_at_a_round_time_has_its_lead_and_opens_its_sheet(
    dana: FlaskClient, clients: Clients, people: Everybody, sessions: Sessions, group: Group
) -> None:
    page = dana.get("/facilitator/start").text
    assert 'value="21:00"' in page
    assert re.findall(r'<option[^>]*value="([^"]+)"', page)[:2] == [f"series-{group.series}", "kind-group"]
    answer = sent(dana, what=f"series-{group.series}", room="1")
    assert answer.status_code == 303
    assert sent(dana, what=f"series-{group.series}", room="1").location == answer.location
    assert made(sessions) == 1
    number = int(answer.location.rpartition("/")[2])
    with sessions() as session:
        occurrence = session.get_one(Occurrence, number)
        assert (occurrence.local_start, occurrence.room_id) == (datetime(2026, 7, 14, 21), 1)
        lead = session.scalars(select(Duty.person_id).where(Duty.occurrence_id == number)).all()
        assert lead == [people.facilitator.id]
    sheet = dana.get(answer.location).text
    assert "Nobody is expected at this session." in sheet
    assert re.findall(r'name="person" value="(\d+)"> (.*?)</label>', sheet) == [
        (str(people.other_member.id), "Marcus T."),
        (str(people.member.id), "Renee T."),
    ]
    token = token_of(dana)
    chosen = {"csrf_token": token, "person": str(people.member.id)}
    assert dana.post(f"{answer.location}/add", data=chosen).status_code == 303
    assert f'id="row-{people.member.id}"' in dana.get(answer.location).text
    for stranger in (people.facilitator.id, people.coordinator.id, 10_000):
        wrong = {"csrf_token": token, "person": str(stranger)}
        assert dana.post(f"{answer.location}/add", data=wrong).status_code == 404
    planned = f"/facilitator/sheets/{group.occurrence}"
    assert dana.post(f"{planned}/add", data=chosen).status_code == 422
    assert 'name="person"' not in dana.get(planned).text
    odile = clients(people.coordinator)
    assert "Not planned" in odile.get(f"/coordinator/occurrences/{number}").text
    assert "Not planned" not in odile.get(f"/coordinator/occurrences/{group.occurrence}").text
    assert "Not planned" in odile.get("/coordinator/week?week=2026-07-14").text


def test_series_that_are_called_the_same_are_one_choice(
    dana: FlaskClient, people: Everybody, sessions: Sessions, group: Group
) -> None:
    with sessions() as session, transaction(session):
        talks = [factories.series(session, "Talk with Dana", kind="individual") for _ in range(3)]
        for talk in talks:
            factories.post(session, talk, people.facilitator.id)
    offered = re.findall(r'<option[^>]*value="([^"]+)"', dana.get("/facilitator/start").text)
    assert offered[:4] == [f"series-{talks[0]}", f"series-{group.series}", "kind-group", "kind-individual"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"starts": "21:05"}, "yet to come"),
        ({"starts": ""}, "Say when it began."),
        ({"starts": "20:00"}, "Dana"),  # she still led the group then
        ({"minutes": "0"}, "number"),
        ({"room": "99"}, "Not a valid choice"),
        ({"what": "series-99"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_made(
    dana: FlaskClient, sessions: Sessions, group: Group, typed: dict[str, str], said: str
) -> None:
    answer = sent(dana, **{"what": f"series-{group.series}", **typed})
    assert answer.status_code in {409, 422}
    assert said in answer.text
    assert made(sessions) == 0


def test_a_room_that_is_taken_or_at_another_site_is_none(
    dana: FlaskClient, people: Everybody, sessions: Sessions, group: Group
) -> None:
    with sessions() as session, transaction(session):
        hall = factories.room(session, "hall")
        far = factories.room(session, "room 9", site="Oak Hill")
        sites = {row.id: row.site_id for row in session.scalars(select(Room))}
        other = factories.series(session, first_start=datetime(2026, 7, 14, 21), room_id=hall, rule="")
        factories.occurrence(session, other)
    page = dana.get("/facilitator/start").text
    assert "Elm Street, hall" not in page
    assert "Oak Hill, room 9" in page
    assert sent(dana, what=f"series-{group.series}", room=str(hall)).status_code == 409
    site = sites[hall]
    assert site is not None
    limits = frozenset({(Role.FACILITATOR, site)})
    limited = replace(people.facilitator.actor, limits=limits)
    now = AT_SEVEN + timedelta(hours=2, minutes=3)
    with sessions() as session, transaction(session):
        [pattern] = series_led_by(session, people.facilitator.id, now=now)
        plan = replace(pattern.plan, first_start=datetime(2026, 7, 14, 21), room_id=far)
        with pytest.raises(Invalid, match="one of these rooms"):
            start_session(session, actor=limited, plan=plan, now=now)
        with pytest.raises(NotFound):
            start_session(session, actor=people.coordinator.actor, plan=plan, now=now)
    assert made(sessions) == 0


def test_only_facilitators_start_sessions_and_only_like_what_they_lead(
    clients: Clients, people: Everybody, group: Group
) -> None:
    for somebody in (people.member, people.coordinator, people.administrator):
        assert clients(somebody).get("/facilitator/start").status_code == 404
    femi = clients(people.other_facilitator)
    assert "You lead nothing yet" in femi.get("/facilitator/start").text
    assert sent(femi, what=f"series-{group.series}").status_code == 422


def test_who_started_it_leads_it(
    people: Everybody, sessions: Sessions, dana: FlaskClient, group: Group
) -> None:
    location = sent(dana, what="kind-group").location
    with sessions() as session:
        head = queries.head_of(
            session, actor=people.facilitator.actor, occurrence_id=int(location.rpartition("/")[2])
        )
    assert (head.title, head.unplanned, head.is_led, head.minutes) == ("Group", True, True, 45)
