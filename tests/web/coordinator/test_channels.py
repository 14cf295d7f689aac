"""A member's address and phone number, typed by a coordinator."""

import pytest

from scheduler.domain.access.queries import Channels, channels_of
from scheduler.store.outbox import Outbox
from tests.domain.planning.center import Center
from tests.web.coordinator.desk import Desk, text_of, toasts


def page_of(person_id: int) -> str:
    return f"/coordinator/people/{person_id}"


def channels(center: Center, person_id: int) -> Channels | None:
    with center.sessions() as session:
        return channels_of(session, person_id)


def test_a_new_address_waits_until_its_owner_confirms_it(desk: Desk, center: Center) -> None:
    renee = center.people.member
    page = f"{page_of(renee.id)}/channels"
    assert desk.send(page, "", email="renee@example.org", phone="555 010-0142").status_code == 303
    found = channels(center, renee.id)
    assert found is not None
    assert (found.email, found.pending, found.phone) == (renee.email, "renee@example.org", "555 010-0142")
    shown = text_of(desk.get(page_of(renee.id)))
    assert "renee@example.org Not confirmed" in shown
    asked = desk.send(page_of(renee.id), f"{page}/ask")
    assert asked.location == page_of(renee.id)
    with center.sessions() as session:
        kinds = [(task.kind, task.payload) for task in session.query(Outbox).filter_by(kind="confirm")]
    assert kinds == [("confirm", {"person_id": renee.id})]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"email": "nobody"}, "This is not an e-mail address."),
        ({"email": "other.member@example.org"}, "Another person has this e-mail address."),
        ({"phone": "call me"}, "This is not a phone number."),
    ],
)
def test_what_will_not_do_is_said_beside_the_field(
    desk: Desk, center: Center, typed: dict[str, str], said: str
) -> None:
    page = f"{page_of(center.people.member.id)}/channels"
    answer = desk.send(page, "", **typed)
    assert (answer.status_code, said in answer.text) == (422, True)


def test_a_stale_page_changes_nothing(desk: Desk, center: Center) -> None:
    page = f"{page_of(center.people.member.id)}/channels"
    before = desk.get(page)
    desk.send(page, "", phone="555 010-0142")
    assert desk.send_from(before, "", page=page, phone="555 010-0199").status_code == 409


def test_who_works_here_changes_their_own(desk: Desk, center: Center) -> None:
    dana = center.people.facilitator.id
    desk.get(f"{page_of(dana)}/channels", status=404)
    assert "Change how to reach them" not in desk.get(page_of(dana))


def test_where_nothing_waits_nothing_is_sent(desk: Desk, center: Center) -> None:
    renee = center.people.member
    page = page_of(renee.id)
    assert "Ask to confirm" not in desk.get(page)
    desk.client.post(f"{page}/channels/ask", data={"csrf_token": desk.token()})
    assert toasts(desk.get(page)) == ["There is no address to confirm."]
