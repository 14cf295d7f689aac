"""Somebody who arrives at the desk, as it is typed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

WITHIN: Final = timedelta(hours=48)
"""A place offered within two days keeps more people than any reminder."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody as they are typed; nothing of it is confirmed yet."""

    name: str
    birth_year: int | None = None
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Appointment:
    """A single session with the counselor; ``starts`` is a naive wall time of the site."""

    starts: datetime
    minutes: int
    room_id: int | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who arrives (a newcomer, or the id of somebody known) and where to.

    ``none_earlier``: the coordinator says that there is no place within :data:`WITHIN`.
    """

    who: Newcomer | int
    site_id: int
    counselor_id: int
    program_id: int | None = None
    series_id: int | None = None
    appointment: Appointment | None = None
    none_earlier: bool = False
