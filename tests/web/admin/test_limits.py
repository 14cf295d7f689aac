"""Roles for some sites only, on a person's page."""

import pytest
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.people.queries import person_of, person_page
from scheduler.domain.people.roles import Role
from scheduler.domain.privacy.limiting import limits_of
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support import factories
from tests.support.filling import send
from tests.support.people import Everybody

Sessions = sessionmaker[Database]


@pytest.fixture(autouse=True)
def _two_sites(sessions: Sessions) -> None:
    with sessions() as session, transaction(session):
        for name in ("Elm Street", "Oak Hill"):
            factories.room(session, site=name)


def test_sites_are_chosen_and_end_the_sign_ins(
    clients: Clients, people: Everybody, sessions: Sessions
) -> None:
    admin, theirs = clients(people.administrator), clients(people.coordinator)
    page = f"/admin/people/{people.coordinator.id}"
    assert "All sites" in admin.get(page).text
    answer = send(admin, page, to=f"{page}/roles/sites", role="coordinator", sites=["2"])
    assert (answer.status_code, answer.location) == (303, page)
    with sessions() as session:
        assert limits_of(session, people.coordinator.id) == {Role.COORDINATOR: {2}}
    assert '<summary aria-label="Sites of Coordinator">Oak Hill</summary>' in admin.get(page).text
    assert theirs.get("/me").status_code == 303
    send(admin, page, to=f"{page}/roles/sites", role="coordinator")
    with sessions() as session:
        assert limits_of(session, people.coordinator.id) == {}


@pytest.mark.parametrize(
    "values",
    [
        {"role": "king", "sites": ["1"]},
        {"role": "coordinator", "sites": ["x"]},
        {"role": "coordinator", "sites": ["77"]},
        {"role": "administrator", "sites": ["1"]},
    ],
)
def test_what_the_page_does_not_offer_changes_nothing(
    clients: Clients, people: Everybody, sessions: Sessions, values: dict[str, object]
) -> None:
    person = people.administrator if values["role"] == "administrator" else people.coordinator
    page = f"/admin/people/{person.id}"
    assert send(clients(people.administrator), page, to=f"{page}/roles/sites", **values).status_code == 400
    with sessions() as session:
        assert limits_of(session, person.id) == {}


def test_a_role_that_is_not_held_has_no_sites(clients: Clients, people: Everybody) -> None:
    admin, page = clients(people.administrator), f"/admin/people/{people.member.id}"
    assert send(admin, page, to=f"{page}/roles/sites", role="coordinator").status_code == 404


def test_a_role_is_given_for_a_site_in_one_step(
    clients: Clients, people: Everybody, sessions: Sessions
) -> None:
    admin, page = clients(people.administrator), f"/admin/people/{people.coordinator.id}"
    answer = send(admin, page, to=f"{page}/roles", role="facilitator", how="give", sites=["2"])
    assert (answer.status_code, answer.location) == (303, page)
    with sessions() as session:
        assert limits_of(session, people.coordinator.id) == {Role.FACILITATOR: {2}}


@pytest.mark.parametrize(("role", "site"), [("facilitator", "77"), ("administrator", "2"), ("reviewer", "x")])
def test_a_role_that_cannot_be_for_the_site_is_not_given_at_all(
    clients: Clients, people: Everybody, sessions: Sessions, role: str, site: str
) -> None:
    admin, page = clients(people.administrator), f"/admin/people/{people.coordinator.id}"
    assert send(admin, page, to=f"{page}/roles", role=role, how="give", sites=[site]).status_code == 400
    with sessions() as session:
        found = person_page(session, people.coordinator.id)
    assert found is not None
    assert found.roles == {Role.COORDINATOR}


def test_somebody_new_is_for_one_site_from_the_start(
    clients: Clients, people: Everybody, sessions: Sessions
) -> None:
    admin = clients(people.administrator)
    typed = {"name": "Ines Vidal", "email": "ines@example.org", "sites": ["2"]}
    refused = send(admin, "/admin/people/new", **typed, roles=["administrator"])
    assert (refused.status_code, "always for all sites" in refused.text) == (422, True)
    send(admin, "/admin/people/new", **typed, roles=["facilitator", "member"])
    with sessions() as session:
        made = person_of(session, email="ines@example.org")
        assert made is not None
        assert limits_of(session, made.id) == {Role.FACILITATOR: {2}}
