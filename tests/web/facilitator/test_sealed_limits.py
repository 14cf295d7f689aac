"""What a ticket is good for: sheets that its device held or its person takes, and not for ever."""

import json
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.attendance.models import DeviceSheet, Mark, SentMark, WalkInName
from scheduler.domain.people.models import Device as DeviceRow
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import disable, make_person
from scheduler.domain.privacy.merge import merge
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support import factories
from tests.support.boxes import seal
from tests.support.devices import NOW, Device, mark
from tests.support.evenings import Group
from tests.support.filling import send
from tests.support.people import Everybody
from tests.web.facilitator.conftest import Traveller, hand_in

pytestmark = pytest.mark.databases("sqlite", "postgresql")
Sessions = sessionmaker[Database]
DAY = timedelta(days=1)


class Sealing(Device):
    """A device that seals what it made, for anybody to hand in."""

    def __init__(self, clients: Clients, whose: Any) -> None:
        super().__init__(clients(whose))
        given = self.sheets().json
        self.nobody, self.key, self.key_id = clients(None), given["key"], given["key_id"]

    def box(self, *marks: dict[str, Any], **more: Any) -> dict[str, Any]:
        inside = {"ticket": self.ticket, "sent_at": NOW.isoformat(), "marks": marks, **more}
        return seal(self.key, self.key_id, json.dumps(inside).encode())

    def hand_in(self, *boxes: dict[str, Any]) -> None:
        answer = self.nobody.post("/sealed", json={"sealed": boxes})
        assert answer.json == {"taken": [each["id"] for each in boxes]}


@pytest.fixture
def dana(clients: Clients, people: Everybody, group: Group) -> Sealing:
    return Sealing(clients, people.facilitator)


def number(group: Group, count: int, **more: Any) -> dict[str, Any]:
    made = {"uid": str(uuid4()), "sheet": group.occurrence, "what": "walk_ins", "number": count, "seen": 7777}
    return {**made, "made_at": NOW.isoformat(), **more}


def walk_in(group: Group, name: str) -> dict[str, Any]:
    made = {"uid": str(uuid4()), "sheet": group.occurrence, "name": name, "status": "present"}
    return {**made, "made_at": NOW.isoformat()}


def stored(sessions: Sessions) -> list[tuple[int | None, str, str]]:
    """Whom each that was stored is about, and what became of it."""
    with sessions() as session:
        query = select(SentMark.person_id, SentMark.outcome, SentMark.why)
        return sorted(map(tuple, session.execute(query)), key=str)


def test_a_ticket_tells_and_writes_nothing_where_its_device_held_no_sheet(
    clients: Clients, people: Everybody, group: Group, sessions: Sessions
) -> None:
    femi = Sealing(clients, people.other_facilitator)
    everybody = [mark(group, people.member, "present") | {"person": one} for one in range(1, 30)]
    more: dict[str, Any] = {"numbers": [number(group, 3)], "walk_ins": [walk_in(group, "Nora Q.")]}
    femi.hand_in(femi.box(*everybody, **more), femi.box(mark(group, people.member, "present", sheet=999)))
    with sessions() as session, transaction(session):
        session.execute(update(Series).where(Series.id == group.series).values(listed=True))
        session.add(DeviceSheet(device_id=1, occurrence_id=group.occurrence, first_at=NOW, last_at=NOW))
    femi.hand_in(femi.box(*everybody, **more))
    with sessions() as session, transaction(session):
        disable(session, actor=SYSTEM, person_id=people.other_facilitator.id, now=NOW)
        session.execute(delete(DeviceSheet))
        session.execute(update(Series).values(listed=False))
    femi.hand_in(femi.box(*everybody, **more))
    assert stored(sessions) == []
    with sessions() as session:
        assert session.scalars(select(WalkInName.name)).all() == []


def test_what_waits_of_one_sender_for_one_session_has_an_end(
    dana: Sealing, people: Everybody, group: Group, sessions: Sessions
) -> None:
    hand_in(dana.client, group.occurrence, anyway="1")
    for _ in range(2):
        made = [number(group, n, made_at=(NOW - n * timedelta(seconds=1)).isoformat()) for n in range(1, 9)]
        walk_ins = [walk_in(group, "Nora Q.") for _ in range(240)]
        dana.hand_in(dana.box(mark(group, people.member, "late"), numbers=made[:1], walk_ins=walk_ins))
    assert [outcome for _, outcome, why in stored(sessions) if why].count("kept") == 200
    with sessions() as session:
        assert len(session.scalars(select(WalkInName.name)).all()) == 198
    (told,) = dana.sync(mark(group, people.other_member, "present")).json["results"]
    assert (told["outcome"], told["reason"]) == ("refused", "Too many marks of yours came for this sheet.")


