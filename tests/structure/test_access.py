"""The access table: each role by each route by what is one's own, at the same site, at another site.

Absent ids answer exactly as what is out of reach; the table says who finds what, and nothing else is found.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

import pytest
import time_machine
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker
from werkzeug.test import TestResponse

from scheduler.domain.access.beginning import begin_sign_in
from scheduler.domain.calendars.models import Feed
from scheduler.domain.calendars.service import Choices, make_feed
from scheduler.domain.calendars.sources import Titles
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.roles import SYSTEM, Actor, Role
from scheduler.domain.people.service import make_person
from scheduler.domain.places.service import make_room, make_site
from scheduler.domain.places.values import RoomDraft, SiteDraft
from scheduler.domain.planning.closing import close_place
from scheduler.domain.planning.closing_plan import Choice, Does
from scheduler.domain.planning.closure_drafts import ClosureDraft, all_but_medication
from scheduler.domain.planning.making import NewEnrollment, NewPost, make_series
from scheduler.domain.privacy.limiting import limit_role
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.roster.positions import Position
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.recurrence import Frequency, Rule
from scheduler.domain.stays.models import Hold, Stay
from scheduler.extensions import limiter
from scheduler.store.transaction import transaction
from scheduler.web.guard import audience_of
from scheduler.web.reach import NAMED, OF_NO_SITE
from tests.conftest import Clients
from tests.support import factories
from tests.support.filling import TOKEN, alike
from tests.support.people import Someone

NOT_THERE: Final = 10_000
Sessions = sessionmaker[Database]


class Whose(StrEnum):
    """Where something belongs, seen by who asks."""

    OWN = "own"
    HERE = "same site"
    ELSEWHERE = "other site"


ALL: Final = frozenset(Whose)
NOTHING: Final[frozenset[Whose]] = frozenset()
AT_THEIR_SITE: Final = frozenset({Whose.OWN, Whose.HERE})
THEIRS: Final = frozenset({Whose.OWN})

TABLE: Final[dict[str, dict[str, frozenset[Whose]]]] = {
    "member": {"member": THEIRS},
    "trusted servant": {"servant": THEIRS, "sheets": THEIRS},
    "facilitator": {"facilitator": THEIRS, "sheets": THEIRS},
    "coordinator": {"coordinator": ALL, "sheets": ALL},
    "coordinator here": {"coordinator": AT_THEIR_SITE, "sheets": AT_THEIR_SITE},
    "administrator": {"admin": ALL},
    "reviewer": {"reviewer": THEIRS},
}
"""Whose things each finds under the pages of an audience; what is not here answers as absent.

The sheets stand under the facilitator's pages, and are open to coordinators too. What belongs to a trusted
servant is a hosted group that counts heads; for everybody else the group has names.
"""

ROLES: Final = {
    "member": Role.MEMBER,
    "trusted servant": Role.TRUSTED_SERVANT,
    "facilitator": Role.FACILITATOR,
    "coordinator": Role.COORDINATOR,
    "coordinator here": Role.COORDINATOR,
    "administrator": Role.ADMINISTRATOR,
    "reviewer": Role.REVIEWER,
}
ASKS_FOR_MORE: Final = {
    "coordinator.closures_call",  # who was reached
    *(f"coordinator.kept_marks_{act}" for act in ("apply", "set_aside")),  # which mark
    "coordinator.occurrence_substitute",  # which duty
    "coordinator.people_admit",  # somebody who is not here yet
    "coordinator.people_lift_apart",  # from whom
    "coordinator.people_undo",  # what was done
    *(f"facilitator.{verb}" for verb in ("absent", "coming")),  # who it is that called
    "facilitator.change_walk_in",  # which walk-in
    "facilitator.settle",  # which mark
    *(f"member.{verb}" for verb in ("add_meeting", "remove_meeting")),  # a listed meeting
    *(f"member.{verb}" for verb in ("change_feed", "new_address", "revoke_feed")),  # one ends it for the next
}
"""Forms that answer as absent, sent empty."""
OF_NAMES: Final = {f"facilitator.{verb}" for verb in ("paper", "enter", "save_entered", "tell_apart")}
"""Of sheets that have names."""
CLOSED: Final = frozenset({"holiday_id"})
"""Names in the addresses of coordinators' pages that somebody limited to sites never finds."""


