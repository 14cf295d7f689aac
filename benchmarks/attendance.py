"""Sheets opened and saved beside a page that says hello, a batch from a device, saving among many marks."""

from __future__ import annotations

import io
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any, Final
from uuid import uuid4

from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session as Database
from werkzeug.test import EnvironBuilder

from benchmarks.databases import analyze, filling, fresh
from benchmarks.marks import make_marks
from benchmarks.measuring import Figure, median_ms, seconds
from scheduler import clock
from scheduler.app import create_app
from scheduler.domain.attendance.models import SentMark
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import make_person
from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.wall_time import local_of
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from tests.conftest import Clients
from tests.support import factories
from tests.support.people import Someone, make_everybody

ON_A_SHEET: Final = 25
SHEETS: Final = 10
HELD: Final = 160
"""Sheets of the last thirteen days. One after the other is saved, so that each has few saves, as it is."""
BATCH: Final = 200
FEW: Final = 50_000
MANY: Final = {"sqlite": 5_000_000, "postgresql": 1_000_000}
"""PostgreSQL would be three minutes at making five million; with one it tells as much."""
RUNS: Final = 60
_SENT: Final = """
INSERT INTO sent_mark (uid, sent_by, occurrence_id, person_id, what, status, late_minutes, fills, made_at,
                       received_at, outcome, revision, why, settled, reason)
SELECT {uid}, mark.person_id, sheet.occurrence_id, mark.person_id, 'mark', status, late_minutes, {no},
       marked_at, marked_at, 'applied', 1, '', '', '' FROM mark JOIN sheet ON sheet.id = mark.sheet_id
"""
_UID: Final = {
    "sqlite": ("printf('%032x', mark.id)", "0"),
    "postgresql": ("lpad(to_hex(mark.id), 32, '0')", "false"),
}
_AFTER: Final = "SELECT setval(pg_get_serial_sequence('person', 'id'), (SELECT max(id) FROM person))"


@dataclass(frozen=True, slots=True)
class Center:
    """Sheets of today with 25 people each, whose facilitator is signed in on a device."""

    app: Flask
    cookie: str
    ticket: str
    token: str
    sheets: tuple[int, ...]
    persons: tuple[int, ...]
    said: defaultdict[int, Iterator[str]] = field(
        default_factory=lambda: defaultdict(lambda: cycle(("present", "absent")))
    )
    """What each sheet is saved with next: whatever saves it, its marks change."""

    def asks(self, path: str, body: Callable[[], Any] | None = None) -> Callable[[], None]:
        """A request to the application itself, without a server or a client between."""
        method = "POST" if body else "GET"
        headers = {"Cookie": self.cookie, "X-CSRFToken": self.token}
        made = EnvironBuilder(path, method=method, headers=headers, content_type="application/json")
        environ, said = made.get_environ(), list[str]()

        def ask() -> None:
            sent = json.dumps(body()).encode() if body else b""
            asked = {**environ, "wsgi.input": io.BytesIO(sent), "CONTENT_LENGTH": str(len(sent))}
            answer = self.app.wsgi_app(asked, lambda status, *_more: said.append(status))
            for _part in answer:
                pass
            answer.close()  # type: ignore[attr-defined]  # a response of Werkzeug's
            assert said.pop() == "200 OK"

        return ask

    def saves(self, marks: int) -> Callable[[], None]:
        """A request that saves so many."""
        return self.asks("/facilitator/device/sync", self.batch(marks))

    def batch(self, marks: int) -> Callable[[], Any]:
        """So many marks over as many sheets as they fill, each time other ones; every mark changes."""
        spread = SHEETS if marks > ON_A_SHEET else 1
        each, following = marks // spread, cycle(self.sheets[1 : HELD // 2])

        def made() -> Any:
            now = clock.now().isoformat()
            sent = [
                {"uid": str(uuid4()), "sheet": sheet, "person": person, "status": status, "made_at": now}
                for sheet in islice(following, spread)
                for status in [next(self.said[sheet])]
                for person in self.persons[:each]
            ]
            return {"ticket": self.ticket, "sent_at": now, "marks": sent}

        return made