def test_what_changes_nothing_is_not_taken_without_end(
    dana: Sealing, people: Everybody, group: Group, sessions: Sessions
) -> None:
    def told(*marks: dict[str, Any]) -> Counter[tuple[str, str]]:
        results = dana.sync(*marks).json["results"]
        return Counter((each["outcome"], each["reason"]) for each in results)

    often = [[mark(group, people.member, "present") for _ in range(500)] for _ in range(5)]
    assert sum((told(*each) for each in often[:4]), Counter()) == {
        ("applied", ""): 1,
        ("unchanged", ""): 1999,
    }
    many = ("refused", "Too many marks of yours came for this sheet.")
    assert told(*often[4]) == {many: 500}
    assert told(*often[0]) == {("applied", ""): 1, ("unchanged", ""): 499}  # they came before
    assert told(mark(group, people.member, "late", seen=1), mark(group, people.other_member, "absent")) == {
        ("applied", ""): 2
    }
    dana.hand_in(dana.box(*[mark(group, people.member, "late") for _ in range(5)]))
    assert len(stored(sessions)) == 2002


@pytest.mark.parametrize(
    "made",
    ["0001-01-01T00:00:00+00:00", "0001-01-01T00:00:00+14:00", "1970-01-01T00:00:00Z", "9999-12-31T23:59Z"],
)
def test_an_impossible_time_is_stored_as_a_possible_one(
    dana: Sealing, clients: Clients, people: Everybody, group: Group, sessions: Sessions, made: str
) -> None:
    hand_in(dana.client, group.occurrence, anyway="1")
    for sent_at in (NOW.isoformat(), "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
        for person in (people.member, people.other_member):
            impossible = mark(group, person, "late", made_at=made)
            body = {"ticket": dana.ticket, "sent_at": sent_at, "marks": [impossible]}
            headers = {"X-CSRFToken": dana.token}
            assert dana.client.post("/facilitator/device/sync", json=body, headers=headers).status_code == 200
            dana.hand_in(dana.box(mark(group, person, "absent", made_at=made), sent_at=sent_at))
    with sessions() as session:
        for at in session.scalars(select(SentMark.made_at)):
            assert NOW - DAY <= at <= NOW
    for client, page in (
        (dana.client, "/facilitator/today"),
        (clients(people.coordinator), "/coordinator/kept-marks"),
    ):
        assert client.get(page).status_code == 200


def test_a_colleague_who_is_hidden_and_a_stranger_are_told_alike(
    clients: Clients, people: Everybody, group: Group, sessions: Sessions
) -> None:
    with sessions() as session, transaction(session):
        both = [
            make_person(
                session,
                actor=SYSTEM,
                name=name,
                email=f"{name}@example.org",
                roles=[Role.MEMBER, Role.FACILITATOR],
                now=factories.CHANGED,
            )
            for name in ("Private", "Nobody")
        ]
        factories.enrollment(session, group.series, both[0])
    odile = Sealing(clients, people.coordinator)
    told = []
    for person in both:
        uid = str(uuid4())
        first = odile.told(mark(group, people.member, "present", uid=uid) | {"person": person})
        again = odile.told(mark(group, people.member, None, uid=uid))
        told.append((first, again))
    assert told[0] == told[1] == ([("not_expected", None, 0)], [("unchanged", None, 0)])
    for person in both:
        odile.hand_in(odile.box(mark(group, people.member, "present") | {"person": person}))
    assert {person for person, *_ in stored(sessions)} == {people.member.id}
    with sessions() as session, transaction(session):
        session.execute(update(DeviceRow).values(ended_at=NOW))
    for person in both:
        odile.hand_in(odile.box(mark(group, people.member, "present") | {"person": person}))
    assert {person for person, *_ in stored(sessions)} == {people.member.id}


def test_a_uid_names_one_thing_for_ever_and_stops_nothing_else(
    dana: Sealing, people: Everybody, group: Group
) -> None:
    uid, other = str(uuid4()), str(uuid4())
    first = mark(group, people.member, "present", uid=uid)
    second = mark(group, people.other_member, "present", uid=uid)
    third, fourth = (
        number(group, 2, uid=other, seen=0),
        mark(group, people.other_member, "late", uid=other.upper()),
    )
    results = dana.sync(first, second, fourth, numbers=[third]).json["results"]
    said = [(each["outcome"], each["person"], each.get("what")) for each in results]
    assert sorted(said, key=str) == sorted(
        [
            ("applied", people.member.id, None),
            ("refused", people.other_member.id, None),
            ("applied", people.other_member.id, None),
            ("refused", None, "walk_ins"),
        ],
        key=str,
    )
    assert [each["outcome"] for each in dana.sync(second, numbers=[third]).json["results"]] == ["refused"] * 2


def test_what_was_made_long_after_the_last_contact_or_comes_from_an_unknown_device_waits(
    dana: Sealing, people: Everybody, group: Group, sessions: Sessions, evening: Traveller
) -> None:
    with sessions() as session, transaction(session):
        session.execute(update(DeviceRow).values(first_at=NOW - 9 * DAY, seen_at=NOW - 4 * DAY))
    in_time = mark(group, people.member, "present", made_at=(NOW - 2 * DAY).isoformat())
    dana.hand_in(dana.box(in_time, mark(group, people.other_member, "present")))
    expected = [(people.member.id, "applied", ""), (people.other_member.id, "kept", "stale")]
    assert stored(sessions) == sorted(expected, key=str)
    with sessions() as session, transaction(session):  # restored from before it was
        session.execute(update(SentMark).values(device_id=None))
        session.execute(delete(DeviceSheet))
        session.execute(delete(DeviceRow))
    dana.hand_in(dana.box(mark(group, people.member, "late")))
    expected.append((people.member.id, "kept", "unknown"))
    assert stored(sessions) == sorted(expected, key=str)
    with sessions() as session, transaction(session):
        session.execute(delete(Duty))
    dana.hand_in(dana.box(mark(group, people.member, "absent")))
    assert stored(sessions) == sorted(expected, key=str)


def test_minutes_that_do_not_fit_any_more_wait_and_are_not_applied(
    dana: Sealing, clients: Clients, people: Everybody, group: Group, sessions: Sessions
) -> None:
    box = dana.box(mark(group, people.member, "late", late_minutes=80), walk_ins=[walk_in(group, "Nora Q.")])
    with sessions() as session, transaction(session):
        session.execute(update(Occurrence).values(ends_at=NOW + timedelta(minutes=48)))
    dana.hand_in(box)
    assert stored(sessions) == [(people.member.id, "kept", "unfit"), (None, "applied", "")]
    odile = clients(people.coordinator)
    assert "The minutes are not within the session any more." in odile.get("/coordinator/kept-marks").text
    with sessions() as session:
        uid = session.scalar(select(SentMark.uid).where(SentMark.why != ""))
    to = f"/coordinator/occurrences/{group.occurrence}/kept-marks/apply"
    answer = send(odile, "/coordinator/kept-marks", to=to, uid=uid, seen="0", reason="")
    assert answer.status_code < 500
    with sessions() as session:
        assert session.scalars(select(Mark.status)).all() == []


def test_a_slow_uplink_and_a_clock_that_was_set_lose_no_tap(
    dana: Sealing, people: Everybody, group: Group, sessions: Sessions, evening: Traveller
) -> None:
    def at(seconds: float) -> str:
        return (NOW + timedelta(seconds=seconds)).isoformat()

    first = mark(group, people.member, "present", made_at=at(0))
    one = number(group, 1, seen=0, made_at=at(0))
    evening.move_to(NOW + timedelta(seconds=20))  # it was under way so long
    dana.sync(first, numbers=[one], sent_at=NOW)
    second = mark(group, people.member, "absent", made_at=at(10))
    two = number(group, 2, seen=0, made_at=at(10))
    evening.move_to(NOW + timedelta(seconds=22))
    told = dana.sync(first, second, numbers=[one, two], sent_at=NOW + timedelta(seconds=22)).json["results"]
    assert [(each["status"], each["outcome"]) for each in told[:2]] == [
        ("present", "applied"),
        ("absent", "applied"),
    ]
    assert [(each["number"], each["outcome"]) for each in told[2:]] == [(1, "applied"), (2, "applied")]
    evening.move_to(NOW + timedelta(seconds=60))  # the clock was a year ahead, and is set right
    year = timedelta(days=365)
    ahead = mark(group, people.other_member, "present", made_at=(NOW + year).isoformat())
    dana.sync(ahead, sent_at=NOW + year + timedelta(seconds=30))
    evening.move_to(NOW + timedelta(seconds=90))
    right = mark(group, people.other_member, "late", made_at=at(80))
    assert dana.told(right, sent_at=NOW + timedelta(seconds=90)) == [("applied", "late", 2)]


def test_marks_of_a_record_that_was_joined_go_to_the_one_that_goes_on(
    dana: Sealing, people: Everybody, group: Group, sessions: Sessions
) -> None:
    first, second = people.member, people.other_member
    dana.told(mark(group, first, "absent"), mark(group, second, "absent"))
    with sessions() as session, transaction(session):
        merge(session, actor=people.administrator.actor, first_id=first.id, second_id=second.id, now=NOW)
    later = (NOW + timedelta(seconds=1)).isoformat()
    (told,) = dana.sync(mark(group, second, "present", seen=1, made_at=later)).json["results"]
    assert (told["person"], told["status"]) == (second.id, "present")
    form = {"csrf_token": dana.token, f"was-{second.id}": "|||", f"seen-{second.id}": "3"}
    stale = form | {f"status-{second.id}": "late", f"late-{second.id}": "5"}
    to = f"/facilitator/sheets/{group.occurrence}/marks"
    for fields in (stale, stale | {f"seen-{second.id}": "1"}):
        assert dana.client.post(to, data=fields).status_code == 303
    dana.hand_in(dana.box(mark(group, second, "excused", seen=2, made_at=later[:-6] + "Z")))
    with sessions() as session:
        marks = dict(session.execute(select(Mark.person_id, Mark.status)).all())
        about = set(session.scalars(select(SentMark.person_id)))
    assert (marks[first.id], marks[second.id], about) == ("excused", None, {first.id})


def test_where_the_one_that_goes_on_is_not_on_the_sheet_somebody_has_to_look(
    dana: Sealing, clients: Clients, people: Everybody, group: Group, sessions: Sessions
) -> None:
    """She is on hold under one record, and came; the device still knows her by the other one."""
    first, second = people.member, people.other_member
    with sessions() as session, transaction(session):
        factories.hold(session, first.id, NOW.date() - DAY, NOW.date() + DAY)
        merge(session, actor=people.administrator.actor, first_id=first.id, second_id=second.id, now=NOW)
    (told,) = dana.sync(mine := mark(group, second, "present")).json["results"]
    reason = "The person is not on the sheet any more."
    assert (told["person"], told["outcome"], told["reason"]) == (second.id, "kept", reason)
    dana.hand_in(dana.box(mark(group, second, "late")))
    assert stored(sessions) == [(first.id, "kept", "not_expected")] * 2
    odile = clients(people.coordinator)
    assert "Renee T.: Present" in odile.get("/coordinator/kept-marks").text
    to = f"/coordinator/occurrences/{group.occurrence}/kept-marks/apply"
    assert send(odile, "/coordinator/kept-marks", to=to, uid=mine["uid"], seen="0").status_code == 303
    with sessions() as session:
        assert session.execute(select(Mark.person_id, Mark.status)).all() == [(first.id, "present")]
    (told,) = dana.sync(mark(group, first, "absent")).json["results"]
    assert told["outcome"] == "conflict"


@pytest.mark.parametrize("text", ["\x00", "\ud800", "a\x00b"])
def test_letters_that_no_database_keeps_stop_nothing(
    dana: Sealing, people: Everybody, group: Group, sessions: Sessions, text: str
) -> None:
    good = mark(group, people.member, "present", after=text)
    odd = [mark(group, people.other_member, "late", uid=text), number(group, 2) | {"what": ["walk_ins"]}]
    named = walk_in(group, f"{text}Nora Q.") | {"after": text}
    answer = dana.sync(good, odd[0], numbers=odd[1:], walk_ins=[named])
    assert sorted(each["outcome"] for each in answer.json["results"]) == ["applied"] * 2 + ["refused"] * 2
    dana.hand_in(dana.box(*odd[:1], mark(group, people.other_member, "late", after=text), numbers=odd[1:]))
    assert len(stored(sessions)) == 3
    address = f"/facilitator/sheets/{group.occurrence}"
    typed = {"csrf_token": dana.token, "once": text.encode("utf-8", "replace").decode(), "status": "present"}
    assert dana.client.post(f"{address}/walk-in", data=typed | {"name": "Ben"}).status_code == 303
    assert dana.client.post(f"{address}/enter", data=typed | {"walk-in-0": "Ada"}).status_code == 303
