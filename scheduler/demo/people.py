"""The people of the demonstration: those who can sign in, and those around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy.orm import Session as Database

from scheduler.demo.accounts import (
    ACCOUNTS,
    ADMINISTRATOR,
    COORDINATOR,
    FACILITATOR,
    MEMBER,
    REVIEWER,
    SERVANT,
    DemoAccount,
)
from scheduler.demo.names import full_names
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import make_person

FACILITATORS, MEMBERS = 25, 180


@dataclass(frozen=True, slots=True)
class Cast:
    """Person ids; the demonstration's own facilitator and member are the first of theirs."""

    administrator: int
    coordinator: int
    facilitators: tuple[int, ...]
    members: tuple[int, ...]
    servant: int
    reviewer: int


def names_of_all(random: Random) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the facilitators and of the members, the two with accounts first."""
    taken = tuple(account.name for account in ACCOUNTS)
    names = full_names(random, FACILITATORS + MEMBERS - 2, taken)
    facilitators = (FACILITATOR.name, *names[: FACILITATORS - 1])
    return facilitators, (MEMBER.name, *names[FACILITATORS - 1 :])


def make_people(
    session: Database,
    *,
    facilitators: Sequence[str],
    members: Sequence[str],
    hashes: Mapping[str, str],
    now: datetime,
) -> Cast:
    """Make everybody. ``hashes`` are of the accounts' passwords, by e-mail address."""

    def account(of: DemoAccount) -> int:
        return make_person(
            session,
            actor=SYSTEM,
            name=of.name,
            email=of.email,
            roles=[of.role],
            now=now,
            password_hash=hashes[of.email],
            confirmed=True,
        )

    def others(names: Sequence[str], role: Role) -> list[int]:
        return [
            make_person(session, actor=SYSTEM, name=name, email=None, roles=[role], now=now)
            for name in names[1:]
        ]

    return Cast(
        administrator=account(ADMINISTRATOR),
        coordinator=account(COORDINATOR),
        facilitators=(account(FACILITATOR), *others(facilitators, Role.FACILITATOR)),
        members=(account(MEMBER), *others(members, Role.MEMBER)),
        servant=account(SERVANT),
        reviewer=account(REVIEWER),
    )
