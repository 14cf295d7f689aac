"""Every route of the application: guarded or named public, and what it answers to whom."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
import time_machine
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker
from werkzeug.routing import Rule as Route
from werkzeug.test import TestResponse

from scheduler.domain.calendars.service import Choices, make_feed
from scheduler.domain.calendars.sources import Titles
from scheduler.domain.calendars.tokens import new_token
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.imports.stage import stage
from scheduler.domain.imports.table import Row, Table
from scheduler.domain.people.models import SignIn
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.places.service import make_room, make_site
from scheduler.domain.places.values import RoomDraft, SiteDraft
from scheduler.domain.planning.closing import close_place
from scheduler.domain.planning.closing_plan import Choice, Does
from scheduler.domain.planning.closure_drafts import ClosureDraft, all_but_medication
from scheduler.domain.planning.holiday_drafts import HolidayDraft
from scheduler.domain.planning.holidays import keep_holidays
from scheduler.domain.planning.making import NewEnrollment, NewPost, make_series
from scheduler.domain.roster.models import Post
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.recurrence import Frequency, Rule
from scheduler.domain.stays.programs import ProgramDraft, ProgramKind
from scheduler.domain.stays.service import make_program
from scheduler.extensions import limiter
from scheduler.store.transaction import transaction
from scheduler.web.guard import Undeclared, audience_of, protect
from tests.conftest import Clients
from tests.support import factories
from tests.support.feeds import FULL, path_of, subscribe
from tests.support.filled import tables_of
from tests.support.filling import TOKEN, alike
from tests.support.people import NAMES, Everybody, Someone

PUBLIC: Final = {
    "auth.confirm_address",
    "auth.door_options",
    "auth.door_step",
    "auth.forgot",
    "auth.send_code",
    "auth.set_password",
    "auth.sign_in",
    "auth.sign_in_by_passkey",
    "auth.sign_in_link",
    "auth.sign_out",
    "auth.slip",
    "auth.slip_scanned",
    "auth.type_code",
    "public.door",
    "public.ended",
    "public.healthz",
    "public.kept",
    "public.landing",
    "public.manifest",
    "public.mark",
    "public.meetings",
    "public.readyz",
    "public.sealed",
    "public.worker",
    "static",
}
"""Whoever adds a route for everybody adds it here too, and so has thought of it twice."""

FOR_ALL_SIGNED_IN: Final = {
    "auth.ask_to_confirm",
    "auth.begin_second_step",
    "auth.change_email",
    "auth.change_name",
    "auth.change_password",
    "auth.change_phone",
    "auth.confirm_email",
    "auth.confirm_second_step",
    "auth.end_other_sign_ins",
    "auth.end_sign_in",
    "auth.leave",
    "auth.me",
    "auth.new_recovery_codes",
    "auth.passkey_options",
    "auth.passkeys_page",
    "auth.remove_passkey",
    "auth.remove_second_step",
    "auth.end_calendar",
    "auth.end_device",
    "auth.own_record",
    "auth.second_step",
    "auth.shared",
    "auth.sign_ins",
}
AUDIENCES: Final = {
    "member": {Role.MEMBER},
    "facilitator": {Role.FACILITATOR, Role.COORDINATOR, Role.TRUSTED_SERVANT},
    "coordinator": {Role.COORDINATOR},
    "servant": {Role.TRUSTED_SERVANT},
    "reviewer": {Role.REVIEWER},
    "admin": {Role.ADMINISTRATOR},
    "staff": {Role.FACILITATOR, Role.COORDINATOR, Role.ADMINISTRATOR},
}
"""The roles that a route of each blueprint may name."""

LEADS_ON: Final = {"people_slip_once", "make_feed", "new_address"}
"""Where nothing was made, these lead to the page that makes it."""
NOT_THERE: Final = 10_000
READS: Final = {"audit_entry", "audit_person", "feed_body", "feed_missing"}
"""Tables that looking at a page may add to: that it was looked at, and the calendar that was made for it."""

Sessions = sessionmaker[Database]


def closure_of_room(room_id: int) -> ClosureDraft:
    """A day next spring, when nothing is made yet."""
    day = datetime(2027, 4, 1)
    stop = all_but_medication(Choice(Does.STOP))
    return ClosureDraft("Paint", day, day + timedelta(days=1), room_id=room_id, choices=stop)


@dataclass(frozen=True, slots=True)
class Case:
    """A route with an address and a method."""

    endpoint: str
    method: str
    address: str

    def __str__(self) -> str:
        return f"{self.method} {self.address}"


@pytest.fixture(autouse=True)
def today(now: datetime) -> Iterator[None]:
    limiter.enabled = False
    with time_machine.travel(now, tick=False):
        yield
    limiter.enabled = True


@pytest.fixture
def ids(sessions: Sessions, people: Everybody, now: datetime) -> dict[str, int]:
    """Something of everything that an address can name: Dana's group with Renee in it, and Renee's feed."""
    with sessions() as session, transaction(session):
        site_id = make_site(session, actor=SYSTEM, site=SiteDraft("Elm Street", "America/New_York"), now=now)
        room_id = make_room(session, actor=SYSTEM, room=RoomDraft("Room 2", site_id=site_id), now=now)
        plan = Plan(
            kind=Kind.GROUP,
            title="Thursday group",
            first_start=datetime(2026, 7, 9, 19),
            minutes=90,
            timezone="America/New_York",
            rule=Rule(Frequency.WEEKLY, weekdays=(3,)),
            room_id=room_id,
        )
        made = make_series(
            session,
            actor=SYSTEM,
            plan=plan,
            posts=[NewPost(people.facilitator.id)],
            enrollments=[NewEnrollment(people.member.id)],
            now=now - timedelta(days=14),
        )
        program = ProgramDraft("Day program", ProgramKind.OUTPATIENT)
        program_id = make_program(session, actor=SYSTEM, program=program, now=now)
        for person in (people.member, people.facilitator):
            choices = Choices(name="My phone", titles=Titles.PLAIN)
            make_feed(session, actor=SYSTEM, person_id=person.id, choices=choices, now=now)
        batch_id = stage(
            session,
            actor=people.coordinator.actor,
            table=Table(("Name",), (Row(2, ("Ada Lovelace",)),)),
            now=now,
        )
        closed = close_place(session, actor=SYSTEM, draft=closure_of_room(room_id), now=now)
        kept = keep_holidays(
            session,
            actor=people.coordinator.actor,
            drafts=[HolidayDraft(now.date(), "Founders' day")],
            kinds=[Kind.SKILLS],
            today=now.date(),
            now=now,
        )
        return {
            "batch_id": batch_id,
            "closure_id": closed.closure_id,
            "holiday_id": kept.holidays[0],
            "site_id": site_id,
            "room_id": room_id,
            "series_id": made.series_id,
            "occurrence_id": made.occurrences[0],
            "post_id": session.scalars(select(Post.id)).one(),
            "enrollment_id": session.scalars(select(Enrollment.id)).one(),
            "feed_id": 1,
            "sign_in_id": session.scalars(
                select(SignIn.id).where(SignIn.person_id == people.member.id)
            ).one(),
            "passkey_id": factories.passkey(session, people.member.id),
            "device_id": factories.device(session, people.member.id),
            "person_id": people.member.id,
            "program_id": program_id,
            "review_id": factories.review(session, people.administrator.id),
        }


def routes(app: Flask) -> list[Route]:
    return [route for route in app.url_map.iter_rules() if route.endpoint != "static"]


def cases(app: Flask, ids: Mapping[str, int]) -> list[Case]:
    """Every guarded route by each of its methods, with these ids in its address."""
    found = []
    for route in routes(app):
        if route.endpoint in PUBLIC:
            continue
        values = {name: ids[name] for name in route.arguments}
        with app.test_request_context():
            address = url_for(route.endpoint, **values)
        methods = (route.methods or set()) & {"GET", "POST"}
        found += [Case(route.endpoint, method, address) for method in sorted(methods)]
    return found


def absent(ids: Mapping[str, int]) -> dict[str, int]:
    return dict.fromkeys(ids, NOT_THERE)


def may(app: Flask, person: Someone, endpoint: str) -> bool:
    audience = audience_of(app.view_functions[endpoint])
    assert audience is not None
    return not audience.roles or person.actor.has(*audience.roles)


def ask(client: FlaskClient, case: Case, token: str | None) -> TestResponse:
    if case.method == "GET":
        return client.get(case.address)
    return client.post(case.address, data={"csrf_token": token} if token else {})


def token_of(client: FlaskClient) -> str:
    found = TOKEN.search(client.get("/me").text)
    assert found is not None
    return found[1]


def test_every_route_is_guarded_or_named_public(app: Flask) -> None:
    open_to_all = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if (audience := audience_of(view)) is None or audience.public
    }
    assert open_to_all == PUBLIC


def test_a_route_that_names_nobody_keeps_the_application_from_starting(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", view_func=lambda: "anybody reads this")
    with pytest.raises(Undeclared, match="forgotten"):
        protect(app)


def test_every_route_of_an_audience_is_that_audience_s(app: Flask) -> None:
    found = {
        endpoint: audience.roles
        for endpoint, view in app.view_functions.items()
        if (audience := audience_of(view)) is not None and not audience.public
    }
    assert {endpoint for endpoint, roles in found.items() if not roles} == FOR_ALL_SIGNED_IN
    strangers = {
        endpoint: roles
        for endpoint, roles in found.items()
        if roles and not roles <= AUDIENCES[endpoint.partition(".")[0]]
    }
    assert strangers == {}


def test_an_outsider_is_sent_to_the_door_before_anything_is_looked_up(
    app: Flask, clients: Clients, ids: dict[str, int]
) -> None:
    client = clients(None)
    for these in (ids, absent(ids)):
        answers = {str(case): ask(client, case, None) for case in cases(app, these)}
        assert {
            case: answer.status_code for case, answer in answers.items() if answer.status_code != 303
        } == {}
        assert {answer.location.partition("?")[0] for answer in answers.values()} == {"/sign-in"}


def test_a_feed_s_token_opens_nothing_but_its_feed(
    app: Flask,
    clients: Clients,
    people: Everybody,
    ids: dict[str, int],
    sessions: sessionmaker[Database],
    now: datetime,
) -> None:
    """In a cookie, in a header, in a question, and where other secrets stand in an address."""
    with sessions() as session, transaction(session):
        live = subscribe(session, people.member, now, FULL).split("/")[2]

    def shown(token: str) -> dict[str, tuple[int, str, str]]:
        client, answers = clients(None), {}
        for name in ("session", "remember_token", "token"):
            client.set_cookie(name, token)
        given = {"Authorization": f"Bearer {token}", "X-Auth-Token": token}
        pages = {str(case): (case.address, case.method) for case in cases(app, ids)}
        for route in routes(app):
            if route.endpoint in PUBLIC:
                address = re.sub(r"<.*?>", token, route.rule)
                pages |= {f"{method} {route.rule}": (address, method) for method in route.methods or ()}
        for name, (address, method) in pages.items():
            asked = {"token": token, "key": token, "code": token}
            answer = client.open(address, method=method, headers=given, query_string=asked)
            leads = answer.headers.get("Location", "").replace(token, "")
            answers[name] = answer.status_code, alike(answer.text, token=token), leads
        return answers

    opened, closed = shown(live), shown(new_token())
    assert {name: answer for name, answer in opened.items() if answer != closed[name]} == {}
    assert {opened[str(case)][0] for case in cases(app, ids)} <= {303, 400}
    assert clients(None).get(path_of(live)).status_code == 200


@pytest.mark.parametrize("who", NAMES)
def test_without_the_right_what_is_there_answers_as_what_is_not(
    app: Flask, clients: Clients, people: Everybody, ids: dict[str, int], who: str
) -> None:
    person: Someone = getattr(people, who)
    client = clients(person)
    token, wrong = token_of(client), {}
    nothing = alike(client.get("/member/nothing-of-the-kind").text)
    for these in (ids, absent(ids)):
        for case in cases(app, these):
            if not may(app, person, case.endpoint):
                for given in {"GET": [None], "POST": [token, None]}[case.method]:
                    answer = ask(client, case, given)
                    if (answer.status_code, alike(answer.text)) != (404, nothing):
                        wrong[str(case)] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize("who", NAMES)
def test_a_form_from_elsewhere_changes_nothing_for_anybody(
    app: Flask, clients: Clients, people: Everybody, ids: dict[str, int], engine: Engine, who: str
) -> None:
    person: Someone = getattr(people, who)
    client, before = clients(person), content_of(engine)
    for given in (None, "made up"):
        answers = {
            str(case): ask(client, case, given).status_code
            for case in cases(app, ids)
            if case.method == "POST" and may(app, person, case.endpoint)
        }
        assert {case: status for case, status in answers.items() if status != 400} == {}
    assert content_of(engine) == before


@pytest.mark.parametrize("who", NAMES)
def test_looking_changes_nothing(
    app: Flask, clients: Clients, people: Everybody, ids: dict[str, int], engine: Engine, who: str
) -> None:
    """Every page of theirs, every form that is sent by another method, and every page for all."""
    person: Someone = getattr(people, who)
    client, before = clients(person), content_of(engine)
    for case in cases(app, ids):
        if may(app, person, case.endpoint):
            leads_on = {303} if case.endpoint.partition(".")[2] in LEADS_ON else set()
            assert client.get(case.address).status_code in {200, 404, 405} | leads_on, case
    for route in routes(app):
        if route.endpoint in PUBLIC:
            assert client.get(re.sub(r"<.*?>", "x", route.rule)).status_code in {200, 303, 404, 405, 410}
    assert content_of(engine) == before


@pytest.mark.parametrize("who", ["other_member", "other_facilitator"])
def test_what_is_another_s_answers_as_what_is_not_there(
    app: Flask, clients: Clients, people: Everybody, ids: dict[str, int], engine: Engine, who: str
) -> None:
    """Marcus and Renee's feed and group, Femi and Dana's sheet: with a right form, and by looking."""
    person: Someone = getattr(people, who)
    client, before = clients(person), content_of(engine)
    token, told = token_of(client), {}
    named = [case for case in cases(app, ids) if re.search(r"/\d+", case.address)]
    for case in named:
        if not may(app, person, case.endpoint):
            continue
        not_there = Case(case.endpoint, case.method, re.sub(r"/\d+", f"/{NOT_THERE}", case.address))
        theirs, nobody_s = ask(client, case, token), ask(client, not_there, token)
        if (theirs.status_code, alike(theirs.text)) != (nobody_s.status_code, alike(nobody_s.text)):
            told[str(case)] = (theirs.status_code, nobody_s.status_code)
    assert told == {}
    assert content_of(engine) == before


@pytest.mark.parametrize("who", ["member", "facilitator", "coordinator", "administrator"])
def test_nonsense_in_an_address_or_a_form_is_never_a_failure_of_ours(
    app: Flask, clients: Clients, people: Everybody, ids: dict[str, int], who: str
) -> None:
    person: Someone = getattr(people, who)
    client = clients(person)
    token = token_of(client)
    nonsense: dict[str, Any] = {
        "week": "x",
        "page": "-1",
        "view": "<b>",
        "q": "\x00%_'",
        "day": "9",
        "to": "2",
    }
    for these in (ids, absent(ids)):
        for case in cases(app, these):
            if may(app, person, case.endpoint):
                asked = client.open(
                    case.address,
                    method=case.method,
                    query_string=nonsense,
                    data={"csrf_token": token, "revision": "x", "name": "\x00", "local_start": "25:99"}
                    if case.method == "POST"
                    else None,
                )
                assert asked.status_code < 500, case


def content_of(engine: Engine) -> dict[str, list[Any]]:
    """All rows of all tables, but for those that a look may add to."""
    with engine.connect() as connection:
        return {
            table.name: connection.execute(select(table).order_by(*table.primary_key)).all()
            for table in tables_of(connection)
            if table.name not in READS
        }
