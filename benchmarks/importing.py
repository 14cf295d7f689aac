"""Ten thousand people from a list, through the page, while a coordinator goes on working."""

import re
import statistics
import threading
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session as Database

from benchmarks.crowd import full_names
from benchmarks.databases import analyze, fresh
from benchmarks.measuring import Figure, p95
from scheduler import clock
from scheduler.demo.accounts import ACCOUNTS, COORDINATOR
from scheduler.demo.center import make_center
from scheduler.domain.access.beginning import begin_sign_in
from scheduler.domain.people.models import Identity
from scheduler.store.transaction import transaction
from tests.support.program import Server, serving

PEOPLE = 10_000
KEY = "k3Zq8wV1xN5rT7yB2mJ4pL6sD9fG0hCa"
PAGE = "/coordinator/week"
ASKED = 150
"""Requests before, one after the other: how it is when nobody imports."""


def figures(dialect: str, address: str, folder: Path) -> list[Figure]:
    """Seconds from the file to the last word, and how long others wait meanwhile."""
    with fresh(address, "bench_importing") as engine:
        secret = _center(engine)
        analyze(engine)
        settings = {
            "database_url": engine.url.render_as_string(hide_password=False),
            "secret_key": KEY,
            "base_url": "http://127.0.0.1:5000",
        }
        with serving(folder / f"importing-{dialect}", **settings) as server:
            browser = _Browser(server, secret)
            quiet = [_timed(lambda: browser.get(PAGE)) for _ in range(ASKED)]
            spent, meanwhile = _import_and_ask(browser)
    name = f"{PEOPLE:,} people, {dialect}"
    usual, during = p95(quiet) * 1000, p95(meanwhile) * 1000
    ratio = during / usual
    return [
        Figure.beside(f"import {name}", spent, "s", target=15),
        Figure(f"the week while importing {name}: p95", during, "ms", usual, ratio, 2 * usual, 2 * usual),
        Figure.beside(
            f"the week while importing {name}: median",
            statistics.median(meanwhile) * 1000,
            "ms",
            baseline=statistics.median(quiet) * 1000,
        ),
    ]


@dataclass(frozen=True)
class _Browser:
    """Somebody signed in, who reads pages and sends forms."""

    server: Server
    secret: str

    def get(self, path: str) -> str:
        return self._open(urllib.request.Request(self.server.address + path))

    def send(self, path: str, fields: Mapping[str, str], file: bytes | None = None) -> str:
        """Send a form with the token of the page at ``path``; answers the page that it leads to."""
        boundary = "--bench-boundary"
        parts = [
            f'{boundary}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'
            for k, v in fields.items()
        ]
        body = "".join(parts).encode()
        if file is not None:
            head = f'{boundary}\r\nContent-Disposition: form-data; name="file"; filename="list.csv"\r\n\r\n'
            body += head.encode() + file + b"\r\n"
        asked = urllib.request.Request(self.server.address + path, data=body + f"{boundary}--\r\n".encode())
        asked.add_header("Content-Type", f"multipart/form-data; boundary={boundary[2:]}")
        return self._open(asked)

    def _open(self, asked: urllib.request.Request) -> str:
        asked.add_header("Cookie", self.secret)
        with urllib.request.urlopen(asked, timeout=120) as answer:
            text: str = answer.read().decode()
            return text


def _center(engine: Engine) -> str:
    """The demonstration center; answers the cookie of its coordinator."""
    now = clock.now()
    with Database(engine) as session, transaction(session):
        make_center(
            session, hashes={one.email: "-" for one in ACCOUNTS}, timezone="America/New_York", now=now
        )
        person_id = session.scalars(
            select(Identity.person_id).where(Identity.email == COORDINATOR.email)
        ).one()
        secret = begin_sign_in(session, person_id=person_id, lasts=timedelta(hours=1), now=now)
    app = Flask(__name__)
    app.secret_key = KEY
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    return "session=" + str(serializer.dumps({"_user_id": secret, "_fresh": True, "csrf_token": "bench"}))


def _import_and_ask(browser: _Browser) -> tuple[float, list[float]]:
    """Import in one thread, ask for the page in this one until it is done."""
    spent: list[float] = []
    importing = threading.Thread(target=lambda: spent.append(_timed(lambda: _import(browser))))
    importing.start()
    meanwhile = []
    while importing.is_alive():
        meanwhile.append(_timed(lambda: browser.get(PAGE)))
    importing.join()
    return spent[0], meanwhile


def _import(browser: _Browser) -> None:
    lines = (
        f"{name} {number},{1950 + number % 55},555 {number:07},2026-07-01"
        for number, name in enumerate(full_names(PEOPLE))
    )
    file = "\n".join(["Name,Year of birth,Phone,Admitted on", *lines]).encode()
    token = _value(browser.get("/coordinator/import"), "csrf_token")
    columns = browser.send("/coordinator/import", {"csrf_token": token}, file)
    address = re.search(r"/coordinator/import/\d+", columns)
    assert address, columns
    listed = browser.get(address[0])
    done = browser.send(
        f"{address[0]}/apply",
        {"csrf_token": _value(listed, "csrf_token"), "revision": _value(listed, "revision")},
    )
    assert re.search(rf"\b{PEOPLE:,}\b people are new", done) or f"{PEOPLE} people are new" in done, done


def _value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return found[1]


def _timed(act: Callable[[], object]) -> float:
    begin = perf_counter()
    act()
    return perf_counter() - begin
