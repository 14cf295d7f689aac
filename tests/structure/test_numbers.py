"""Numbers that no database can hold, and words that no form offers: everywhere, and on both databases."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from tests.conftest import Clients
from tests.structure.test_routes import PUBLIC, ids, may, routes, today, token_of
from tests.support.people import NAMES, Everybody, Someone

__all__ = ["ids", "today"]

pytestmark = pytest.mark.databases("sqlite", "postgresql")

TOO_LARGE = 99999999999999999999
ODD = (str(TOO_LARGE), "x", "9" * 5000, "-1")
KEPT = {"csrf_token", "revision"}

FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
CONTROL = re.compile(r"<(?:input|button|textarea)\b[^>]*>")
SELECT = re.compile(r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)


def value(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""


def forms_of(page: str, address: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Where each form of a page that changes something goes, and what it sends as it comes."""
    for tag, inside in FORM.findall(page):
        if 'method="post"' in tag:
            fields = {value(each, "name"): value(each, "value") for each in CONTROL.findall(inside)}
            fields |= {
                name: (re.findall(r'value="([^"]+)"', has) or [""])[0] for name, has in SELECT.findall(inside)
            }
            fields.pop("", None)
            yield value(tag, "action") or address, fields


def pages(app: Flask, person: Someone, ids: dict[str, int]) -> list[str]:
    """The addresses of all pages that a person may look at."""
    with app.test_request_context():
        return [
            url_for(route.endpoint, **{name: ids[name] for name in route.arguments})
            for route in routes(app)
            if route.endpoint not in PUBLIC
            and "GET" in (route.methods or ())
            and may(app, person, route.endpoint)
        ]


@pytest.mark.parametrize("who", NAMES)
def test_an_id_that_is_too_large_is_not_there(
    app: Flask, clients: Clients, people: Everybody, ids: dict[str, int], who: str
) -> None:
    person: Someone = getattr(people, who)
    client, answers = clients(person), {}
    token = token_of(client)
    for route in routes(app):
        if route.endpoint in PUBLIC or not route.arguments:
            continue
        for odd in route.arguments:
            with app.test_request_context():
                address = url_for(route.endpoint, **{name: ids[name] for name in route.arguments})
            own = re.sub(rf"/{ids[odd]}(?=/|$)", f"/{TOO_LARGE}", address)
            for method in {"GET", "POST"} & set(route.methods or ()):
                data = {"csrf_token": token} if method == "POST" else None
                answers[method, own] = client.open(own, method=method, data=data).status_code
    assert {case: status for case, status in answers.items() if status != 404} == {}


@pytest.mark.parametrize("who", ["member", "facilitator", "coordinator", "administrator"])
def test_what_no_form_offers_is_never_a_failure_of_ours(
    app: Flask, clients: Clients, people: Everybody, ids: dict[str, int], who: str
) -> None:
    person: Someone = getattr(people, who)
    client, wrong, tried = clients(person), {}, 0
    for page in pages(app, person, ids):
        looked = client.get(page)
        if looked.mimetype != "text/html":
            continue
        for address, fields in forms_of(looked.text, page):
            for name in fields.keys() - KEPT:
                for odd in ODD:
                    if address.startswith("/sign-out"):
                        continue
                    status = client.post(address, data={**fields, name: odd}).status_code
                    tried += 1
                    if status >= 500:
                        wrong[address, name, odd] = status
    assert wrong == {}
    assert tried > 10


@pytest.mark.parametrize("name", ["room", "lead", "co_facilitator", "kind", "counting", "repeats"])
@pytest.mark.parametrize("odd", ODD)
def test_a_series_is_not_made_of_what_was_not_offered(
    app: Flask, clients: Clients, people: Everybody, name: str, odd: str
) -> None:
    client: FlaskClient = clients(people.coordinator)
    typed = {
        "csrf_token": token_of(client),
        "kind": "group",
        "title": "Evening skills",
        "first_day": "2026-07-21",
        "starts": "19:00",
        "minutes": "90",
        "timezone": "America/New_York",
        "repeats": "weekly",
        "ending": "open",
        "counting": "minutes",
    }
    assert client.post("/coordinator/series/new", data={**typed, name: odd}).status_code == 422