@dataclass(frozen=True, slots=True)
class Center:
    """Who asks, and the ids that addresses name, by where they belong."""

    askers: dict[str, Someone]
    things: dict[Whose, dict[str, int]]
    hosted: dict[Whose, dict[str, int]]

    def of(self, who: str) -> dict[Whose, dict[str, int]]:
        """What they are asked with."""
        if who != "trusted servant":
            return self.things
        return {whose: self.things[whose] | self.hosted[whose] for whose in Whose}


@pytest.fixture(autouse=True)
def today(now: datetime) -> Iterator[None]:
    limiter.enabled = False
    with time_machine.travel(now, tick=False):
        yield
    limiter.enabled = True


@pytest.fixture
def center(sessions: Sessions, now: datetime) -> Center:
    with sessions() as session, transaction(session):
        here, elsewhere = (_site(session, name, now) for name in ("Elm Street", "Oak Hill"))
        askers = {who: _someone(session, who, role, now) for who, role in ROLES.items()}
        only = askers["coordinator here"].id
        limit_role(session, actor=SYSTEM, person_id=only, role=Role.COORDINATOR, sites=[here], now=now)
        askers["coordinator here"] = _signed_in(session, askers["coordinator here"], now)
        others = [
            _someone(session, f"{role} {n}", role, now)
            for role in (Role.FACILITATOR, Role.MEMBER)
            for n in "ab"
        ]
        leads, members = others[:2], others[2:]
        servants = [_someone(session, f"servant {n}", Role.TRUSTED_SERVANT, now).id for n in "ab"]
        servants = [askers["trusted servant"].id, *servants]
        sites = (here, here, elsewhere)
        hosted = [_hosted(session, site, servant, now) for site, servant in zip(sites, servants, strict=True)]
        return Center(
            askers,
            {
                Whose.OWN: _things(session, here, askers["facilitator"].id, askers["member"].id, now),
                Whose.HERE: _things(session, here, leads[0].id, members[0].id, now),
                Whose.ELSEWHERE: _things(session, elsewhere, leads[1].id, members[1].id, now),
            },
            dict(zip(Whose, hosted, strict=True)),
        )


def _site(session: Database, name: str, now: datetime) -> int:
    return make_site(session, actor=SYSTEM, site=SiteDraft(name, "America/New_York"), now=now)


def _someone(session: Database, name: str, role: Role, now: datetime) -> Someone:
    email = f"{name.replace(' ', '.')}@example.org"
    person_id = make_person(session, actor=SYSTEM, name=name, email=email, roles=[role], now=now)
    return _signed_in(
        session, Someone(person_id, name, email, Actor(person_id, None, frozenset({role})), ""), now
    )


def _signed_in(session: Database, person: Someone, now: datetime) -> Someone:
    secret = begin_sign_in(session, person_id=person.id, lasts=timedelta(days=9), now=now)
    return Someone(person.id, person.name, person.email, person.actor, secret)


def _closure(session: Database, room_id: int, now: datetime) -> int:
    """A day next spring, when nothing is made yet."""
    day = datetime(2027, 4, 1)
    stop = all_but_medication(Choice(Does.STOP))
    draft = ClosureDraft("Paint", day, day + timedelta(days=1), room_id=room_id, choices=stop)
    return close_place(session, actor=SYSTEM, draft=draft, now=now).closure_id


def _things(session: Database, site_id: int, lead: int, member: int, now: datetime) -> dict[str, int]:
    """A group today at this site with everything that hangs on it."""
    room_id = make_room(session, actor=SYSTEM, room=RoomDraft(f"Room {lead}", site_id=site_id), now=now)
    plan = Plan(
        kind=Kind.GROUP,
        title="Wednesday group",
        first_start=datetime(2026, 7, 15, 17),
        minutes=90,
        timezone="America/New_York",
        rule=Rule(Frequency.WEEKLY, weekdays=(2,)),
        room_id=room_id,
    )
    posts, members = [NewPost(lead)], [NewEnrollment(member)]
    made = make_series(session, actor=SYSTEM, plan=plan, posts=posts, enrollments=members, now=now)
    stay = Stay(person_id=member, site_id=site_id, admitted_on=date(2026, 7, 1), changed_at=now)
    session.add(stay)
    session.flush()
    hold = Hold(
        stay_id=stay.id,
        person_id=member,
        from_date=date(2026, 9, 1),
        until_date=date(2026, 9, 9),
        places="kept",
        made_at=now,
    )
    session.add(hold)
    session.flush()
    make_feed(session, actor=SYSTEM, person_id=member, choices=Choices("Phone", Titles.PLAIN), now=now)
    occurrence_id = made.occurrences[0]
    return {
        "device_id": factories.device(session, member),
        "site_id": site_id,
        "room_id": room_id,
        "series_id": made.series_id,
        "occurrence_id": occurrence_id,
        "post_id": session.scalars(select(Post.id).where(Post.series_id == made.series_id)).one(),
        "duty_id": session.scalars(select(Duty.id).where(Duty.occurrence_id == occurrence_id)).one(),
        "enrollment_id": session.scalars(
            select(Enrollment.id).where(Enrollment.series_id == made.series_id)
        ).one(),
        "person_id": member,
        "stay_id": stay.id,
        "hold_id": hold.id,
        "closure_id": _closure(session, room_id, now),
        "feed_id": session.scalars(select(Feed.id).where(Feed.person_id == member)).one(),
    }


