"""The people of the demonstration who can sign in, with passwords that everybody knows."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.domain.people.roles import Role


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A person with a password that is printed, and that no real service may have."""

    name: str
    email: str
    password: str
    role: Role


ADMINISTRATOR = DemoAccount(
    "Ruth Amsel", "admin@demo.example", "brass-lantern-on-the-quay", Role.ADMINISTRATOR
)
COORDINATOR = DemoAccount(
    "Odile Kern", "coordinator@demo.example", "seven-windows-to-the-west", Role.COORDINATOR
)
FACILITATOR = DemoAccount(
    "Dana Rowe", "facilitator@demo.example", "chalk-marks-on-blue-slate", Role.FACILITATOR
)
MEMBER = DemoAccount("Renee Tamm", "member@demo.example", "slow-river-under-birches", Role.MEMBER)
SERVANT = DemoAccount(
    "Lucien Ferry", "servant@demo.example", "kettle-on-before-the-meeting", Role.TRUSTED_SERVANT
)
REVIEWER = DemoAccount("Agnes Pell", "reviewer@demo.example", "green-ink-in-the-margin", Role.REVIEWER)

ACCOUNTS = (ADMINISTRATOR, COORDINATOR, FACILITATOR, MEMBER, SERVANT, REVIEWER)
