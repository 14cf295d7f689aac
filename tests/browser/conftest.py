"""The demonstration center behind a real server: made once, only looked at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.app import create_app
from scheduler.demo.accounts import ACCOUNTS, FACILITATOR
from scheduler.demo.center import make_center
from scheduler.domain.access.beginning import begin_sign_in
from scheduler.domain.attendance.leading import led_by
from scheduler.domain.attendance.models import Correction, Mark, Sheet
from scheduler.domain.attendance.opening import Phase
from scheduler.domain.calendars import service as calendars
from scheduler.domain.calendars.sources import Titles
from scheduler.domain.people.models import Identity
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.stays.models import Hold, Stay
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support import databases
from tests.support.browsing import Served, serving
from tests.support.crawling import Reached, crawl
from tests.support.visiting import Visit, visit

ZONE = "America/New_York"
HOMES = {
    "visitor": "/",
    "member": "/member/week",
    "facilitator": "/facilitator/today",
    "coordinator": "/coordinator/board",
    "administrator": "/admin/people",
    "trusted_servant": "/servant/groups",
    "reviewer": "/reviewer/reviews",
}


@dataclass(frozen=True, slots=True)
class Center:
    """The demonstration center; ``secrets`` are live sign-ins by role."""

    served: Served
    secrets: Mapping[str, str]
    found: Mapping[str, tuple[str, ...]]
    """Pages that an audience finds by searching, one for each state that the page tells."""
    _reached: dict[str, dict[str, Reached]] = field(default_factory=dict)
    _visits: dict[str, dict[str, Visit]] = field(default_factory=dict)

    def pages(self, audience: str) -> dict[str, Reached]:
        """Every page that this audience reaches by links."""
        if audience not in self._reached:
            self._reached[audience] = self._crawled(audience)
        return self._reached[audience]

    def visits(self, browser: Browser, audience: str) -> dict[str, Visit]:
        """What is wrong with each of these pages, by its address; each is visited once."""
        if audience not in self._visits:
            self._visits[audience] = self._visited(browser, audience)
        return self._visits[audience]

    def _visited(self, browser: Browser, audience: str) -> dict[str, Visit]:
        # Colors change slowly otherwise, and the other theme would be looked at on its way.
        context = browser.new_context(color_scheme="light", reduced_motion="reduce")
        if audience in self.secrets:
            self.served.sign_in(context, self.secrets[audience])
        page, said = context.new_page(), list[str]()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        addresses = [reached.address for reached in self.pages(audience).values()]
        visits = {address: visit(page, self.served.address + address, said) for address in addresses}
        context.close()
        return visits

    def _crawled(self, audience: str) -> dict[str, Reached]:
        client = Clients(self.served.app)(None)
        if audience in self.secrets:
            with client.session_transaction() as cookie:
                cookie.update({"_user_id": self.secrets[audience], "_fresh": True})
        also = self.found.get(audience, ())
        return crawl(self.served.app, client, HOMES[audience], also=also)


@pytest.fixture(scope="session")
def center(
    tmp_path_factory: pytest.TempPathFactory, sqlite_databases: databases.SqliteDatabases
) -> Iterator[Center]:
    folder = tmp_path_factory.mktemp("center")
    with sqlite_databases.fresh() as url:
        engine = databases.engine_for(url)
        with sessionmaker(engine, expire_on_commit=False)() as session, transaction(session):
            made = clock.now()
            make_center(session, hashes={one.email: "-" for one in ACCOUNTS}, timezone=ZONE, now=made)
            secrets = {one.role.value: _sign_in(session, one.email) for one in ACCOUNTS}
            _make_feed(session, FACILITATOR.email)
            found = {
                "member": ("/member/calendar/look",),
                "coordinator": (*_members(session), _locked_sheet(session)),
                "facilitator": (
                    _corrected_sheet(session),
                    _step_of_submitting(session, made),
                    _sheet_with_a_door(session, made),
                    "/facilitator/calendar/look",
                ),
            }
        engine.dispose()
        app = create_app({"database_url": url, "instance_path": str(folder), "timezone": ZONE})
        with serving(app) as served:
            yield Center(served, secrets, found)
        with app.app_context():
            db.engine.dispose()


def _person(session: Database, email: str) -> int:
    return session.scalars(select(Identity.person_id).where(Identity.email == email)).one()


def _members(session: Database) -> Iterator[str]:
    """Somebody who is here, somebody on a pause, somebody who left."""
    here = select(Stay.person_id).where(Stay.discharged_on.is_(None)).order_by(Stay.id)
    paused = select(Hold.person_id).where(Hold.until_date.is_(None))
    left = select(Stay.person_id).where(Stay.discharged_on.is_not(None), Stay.person_id.not_in(here))
    for query in (here.where(Stay.person_id.not_in(select(Hold.person_id))), paused, left):
        yield f"/coordinator/people/{session.scalars(query).first()}"


def _corrected_sheet(session: Database) -> str:
    """One that was handed in, and corrected afterwards."""
    query = select(Sheet.occurrence_id).join(Mark, Mark.sheet_id == Sheet.id)
    found = session.scalars(query.join(Correction, Correction.mark_id == Mark.id)).one()
    return f"/facilitator/sheets/{found}"


def _step_of_submitting(session: Database, now: datetime) -> str:
    """Of a sheet with names that is open."""
    person = _person(session, FACILITATOR.email)
    led = led_by(session, person, now - timedelta(days=13), now + timedelta(days=1))
    found = [one for one in led if one.wants_sheet and not one.is_by_heads and one.phase(now) is Phase.OPEN]
    return f"/facilitator/sheets/{found[0].occurrence_id}/confirm"


def _sheet_with_a_door(session: Database, now: datetime) -> str:
    """An open one from which a link leads to the screen at the door."""
    led = led_by(
        session, _person(session, FACILITATOR.email), now - timedelta(days=1), now + timedelta(days=1)
    )
    has_door = select(Occurrence.id).join(Series, Series.id == Occurrence.series_id).where(Series.check_in)
    doors = set(session.scalars(has_door))
    found = [one.occurrence_id for one in led if one.occurrence_id in doors and one.phase(now) is Phase.OPEN]
    return f"/facilitator/sheets/{found[0]}"


def _locked_sheet(session: Database) -> str:
    """One of half a year ago."""
    first = select(Sheet.occurrence_id).order_by(Sheet.submitted_at).limit(1)
    with_names = first.where(Sheet.headcount.is_(None), Sheet.submitted_at.is_not(None))
    return f"/facilitator/sheets/{session.scalars(with_names).one()}"


def _sign_in(session: Database, email: str) -> str:
    return begin_sign_in(session, person_id=_person(session, email), lasts=timedelta(days=1), now=clock.now())


def _make_feed(session: Database, email: str) -> None:
    choices = calendars.Choices(name="My phone", titles=Titles.PLAIN)
    person_id = _person(session, email)
    calendars.make_feed(session, actor=SYSTEM, person_id=person_id, choices=choices, now=clock.now())