def _hosted(session: Database, site_id: int, chair: int, now: datetime) -> dict[str, int]:
    """A mutual-help group today at this site, which counts heads and has this chair."""
    room_id = make_room(session, actor=SYSTEM, room=RoomDraft(f"Room {chair}", site_id=site_id), now=now)
    plan = Plan(
        kind=Kind.MUTUAL_HELP,
        title="Noon meeting",
        first_start=datetime(2026, 7, 15, 12),
        minutes=60,
        timezone="America/New_York",
        rule=Rule(Frequency.WEEKLY, weekdays=(2,)),
        room_id=room_id,
        counting=Counting.HEADS,
    )
    posts = [NewPost(chair, Position.CHAIR)]
    made = make_series(session, actor=SYSTEM, plan=plan, posts=posts, now=now - timedelta(days=1))
    post_id = session.scalars(select(Post.id).where(Post.series_id == made.series_id)).one()
    return {"series_id": made.series_id, "occurrence_id": made.occurrences[0], "post_id": post_id}


@dataclass(frozen=True, slots=True)
class Case:
    """A route whose address names something, by one of its methods."""

    endpoint: str
    method: str
    arguments: frozenset[str]

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint}"


def cases(app: Flask) -> list[Case]:
    """Everything under an audience that names a number."""
    found = []
    for route in app.url_map.iter_rules():
        audience = audience_of(app.view_functions[route.endpoint])
        assert audience is not None
        if audience.roles and route.arguments:
            methods = sorted((route.methods or set()) & {"GET", "POST"})
            found += [Case(route.endpoint, method, frozenset(route.arguments)) for method in methods]
    return found


def part_of(case: Case) -> str:
    """The row of the table: the sheets of the facilitator's pages are one of their own."""
    audience = case.endpoint.partition(".")[0]
    return "sheets" if audience == "facilitator" and "occurrence_id" in case.arguments else audience


def ask(app: Flask, client: FlaskClient, case: Case, ids: dict[str, int], token: str) -> TestResponse:
    with app.test_request_context():
        address = url_for(case.endpoint, **{name: ids[name] for name in case.arguments})
    if case.method == "GET":
        return client.get(address)
    answer = client.post(address, data={"csrf_token": token})
    if answer.status_code == 303:
        client.get("/me")  # what is said once is said there
    return answer


