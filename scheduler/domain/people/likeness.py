"""Whether two descriptions mean the same human. Pure.

Surely where they share the name, and the e-mail address or the phone number. Likely where they share the name
and the year of birth, or the name where a year is missing, or the address or number under another name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol


class Described(Protocol):
    """What somebody is known by; ``search`` is the folded name."""

    @property
    def search(self) -> str: ...
    @property
    def birth_year(self) -> int | None: ...
    @property
    def email(self) -> str | None: ...
    @property
    def phone(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Description:
    """Nothing but that."""

    search: str
    birth_year: int | None
    email: str | None
    phone: str | None


def is_certain(one: Described, other: Described) -> bool:
    """Do both surely mean one person?"""
    if one.search != other.search or born_apart(one.birth_year, other.birth_year):
        return False
    return _same_channel(one, other)


def is_likely(one: Described, other: Described) -> bool:
    """Do both perhaps mean one person?"""
    same_name = one.search == other.search
    return (same_name and not born_apart(one.birth_year, other.birth_year)) or _same_channel(one, other)


def born_apart(one: int | None, two: int | None) -> bool:
    """Are these two known years, and different ones?"""
    return one is not None and two is not None and one != two


def digits(phone: str) -> str:
    """What of a number is compared: its last ten digits, whatever stands between, before and after them.

    An extension is left out: one desk answers for all of a house, and a list has it where a form has not.
    """
    return re.sub(r"[^0-9]", "", re.split(r"[xe]", phone, flags=re.IGNORECASE)[0])[-10:]


def _same_channel(one: Described, other: Described) -> bool:
    if one.email is not None and one.email == other.email:
        return True
    number = digits(one.phone or "")
    return bool(number) and number == digits(other.phone or "")
