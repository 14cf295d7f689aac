"""Sign-ins: the cookie holds a secret, the row its hash. Deleting the row ends it. Pure but for chance."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from scheduler.domain.people.roles import STAFF, Role


class Method(StrEnum):
    """How somebody signed in."""

    PASSWORD = "password"  # noqa: S105 -- the name of a way in
    LINK = "link"
    CODE = "code"
    SLIP = "slip"
    PASSKEY = "passkey"


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long sign-ins last: ``usual``, and ``kept`` on a member's own device."""

    usual: timedelta
    kept: timedelta


@dataclass(frozen=True, slots=True)
class Way:
    """How a sign-in came about: the method, the device in words, whether it had a second step."""

    method: Method = Method.PASSWORD
    device: str = ""
    second_step: bool = False


def new_secret() -> str:
    """256 random bits, as they go into a cookie."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What the row keeps of a secret of 256 random bits; a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_kept(roles: Collection[Role], *, wished: bool) -> bool:
    """Whether a device stays signed in: as wished, but never staff's, who see other people's records."""
    return wished and STAFF.isdisjoint(roles)


def length_of(roles: Collection[Role], lengths: Lengths, *, wished: bool) -> timedelta:
    """How long the sign-in of a person with these roles lasts."""
    return lengths.kept if is_kept(roles, wished=wished) else lengths.usual
