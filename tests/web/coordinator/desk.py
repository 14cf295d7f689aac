"""A coordinator at a browser without scripts: reads pages, fills in their forms, sends them."""

import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scheduler.domain.access.beginning import begin_sign_in
from scheduler.store.transaction import transaction
from tests.domain.planning.center import Center


class _Forms(HTMLParser):
    """What each form of a page would send, by its action."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, list[str]]]] = []
        self._values: dict[str, list[str]] = {}
        self._select = ""

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        has = dict(given)
        name, value = has.get("name") or "", has.get("value") or ""
        if tag == "form":
            self._values = {}
            self.found.append((has.get("action") or "", self._values))
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in has or self._select not in self._values):
            self._values[self._select] = [value]
        elif tag == "input" and name:
            if has.get("type") not in {"radio", "checkbox"}:
                self._values[name] = [value]
            elif "checked" in has:
                self._values.setdefault(name, []).append(value or "y")


@dataclass
class Desk:
    """``client`` is signed in."""

    client: FlaskClient

    def get(self, address: str, *, status: int = 200) -> str:
        answer = self.client.get(address)
        assert answer.status_code == status, answer.text[-2000:]
        return answer.text

    def send(self, page: str, action: str, **typed: Any) -> TestResponse:
        """Fill in the form of ``page`` that goes to ``action``, and send it."""
        return self.send_from(self.get(page), action, page=page, **typed)

    def send_from(
        self, html: str, action: str, *, page: str = "", toast: bool = False, **typed: Any
    ) -> TestResponse:
        """The same with a page that is here already, whose address is ``page`` for a form that names none.

        ``toast``: the form in the toast, which is the last one.
        """
        forms = _Forms()
        forms.feed(html)
        found = [values for address, values in forms.found if address == action]
        return self.client.post(action or page, data={**found[-1 if toast else 0], **typed})

    def token(self) -> str:
        """A form's token, from a page that everybody has."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/me"))
        assert found is not None
        return found[1]

    def saved(self, page: str, action: str, **typed: Any) -> str:
        """The same, where it must be saved; answers the page that follows."""
        answer = self.send(page, action, **typed)
        assert answer.status_code == 303, said(answer)
        return self.get(answer.location)

    def refused(self, page: str, action: str, *, status: int = 422, **typed: Any) -> dict[str, str]:
        """The same, where it must not; answers what is wrong, by the label or "" for the form."""
        answer = self.send(page, action, **typed)
        assert answer.status_code == status, answer.text[-2000:]
        return said(answer)


def said(answer: TestResponse) -> dict[str, str]:
    """What the summary of a form says, by label; the empty one is the form as a whole."""
    summary = re.search(r'class="banner bad error-summary".*?</ul>', answer.text, re.DOTALL)
    lines = re.findall(r"<li>(.*?)</li>", summary[0], re.DOTALL) if summary else []
    found = {}
    for line in lines:
        text = text_of(line)
        label, colon, rest = text.partition(": ")
        linked = "<a" in line and colon
        found[label if linked else ""] = rest if linked else text
    return found


def text_of(html: str) -> str:
    """The words of a piece of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def toasts(page: str) -> list[str]:
    """What was just done, as the page says it."""
    return [text_of(found) for found in re.findall(r"data-toast><span>(.*?)</span>", page)]


def again(desk: Desk, center: Center) -> Desk:
    """Signed in anew: whoever's reach changes is signed out everywhere."""
    with center.sessions() as session, transaction(session):
        secret = begin_sign_in(
            session, person_id=center.people.coordinator.id, lasts=timedelta(days=1), now=center.now
        )
    with desk.client.session_transaction() as cookie:
        cookie["_user_id"] = secret
    return desk