def told(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, alike(answer.text)


@pytest.mark.parametrize("who", TABLE)
def test_each_role_finds_what_the_table_says_and_the_rest_is_absent(
    app: Flask, clients: Clients, center: Center, who: str
) -> None:
    client = clients(center.askers[who])
    found = TOKEN.search(client.get("/me").text)
    assert found is not None
    token, absent, wrong = found[1], dict.fromkeys(center.things[Whose.OWN], NOT_THERE), []
    known = [case for case in cases(app) if case.arguments <= absent.keys()]
    for case in sorted(known, key=lambda case: case.method):
        nothing = told(ask(app, client, case, absent, token))
        within = TABLE[who].get(part_of(case), NOTHING)
        if "feed_id" in case.arguments and part_of(case) == "facilitator":
            within = NOTHING  # all feeds here are members'
        if case.endpoint in OF_NAMES and who == "trusted servant":
            within = NOTHING  # what counts heads has no names to print
        for whose in Whose:
            answer = ask(app, client, case, center.of(who)[whose], token)
            is_absent = answer.status_code == 404 and told(answer) == nothing
            if is_absent is (whose in within) and case.endpoint not in ASKS_FOR_MORE:
                wrong.append(f"{case} {whose}: {answer.status_code}")
    assert wrong == []


def test_every_name_in_a_planner_s_address_was_thought_about(app: Flask) -> None:
    """Somebody limited to sites finds nothing under a name that is not known to the guard."""
    names = {name for case in cases(app) if part_of(case) == "coordinator" for name in case.arguments}
    assert names - NAMED.keys() - OF_NO_SITE == CLOSED


def test_no_servant_reads_a_sheet_with_names(clients: Clients, center: Center) -> None:
    client = clients(center.askers["trusted servant"])
    for things in center.things.values():
        assert client.get(f"/facilitator/sheets/{things['occurrence_id']}").status_code == 404


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/coordinator/board?date=2026-07-15", "Room"),
        ("/coordinator/series", "Wednesday group"),
        ("/coordinator/places", "Elm Street"),
        ("/coordinator/closures", "Elm Street"),
        ("/coordinator/people?find=member", "member a"),
    ],
)
def test_lists_end_at_one_s_sites(clients: Clients, center: Center, address: str, shown: str) -> None:
    limited, everywhere = (
        clients(center.askers[who]).get(address).text for who in ("coordinator here", "coordinator")
    )
    assert shown in limited
    for other in ("Oak Hill", "member b", "facilitator b"):
        assert other not in limited, other
    assert "Oak Hill" in everywhere or "member b" in everywhere


@pytest.mark.parametrize(
    ("address", "absent"),
    [
        ("/coordinator/series/new", "facilitator b"),
        ("/coordinator/places/rooms/new", "Oak Hill"),
        ("/coordinator/closures/new", "Room b"),
    ],
)
def test_choices_end_at_one_s_sites(clients: Clients, center: Center, address: str, absent: str) -> None:
    limited = clients(center.askers["coordinator here"]).get(address).text
    assert absent not in limited
    assert "Oak Hill" not in limited


def test_a_posted_id_out_of_reach_is_no_choice(app: Flask, clients: Clients, center: Center) -> None:
    client = clients(center.askers["coordinator here"])
    here, elsewhere = center.things[Whose.HERE], center.things[Whose.ELSEWHERE]
    found = TOKEN.search(client.get("/me").text)
    assert found is not None
    token = {"csrf_token": found[1]}
    sent = {
        f"/coordinator/people/{here['person_id']}/enrollments": {
            "join-series": elsewhere["series_id"],
            "join-from_date": "2026-07-20",
        },
        f"/coordinator/series/{here['series_id']}/enrollments": {
            "enroll-find": "member",
            "enroll-person": elsewhere["person_id"],
            "enroll-from_date": "2026-07-20",
        },
        f"/coordinator/occurrences/{here['occurrence_id']}/move": {
            "move-day": "2026-07-16",
            "move-at": "17:00",
            "move-reason": "Repairs",
            "move-room": elsewhere["room_id"],
        },
        "/coordinator/places/rooms/new": {"name": "Room 9", "site": elsewhere["site_id"]},
    }
    answers = {page: client.post(page, data=token | data).status_code for page, data in sent.items()}
    assert answers == dict.fromkeys(sent, 422)


def test_sessions_chosen_together_and_changes_to_undo_are_found_at_one_s_sites_only(
    clients: Clients, center: Center
) -> None:
    limited, everywhere = clients(center.askers["coordinator here"]), clients(center.askers["coordinator"])
    answers = {}
    for whose in (Whose.HERE, Whose.ELSEWHERE):
        number = center.things[whose]["occurrence_id"]
        answers["chosen", whose] = _post(limited, "/coordinator/bulk", chosen=f"{number}:1").status_code
        reason = {"cancel-reason": "Flood", "cancel-revision": "1"}
        _post(everywhere, f"/coordinator/occurrences/{number}/cancel", **reason)
        change = re.search(
            r'name="change" value="(\d+)"', everywhere.get(f"/coordinator/occurrences/{number}").text
        )
        assert change is not None
        answers["undone", whose] = _post(limited, "/coordinator/plan/undo", change=change[1]).status_code
    assert answers == {
        ("chosen", Whose.HERE): 200,
        ("chosen", Whose.ELSEWHERE): 404,
        ("undone", Whose.HERE): 303,
        ("undone", Whose.ELSEWHERE): 404,
    }


def _post(client: FlaskClient, address: str, **data: str) -> TestResponse:
    token = TOKEN.search(client.get("/me").text)
    assert token is not None
    return client.post(address, data={"csrf_token": token[1], **data})
