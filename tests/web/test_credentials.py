"""The credentials on the pages of a person."""

import re
from datetime import datetime

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.people.models import Credential
from tests.conftest import Clients
from tests.support.people import Everybody


@pytest.mark.parametrize(("audience", "who"), [("coordinator", "coordinator"), ("admin", "administrator")])
def test_coordinators_and_administrators_note_correct_and_take_off(
    clients: Clients,
    people: Everybody,
    sessions: sessionmaker[Database],
    now: datetime,
    audience: str,
    who: str,
) -> None:
    page = f"/{audience}/people/{people.facilitator.id}"

    def sent(which: int, **typed: str) -> int:
        found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/me").text)
        assert found is not None
        data = {f"credential{which}-{name}": value for name, value in typed.items()}
        how = {
            "credential": str(which),
            "csrf_token": found[1],
            **({"take": "1"} if "take" in typed else {}),
        }
        return client.post(f"{page}/credentials", data=data | how).status_code

    def stands() -> dict[int, str]:
        with sessions() as session:
            rows = select(Credential.id, Credential.kind).where(Credential.replaced_at.is_(None))
            return dict(session.execute(rows).all())

    with time_machine.travel(now, tick=False):
        client = clients(getattr(people, who))
        assert "None is noted." in client.get(page).text
        assert sent(0, kind="") == 422
        assert sent(0, kind="LCSW", number="12345", valid_until="2020-01-01") == 303
        shown = client.get(page).text
        assert "12345" in shown
        assert "Over" in shown
        [first] = stands()
        assert sent(first, kind="CADC", valid_until="soon") == 422
        assert sent(first, kind="CADC") == 303
        [second] = stands()
        assert stands() == {second: "CADC"}
        assert sent(first, kind="LCSW") == 409, "somebody was faster"
        assert sent(second, take="1") == 303
        assert stands() == {}
        assert "12345" not in client.get(f"/{audience}/people/{people.member.id}").text
