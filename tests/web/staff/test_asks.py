"""The page for a call: the same page whoever is asked about."""

import pytest

from tests.conftest import Clients
from tests.support.filling import alike, send
from tests.support.people import Everybody


@pytest.mark.parametrize("who", ["facilitator", "coordinator", "administrator"])
def test_whoever_works_here_is_told_what_to_say(clients: Clients, people: Everybody, who: str) -> None:
    client = clients(getattr(people, who))
    answers = []
    for about in (people.member.name, "Somebody Else"):
        sent = send(client, "/asks", asker="A brother", about=about)
        assert (sent.status_code, sent.location) == (303, "/asks?say=neither")
        answers.append(alike(client.get(sent.location).text))
    assert answers[0] == answers[1]
    assert "We can neither confirm nor deny that anybody comes here." in answers[0]
    assert people.member.name not in answers[0]


def test_a_call_without_names_comes_back(clients: Clients, people: Everybody) -> None:
    answer = send(clients(people.facilitator), "/asks", asker="", about="")
    assert answer.status_code == 422
    assert "Type who asks." in answer.text


def test_a_member_has_no_such_page(clients: Clients, people: Everybody) -> None:
    assert clients(people.member).get("/asks").status_code == 404