def figures(dialect: str, address: str, folder: Path) -> list[Figure]:
    """All on a database that has :data:`FEW` marks; the last once more among :data:`MANY`."""
    found: list[Figure] = []
    with fresh(address, "bench_attendance") as engine:
        center = _center(engine, folder / f"instance-{dialect}", FEW)
        found += _beside_hello(center, dialect)
        batch = median_ms(center.saves(BATCH), 15)
        name = f"a batch of {BATCH} marks over {SHEETS} sheets, {dialect}"
        found.append(Figure.beside(name, batch, "ms", target=100))
        few = _saving(center)  # on sheets that nothing was saved on yet, as those among many
        _closed(center)
    marks = MANY[dialect]
    if marks < max(MANY.values()):
        print(f"left out: {max(MANY.values()):,} marks on {dialect}, for the time that it takes to make them")
    with fresh(address, "bench_many_marks") as engine:
        center = _center(engine, folder / f"instance-many-{dialect}", marks)
        many = _saving(center)
        _closed(center)
    slower = Figure.beside(
        f"saving among {marks:,} marks, beside {FEW:,}, {dialect}", many, "ms", baseline=few
    )
    return [*found, replace(slower, target=1.0, floor=1.2)]


def _beside_hello(center: Center, dialect: str) -> list[Figure]:
    """How many times as often as a signed-in hello: of which more is better."""
    opens = center.asks(f"/facilitator/sheets/{center.sheets[0]}")
    replace(center, sheets=(0, center.sheets[0])).saves(ON_A_SHEET)()
    saves = center.saves(ON_A_SHEET)
    hello = center.asks("/hello")
    taken = {act: list[float]() for act in (hello, opens, saves)}
    for act in taken:
        act()
    for _ in range(RUNS):  # one after the other, so that all meet the same machine
        for act, times in taken.items():
            times.append(seconds(act))
    base, opening, saving = (median(times) * 1000 for times in taken.values())
    return [
        replace(
            Figure.beside(f"{what} a sheet of {ON_A_SHEET}, {dialect}: times hello", base / value, "x"),
            target=target,
            floor=target,
            better="higher",
        )
        for what, value, target in (("opening", opening, 0.35), ("saving", saving, 0.5))
    ] + [Figure.beside(f"a signed-in hello, {dialect}", base, "ms")]


def _saving(center: Center) -> float:
    return median_ms(replace(center, sheets=center.sheets[HELD // 2 :]).saves(ON_A_SHEET), RUNS)


def _center(engine: Engine, folder: Path, marks: int) -> Center:
    make_marks(engine, marks)
    with filling(engine, SentMark) as connection:
        uid, no = _UID[engine.dialect.name]
        connection.execute(text(_SENT.format(uid=uid, no=no)))
        if engine.dialect.name == "postgresql":
            connection.execute(text(_AFTER))
    now = clock.now()
    with Database(engine) as session, transaction(session):
        people = make_everybody(session, now)
        persons = [
            make_person(session, actor=SYSTEM, name=f"Member {n}", email=None, roles=[Role.MEMBER], now=now)
            for n in range(ON_A_SHEET)
        ]
        begin = local_of(now, zone_named("America/New_York")) - timedelta(minutes=5)
        hours = [begin - timedelta(hours=2 * number) for number in range(HELD)]
        sheets = _sheets(session, people.facilitator, persons, hours)
    analyze(engine)
    app = create_app({"database_url": engine.url.render_as_string(False), "instance_path": str(folder)})
    app.add_url_rule("/hello", view_func=guard.signed_in_only(lambda: "hello"))
    client = Clients(app)(people.facilitator)
    found = client.get("/facilitator/device/sheets", headers={"X-Device": ""}).json
    cookie = client.get_cookie("session")
    assert found is not None
    assert cookie is not None
    said = f"session={cookie.value}"
    return Center(app, said, found["ticket"], found["csrf"], tuple(sheets), tuple(persons))


def _sheets(session: Database, leads: Someone, persons: list[int], hours: list[datetime]) -> list[int]:
    series = factories.series(session, first_start=hours[-1])
    for person in persons:
        factories.enrollment(session, series, person)
    post = factories.post(session, series, leads.id)
    occurrences = [factories.occurrence(session, series, at) for at in hours]
    for occurrence in occurrences:
        factories.duty(session, occurrence, post)
    return occurrences


def _closed(center: Center) -> None:
    with center.app.app_context():
        db.engine.dispose()
