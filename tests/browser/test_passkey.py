"""A passkey in a real browser, on a device in software that the browser itself brings."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, CDPSession, Page, expect
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.app import create_app
from scheduler.domain.access.beginning import begin_sign_in
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from tests.support.browsing import Served, serving, small_targets
from tests.support.mail import free_port
from tests.support.people import Everybody

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
INTERNAL = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def localhost(database_url: str, app: Flask) -> Iterator[Served]:
    """The application at http://localhost, which has a name and so has passkeys."""
    given, port = app.extensions["settings"], free_port()
    address = f"http://localhost:{port}"
    made = create_app(
        {"database_url": database_url, "instance_path": given.instance_path, "base_url": address}
    )
    with serving(made, port=port):
        yield Served(made, address)
    with made.app_context():
        db.engine.dispose()


@contextmanager
def phone(browser: Browser) -> Iterator[tuple[Page, CDPSession, str]]:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    made: dict[str, Any] = device.send("WebAuthn.addVirtualAuthenticator", {"options": INTERNAL})
    yield page, device, str(made["authenticatorId"])
    context.close()


def test_a_passkey_is_added_and_opens_the_door_with_one_tap(
    browser: Browser, localhost: Served, people: Everybody, sessions: sessionmaker[Database]
) -> None:
    with sessions() as session, transaction(session):
        secret = begin_sign_in(
            session, person_id=people.coordinator.id, lasts=timedelta(hours=1), now=clock.now()
        )
    with phone(browser) as (page, device, authenticator):
        localhost.sign_in(page.context, secret)
        page.goto(f"{localhost.address}/me/passkeys")
        page.get_by_label("Name of this device").fill("my phone")
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_text("The passkey is added.")).to_be_visible()
        kept = device.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]
        assert [(each["isResidentCredential"], each["rpId"]) for each in kept] == [(True, "localhost")]

        page.goto(f"{localhost.address}/me")
        page.get_by_role("button", name="Sign out").click()
        expect(page).to_have_url(f"{localhost.address}/sign-in")
        assert small_targets(page) == []
        page.get_by_role("button", name="Use a passkey").click()
        expect(page).to_have_url(f"{localhost.address}/coordinator/board")

        page.goto(f"{localhost.address}/me/passkeys")
        page.get_by_role("button", name="Remove my phone").click()
        expect(page.get_by_text("None yet.")).to_be_visible()
        page.goto(f"{localhost.address}/me")
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("button", name="Use a passkey").click()
        expect(page.get_by_text("This passkey does not open anything here.")).to_be_visible()


def test_a_device_that_is_not_unlocked_sends_nothing(browser: Browser, localhost: Served) -> None:
    with phone(browser) as (page, device, authenticator):
        device.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
        page.goto(f"{localhost.address}/sign-in")
        page.get_by_role("button", name="Use a passkey").click()
        expect(page.get_by_text("That did not work. Try again, or sign in another way.")).to_be_visible()
        expect(page.get_by_role("button", name="Use a passkey")).to_be_enabled()
