"""Sheets before they are taken, for paper: what several of them say at the top, and who is expected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.assembly import Line, in_order
from scheduler.domain.attendance.policy import leads, may_take
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import expects
from scheduler.domain.people.models import Identity
from scheduler.domain.people.roles import Actor
from scheduler.domain.places.models import Room, Site
from scheduler.domain.places.zones import zone_named
from scheduler.domain.roster.models import Duty
from scheduler.domain.roster.positions import Position
from scheduler.domain.schedule.kinds import Counting
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.wall_time import local_of
from scheduler.domain.stays.policy import private_members
from scheduler.errors import Invalid

MOST_SHEETS: Final = 100
MOST_NAMES: Final = 3000
"""In one file: more is asked for day by day, or site by site."""


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """A session as it is printed; times are naive, in ``timezone``. ``names`` are in the sheet's order.

    ``persons`` are their ids; ``taken`` places are those of colleagues whom the viewer does not see here.
    """

    occurrence_id: int
    title: str
    discreet_title: str
    local_start: datetime
    local_end: datetime
    timezone: str
    place: str
    leads: tuple[str, ...]
    names: tuple[str, ...]
    persons: tuple[int, ...]
    taken: int


def paper_sheets(session: Database, *, actor: Actor, occurrences: Collection[int]) -> tuple[PaperSheet, ...]:
    """Those of the occurrences that take place, have names, and are this actor's to take, by time.

    Three statements. Raises Invalid for more than fit into one file.
    """
    if len(occurrences) > MOST_SHEETS:
        raise Invalid(f"At most {MOST_SHEETS} sheets are printed at once. Choose a site or a kind.")
    query = (
        select(
            *(Occurrence.id, Series.title, Series.discreet_title, Occurrence.local_start, Occurrence.ends_at),
            *(Series.timezone, func.coalesce(Site.name, ""), func.coalesce(Room.name, "")),
            leads(actor).label("is_led"),
        )
        .join(Series, Series.id == Occurrence.series_id)
        .outerjoin(Room, Room.id == Occurrence.room_id)
        .outerjoin(Site, Site.id == Room.site_id)
        .where(Occurrence.id.in_(occurrences), Occurrence.booked, Series.listed.is_(False))
        .where(Series.counting != Counting.HEADS.value, may_take(actor))
        .order_by(Occurrence.starts_at, Occurrence.id)
    )
    found = session.execute(query).all()
    ids = [row[0] for row in found]
    by, expected = _leads(session, ids), _expected(session, actor, ids)
    if sum(map(len, expected.values())) > MOST_NAMES:
        raise Invalid("There are too many names for one file. Choose a site or a kind.")
    return tuple(_sheet(row, by[row[0]], expected[row[0]]) for row in found)


def _sheet(row: object, by: list[str], expected: list[tuple[Line, bool]]) -> PaperSheet:
    number, title, discreet, start, ends_at, zone, site, room, is_led = tuple(row)  # type: ignore[arg-type,var-annotated]
    lines = in_order(line for line, private in expected if is_led or not private)
    return PaperSheet(
        occurrence_id=number,
        title=title,
        discreet_title=discreet,
        local_start=start,
        local_end=local_of(ends_at, zone_named(zone)),
        timezone=zone,
        place=", ".join(filter(None, (site, room))),
        leads=tuple(by),
        names=tuple(line.short_name for line in lines),
        persons=tuple(line.person_id for line in lines),
        taken=len(expected) - len(lines),
    )


def _leads(session: Database, occurrences: Collection[int]) -> dict[int, list[str]]:
    query = (
        select(Duty.occurrence_id, Identity.short_name)
        .join(Identity, Identity.person_id == Duty.person_id)
        .where(Duty.occurrence_id.in_(occurrences))
        .order_by(Duty.position != Position.LEAD, Duty.id)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for occurrence, name in session.execute(query):
        found[occurrence].append(name)
    return found


def _expected(
    session: Database, actor: Actor, occurrences: Collection[int]
) -> dict[int, list[tuple[Line, bool]]]:
    """Who is expected at each, and whether that is nobody's business who does not lead it."""
    hidden = private_members(actor)
    query = (
        select(
            Occurrence.id, Identity.person_id, Identity.short_name, func.coalesce(Identity.distinction, "")
        )
        .join(Enrollment, Enrollment.person_id == Identity.person_id)
        .join(Occurrence, expects())
        .where(Occurrence.id.in_(occurrences))
    )
    private = set(session.scalars(hidden)) if hidden is not None and occurrences else set[int]()
    found: defaultdict[int, list[tuple[Line, bool]]] = defaultdict(list)
    for occurrence, person, name, distinction in session.execute(query):
        line = Line(person, name, distinction=distinction)
        found[occurrence].append((line, person in private))
    return found
