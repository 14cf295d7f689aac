"""What a person sees when something is not there, not theirs, or went wrong."""

from collections.abc import Callable
from typing import NoReturn

import pytest
from flask import Flask, abort
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from scheduler.errors import Conflict, Invalid, NotFound, Refused
from scheduler.extensions import db
from scheduler.store.engine import WRITE
from scheduler.web import guard
from tests.conftest import Clients
from tests.support.people import Everybody

Failing = Callable[[Exception | int], TestResponse]


@pytest.fixture
def failing(app: Flask, clients: Clients) -> Failing:
    """Visit a page that fails in this way."""
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def visit(failure: Exception | int) -> TestResponse:
        @guard.public
        def fail() -> NoReturn:
            if isinstance(failure, Exception):
                raise failure
            abort(failure)

        app.add_url_rule("/failing", view_func=fail)
        return clients(None).get("/failing")

    return visit


@pytest.mark.parametrize(
    ("failure", "status", "said"),
    [
        (NotFound(), 404, "There is nothing here"),
        (404, 404, "There is nothing here"),
        (403, 404, "There is nothing here"),
        (400, 400, "This page was open for too long"),
        (410, 410, "This is no longer here"),
        (413, 413, "That file is too large"),
        (429, 429, "Too many tries"),
        (ValueError("secret detail"), 500, "Something went wrong here"),
        (OperationalError("SELECT secret", {}, Exception()), 503, "This does not work right now"),
    ],
)
def test_each_failure_has_its_page_and_tells_no_more(
    failing: Failing, failure: Exception | int, status: int, said: str
) -> None:
    answer = failing(failure)
    assert answer.status_code == status
    assert f"<h1>{said}</h1>" in answer.text
    assert "secret" not in answer.text


@pytest.mark.parametrize("failure", [Refused("The group is full."), Invalid("The group is full.")])
def test_what_the_rules_refuse_is_said(failing: Failing, failure: Exception) -> None:
    answer = failing(failure)
    assert answer.status_code == 422
    assert "<p>The group is full.</p>" in answer.text


def test_a_stale_form_shows_both_versions(failing: Failing) -> None:
    answer = failing(
        Conflict("Femi A. changed this.", mine={"Title": "Evening"}, theirs={"Title": "Night", "Room": "2"})
    )
    assert answer.status_code == 409
    assert '<th scope="row">Title</th><td>Night</td><td>Evening</td>' in answer.text
    assert '<th scope="row">Room</th><td>2</td><td></td>' in answer.text


def test_somebody_signed_in_is_led_back_to_their_own_pages(clients: Clients, people: Everybody) -> None:
    answer = clients(people.member).get("/nothing")
    assert answer.status_code == 404
    assert '<a class="btn" href="/member/week">My week</a>' in answer.text


@pytest.mark.parametrize("path", ["/member/week", "/member/nothing", "/nothing", "/"])
def test_the_page_about_a_database_that_is_away_does_not_ask_it_who_is_looking(
    app: Flask, clients: Clients, people: Everybody, path: str
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client = clients(people.member)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE sign_in RENAME TO away"))
    answer = client.get(path)
    assert answer.status_code == 503
    assert "<h1>This does not work right now</h1>" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_needs_no_database_is_answered_without_it(
    app: Flask, clients: Clients, people: Everybody
) -> None:
    client = clients(people.member)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE sign_in RENAME TO away"))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


@pytest.mark.parametrize(
    ("why", "status", "said"),
    [("full", 503, "This does not work right now"), ("busy", 409, "Too much happens at once.")],
)
def test_a_page_whose_read_cannot_be_put_on_record_is_not_sent(
    app: Flask, clients: Clients, people: Everybody, why: str, status: int, said: str
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client, page = clients(people.administrator), f"/admin/people/{people.member.id}"
    client.get(page)
    with app.app_context():
        engine: Engine = db.engine
    engine.dispose()  # so that each connection begins as `limit` says
    limit = {"full": full, "busy": at_once}[why]
    with engine.connect() as other:
        if why == "busy":
            other.execution_options(**{WRITE: True}).execute(text("SELECT 1"))
        event.listen(engine, "begin", limit)
        answers = (client.get(page) for _ in range(500))  # some still fit into the last page of the file
        answer = next(answer for answer in answers if answer.status_code != 200)
        event.remove(engine, "begin", limit)
    assert (answer.status_code, said in answer.text) == (status, True)
    assert people.member.name not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    engine.dispose()
    assert client.get(page).status_code == 200


def at_once(connection: Connection) -> None:
    """Do not wait the usual ten seconds for another writer."""
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")


def full(connection: Connection) -> None:
    """The file cannot grow by a single page."""
    connection.exec_driver_sql("PRAGMA max_page_count = 1")
