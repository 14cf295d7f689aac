"""A device that keeps sheets and sends what was marked on them, as the pages' scripts do."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.evenings import AT_SEVEN, Group
from tests.support.people import Someone

NOW = AT_SEVEN + timedelta(minutes=6)


class Device:
    """A browser in which somebody is signed in, as its worker asks."""

    def __init__(self, client: FlaskClient) -> None:
        self.client, self.ticket, self.token = client, "", ""

    def sheets(self) -> TestResponse:
        answer = self.client.get("/facilitator/device/sheets", headers={"X-Device": self.ticket})
        if answer.status_code == 200:
            self.ticket, self.token = answer.json["ticket"], answer.json["csrf"]
        return answer

    def sync(self, *marks: dict[str, Any], sent_at: datetime = NOW, **more: Any) -> TestResponse:
        body = {"ticket": self.ticket, "sent_at": sent_at.isoformat(), "marks": marks, **more}
        return self.client.post("/facilitator/device/sync", json=body, headers={"X-CSRFToken": self.token})

    def told(self, *marks: dict[str, Any], **more: Any) -> list[tuple[str, str | None, int]]:
        answer = self.sync(*marks, **more)
        assert answer.status_code == 200, answer.text
        return [
            (each["outcome"], each.get("status"), each.get("revision")) for each in answer.json["results"]
        ]


def mark(group: Group, person: Someone, status: str | None, **more: Any) -> dict[str, Any]:
    made = {"uid": str(uuid4()), "sheet": group.occurrence, "person": person.id, "status": status}
    return {**made, "seen": 0, "made_at": NOW.isoformat(), **more}
