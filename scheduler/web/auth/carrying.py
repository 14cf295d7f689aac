"""A sign-in that was begun goes into a cookie; what every door needs besides."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import current_app, g, request, session
from flask_login import login_user
from flask_wtf.csrf import generate_csrf

from scheduler import clock
from scheduler.config import Settings
from scheduler.domain.access.devices import in_words
from scheduler.domain.people.queries import signed_in
from scheduler.domain.people.roles import Role
from scheduler.domain.people.sign_ins import Lengths, hash_of, is_kept, length_of
from scheduler.extensions import db
from scheduler.web import guard

DOOR: Final = "door"
"""The state of a browser that scanned the code at a door."""
KEPT: Final = (DOOR,)


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in: the secret for the cookie, whether the device keeps it, and whose roles it carries."""

    secret: str
    kept: bool
    roles: frozenset[Role]


def settings() -> Settings:
    """The settings of this application."""
    found: Settings = current_app.extensions["settings"]
    return found


def device() -> str:
    """What asks, in a few words."""
    return in_words(request.user_agent.string)


def lasting(roles: Collection[Role], *, wished: bool) -> timedelta:
    """How long a sign-in with these roles lasts here."""
    given = settings()
    lengths = Lengths(timedelta(hours=given.sign_in_hours), timedelta(days=given.keep_signed_in_days))
    return length_of(roles, lengths, wished=wished)


def begun_with(secret: str | None, roles: Collection[Role], *, wished: bool) -> Begun | None:
    """What a door that opened hands on; none where it did not."""
    return Begun(secret, is_kept(roles, wished=wished), frozenset(roles)) if secret else None


def carry(begun: Begun) -> None:
    """Put the sign-in into a cookie that has nothing of the one before, which others may have seen.

    But which door was scanned: that is of no person, and whoever scans it signs in next. The secret of its
    forms is made here: two pages that are asked for at once would each make one, and the forms of one of
    them would be refused.
    """
    person = signed_in(db.session(), secret_hash=hash_of(begun.secret), now=clock.now())
    kept = {name: session[name] for name in KEPT if name in session}
    session.clear()
    session.update(kept)
    g.pop("csrf_token", None)  # of the cookie before
    generate_csrf()
    if person:
        login_user(guard.User(begun.secret, person))
        session.permanent = begun.kept
