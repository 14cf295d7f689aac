"""The headers and cookies of answers, here and behind https."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.app import create_app
from scheduler.extensions import db
from tests.conftest import Clients
from tests.support.filling import send
from tests.support.people import Everybody

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HOME = "https://my.example.org"
KEY = "k3J-vQ8xw_Zr5tY2uI9oP7aS4dF6gH1j"


@pytest.fixture
def production(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application as it runs behind one proxy that speaks https."""
    app = create_app(
        {
            "database_url": database_url,
            "instance_path": str(tmp_path / "instance"),
            "production": True,
            "secret_key": KEY,
            "base_url": HOME,
            "proxies": 1,
        }
    )
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def proxied(production: Flask) -> FlaskClient:
    client = production.test_client()
    client.environ_base |= {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_HOST": "my.example.org"}
    return client


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nothing", "/member/week", "/healthz", "/set-password/x"])
def test_every_answer_is_hardened(clients: Clients, path: str) -> None:
    headers = clients(None).get(path).headers
    named = ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy")
    assert [headers[name] for name in named] == [POLICY, "nosniff", "DENY", "no-referrer"]
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("path", ["/me", "/member/week", "/", "/meetings", "/nothing"])
def test_nothing_about_a_person_is_kept(clients: Clients, people: Everybody, path: str) -> None:
    headers = clients(people.member).get(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert "Cookie" in headers["Vary"]


def test_behind_https_the_cookie_goes_nowhere_else(proxied: FlaskClient) -> None:
    answer = proxied.get(HOME + "/sign-in")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain=" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_it_answers_to_its_own_name_only(proxied: FlaskClient) -> None:
    proxied.environ_base["HTTP_X_FORWARDED_HOST"] = "evil.example"
    answer = proxied.get("/sign-in")
    assert (answer.status_code, answer.text) == (400, "This is not the name of this service.\n")


@pytest.mark.parametrize("host", ["10.0.0.7:8000", "evil.example", "no name", "[::1]", ""])
@pytest.mark.parametrize(("path", "text"), [("/healthz", "ok\n"), ("/readyz", "ready\n")])
def test_who_watches_over_it_may_use_any_name(production: Flask, host: str, path: str, text: str) -> None:
    """Load balancers ask by number, without a proxy's headers or with them."""
    client = production.test_client()
    answer = client.get(path, headers={"Host": host})
    assert (answer.status_code, answer.text) == (200, text)
    assert client.get(path, headers={"X-Forwarded-Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["10.0.0.7:8000", "evil.example", "no name", "[::1]", "", "a" * 300])
@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/member/week", "/me", "/sign-in", "/healthz/", "/static/img/mark.svg", "/%ff"]
)
def test_every_other_page_under_another_name_is_a_400(production: Flask, host: str, path: str) -> None:
    client = production.test_client()
    for method in ("GET", "POST"):
        answer = client.open(path, method=method, headers={"Host": host})
        assert (answer.status_code, answer.text) == (400, "This is not the name of this service.\n")


def test_forms_work_behind_https_where_browsers_send_no_referer(proxied: FlaskClient) -> None:
    """Our own policy tells them not to."""
    answer = send(proxied, HOME + "/forgot", email="nobody@example.org")
    assert (answer.status_code, "a link is on its way" in answer.text) == (200, True)
    assert proxied.post(HOME + "/forgot", data={"email": "nobody@example.org"}).status_code == 400


def test_only_the_last_proxy_is_believed(proxied: FlaskClient) -> None:
    """What a visitor claims stands before what our own proxy added, so limits cannot be got around."""
    for number in range(61):
        proxied.environ_base["HTTP_X_FORWARDED_FOR"] = f"10.0.0.{number}, 203.0.113.7"
        status = send(proxied, HOME + "/sign-in", email="", password="").status_code
    assert status == 429


def test_without_a_proxy_nobody_is_believed(app: Flask) -> None:
    client = app.test_client()
    for number in range(61):
        client.environ_base["HTTP_X_FORWARDED_FOR"] = f"10.0.0.{number}"
        status = send(client, "/sign-in", email="", password="").status_code
    assert status == 429
