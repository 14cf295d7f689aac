"""What tells people of one name apart: born when, of which site, here since when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.finding import EVERYBODY, Sight
from scheduler.domain.people.likeness import digits
from scheduler.domain.people.models import Identity
from scheduler.domain.places.models import Site
from scheduler.domain.stays.models import Stay
from scheduler.domain.stays.policy import latest_stay
from scheduler.domain.stays.queries import on_hold

LAST: Final = 4
"""Digits of a phone number that are enough to ask for."""


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody, as those with the same name are told apart.

    ``since`` and ``until`` are the local dates of their latest stay, none without one or an end of it;
    ``site`` is its name, or empty. ``digits`` are the last of their phone number.
    """

    born: int | None
    digits: str
    site: str = ""
    since: date | None = None
    until: date | None = None
    on_pause: bool = False

    def is_here(self, day: date) -> bool:
        """Does the stay last on that local date, or begin later?"""
        return self.since is not None and (self.until is None or day <= self.until)


def told_of(
    session: Database, persons: Collection[int], *, today: date, sight: Sight = EVERYBODY
) -> dict[int, Told]:
    """Each of these persons by id; ``today`` is the local date. One statement.

    Nothing is told of colleagues whose member side is not the viewer's business: they are left out.
    """
    if not persons:
        return {}
    return {
        person_id: Told(born, digits(phone or "")[-LAST:], site, since, until, on_pause)
        for person_id, born, phone, site, since, until, on_pause in session.execute(
            _told(persons, today, sight)
        )
    }


def _told(
    persons: Collection[int], today: date, sight: Sight
) -> Select[int, int | None, str | None, str, date | None, date | None, bool]:
    query = (
        select(
            Identity.person_id,
            Identity.birth_year,
            Identity.phone,
            func.coalesce(Site.name, ""),
            Stay.admitted_on,
            Stay.discharged_on,
            on_hold(Identity.person_id, today),
        )
        .select_from(Identity)
        .outerjoin(Stay, latest_stay(Identity.person_id))
        .outerjoin(Site, Site.id == Stay.site_id)
        .where(Identity.person_id.in_(persons))
    )
    return query if sight.private is None else query.where(Identity.person_id.not_in(sight.private))
