"""The desk of a center that was made a minute ago."""

from sqlalchemy import delete
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.people.models import PersonRole
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import give_role
from scheduler.domain.places.service import make_site
from scheduler.domain.places.values import SiteDraft
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support import factories
from tests.support.people import Everybody

PAGE = "/coordinator/desk"
Sessions = sessionmaker[Database]


def test_what_must_be_made_first_is_said_in_place_of_the_form(
    clients: Clients, people: Everybody, sessions: Sessions
) -> None:
    with sessions() as session, transaction(session):
        session.execute(delete(PersonRole).where(PersonRole.role == Role.FACILITATOR))
    page = clients(people.coordinator).get(PAGE).text
    assert "First: a site" in page
    assert "First: a counselor" in page
    assert "An administrator makes them" in page
    assert 'name="counselor"' not in page
    with sessions() as session, transaction(session):
        draft = SiteDraft("Elm Street", "America/New_York")
        make_site(session, actor=SYSTEM, site=draft, now=clock.now())
    page = clients(people.coordinator).get(PAGE).text
    assert ("First: a site" in page, "First: a counselor" in page) == (False, True)
    with sessions() as session, transaction(session):
        give_role(session, actor=SYSTEM, person_id=people.member.id, role=Role.FACILITATOR, now=clock.now())
    assert 'name="counselor"' in clients(people.coordinator).get(PAGE).text


def test_who_may_make_them_is_led_there(clients: Clients, people: Everybody, sessions: Sessions) -> None:
    with sessions() as session, transaction(session):
        session.execute(delete(PersonRole).where(PersonRole.role == Role.FACILITATOR))
        session.add(
            PersonRole(person_id=people.coordinator.id, role=Role.ADMINISTRATOR, given_at=clock.now())
        )
    client = clients(people.coordinator)
    for link in ("/coordinator/places/sites/new", "/admin/people/new"):
        assert f'href="{link}"' in client.get(PAGE).text
        assert client.get(link).status_code == 200


def test_a_site_is_enough_beside_a_facilitator(
    clients: Clients, people: Everybody, sessions: Sessions
) -> None:
    with sessions() as session, transaction(session):
        factories.room(session, site="Elm Street")
    assert 'name="counselor"' in clients(people.coordinator).get(PAGE).text
