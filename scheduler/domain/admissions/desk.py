"""The discharge desk: somebody arrives, and leaves with a place, a first session and a slip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.access.channels import clean_phone
from scheduler.domain.access.slips import Slip, make_slip
from scheduler.domain.admissions.admit import Admission, admit, readmit
from scheduler.domain.admissions.arrivals import Arrival, Newcomer
from scheduler.domain.admissions.first_session import appoint, first_at
from scheduler.domain.people.models import Identity, Person, PersonRole
from scheduler.domain.people.policy import is_colleague
from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.people.service import born_in, give_role, make_person
from scheduler.domain.places.models import Site
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.apart import Apart
from scheduler.domain.planning.making import Made
from scheduler.domain.planning.membership import Enrolled, enroll
from scheduler.domain.schedule.clashes import Clash
from scheduler.domain.schedule.models import Series
from scheduler.domain.schedule.wall_time import local_of
from scheduler.domain.stays.queries import with_stays
from scheduler.errors import Invalid, NotFound, Refused
from scheduler.store.audit import done_by, record
from scheduler.store.locks import lock

RECEIVED: Final = "desk.received"
NOT_HERE: Final = "This cannot be done at the desk. Ask an administrator."


@dataclass(frozen=True, slots=True)
class Received:
    """Who was received; no ``slip`` for staff, and for a form that was sent before.

    ``first_at`` is the instant of the first session; ``warnings`` are what their own calendar collides with,
    ``apart`` whom they would meet though they are kept apart.
    """

    person_id: int
    slip: Slip | None = None
    first_at: datetime | None = None
    warnings: tuple[Clash, ...] = ()
    apart: tuple[Apart, ...] = ()


def receive(
    session: Database,
    *,
    actor: Actor,
    arrival: Arrival,
    secret_key: str,
    slip_lasts: timedelta,
    form: str = "",
    now: datetime,
) -> Received:
    """Make person, stay, enrollments, first session and slip at once, or nothing of it.

    ``form`` names what was sent: sent twice by the same coordinator, it makes one person, and the second time
    answers their id alone. Raises Invalid beside the fields of what was typed, NotFound, Refused where there
    is no session within two days and nobody said that there is none earlier, Taken where the counselor or the
    room is, and what planning refuses of an enrollment.
    """
    _lock(session, arrival, actor)
    if earlier := received_before(session, actor=actor, form=form):
        return Received(earlier)
    site = _site(session, arrival.site_id)
    today = local_of(now, zone_named(site.timezone)).date()
    person_id = _person(session, actor, arrival.who, now)
    is_staff = is_colleague(_roles_of(session, person_id))
    stay_id = _admitted(session, actor, arrival, person_id, today, now)
    first = first_at(session, arrival, site, now)
    enrolled = _enrolled(session, actor, arrival, person_id, today, now)
    made = appoint(session, actor, arrival, site, person_id, now)
    slip = None
    if not is_staff:
        slip = make_slip(
            session, actor=actor, person_id=person_id, secret_key=secret_key, lasts=slip_lasts, now=now
        )
    record(
        session,
        at=now,
        actor=actor,
        action=RECEIVED,
        subject="person",
        subject_id=person_id,
        person_id=person_id,
        detail=_detail(arrival, stay_id, made, form),
    )
    warned = [each for each in (enrolled, made) if each is not None]
    return Received(
        person_id,
        slip,
        first,
        tuple(clash for each in warned for clash in each.warnings),
        tuple(pair for each in warned for pair in each.apart),
    )


def received_before(session: Database, *, actor: Actor, form: str) -> int | None:
    """Whom this coordinator received by this very form already, or none."""
    if not form:
        return None
    return done_by(session, form=form, action=RECEIVED, subject="person", actor=actor.person_id)


def _lock(session: Database, arrival: Arrival, actor: Actor) -> None:
    persons = {arrival.counselor_id, actor.person_id, arrival.who if isinstance(arrival.who, int) else None}
    room_id = arrival.appointment.room_id if arrival.appointment else None
    lock(
        session,
        rooms=[] if room_id is None else [room_id],
        persons={each for each in persons if each is not None},
        series=[] if arrival.series_id is None else [arrival.series_id],
    )


def _site(session: Database, site_id: int) -> Site:
    site = session.get(Site, site_id)
    if site is None:
        raise Invalid("Choose one of the sites.", "site_id")
    return site


def _person(session: Database, actor: Actor, who: Newcomer | int, now: datetime) -> int:
    """The person, made where they are new; of somebody known nothing but the role is changed."""
    if isinstance(who, Newcomer):
        phone, year = clean_phone(who.phone), born_in(who.birth_year, now)
        person_id = make_person(
            session, actor=actor, name=who.name, email=who.email or None, roles=[Role.MEMBER], now=now
        )
        identity = session.get_one(Identity, person_id)
        identity.phone, identity.birth_year = phone, year
        return person_id
    person = session.get(Person, who, populate_existing=True)
    if person is None or person.erased_at or person.merged_into:
        raise NotFound("There is no such person.")
    if person.disabled_at:
        raise Refused("This person is disabled. An administrator can let them sign in again.")
    give_role(session, actor=actor, person_id=who, role=Role.MEMBER, now=now)
    session.flush()
    return who


def _admitted(
    session: Database, actor: Actor, arrival: Arrival, person_id: int, today: date, now: datetime
) -> int | None:
    """The stay that begins, as by the same act on the person's page."""
    begin = readmit if with_stays(session, [person_id]) else admit
    admission = Admission(today, arrival.program_id, arrival.site_id, arrival.counselor_id)
    try:
        return begin(session, actor=actor, person_id=person_id, admission=admission, now=now).stay_id
    except Refused as refused:
        if is_colleague(_roles_of(session, person_id)):
            raise Refused(NOT_HERE) from refused  # that a colleague stays here already is nobody's business
        raise


def _roles_of(session: Database, person_id: int) -> set[Role]:
    held = session.scalars(select(PersonRole.role).where(PersonRole.person_id == person_id))
    return {Role(role) for role in held}


def _enrolled(
    session: Database, actor: Actor, arrival: Arrival, person_id: int, today: date, now: datetime
) -> Enrolled | None:
    if arrival.series_id is None:
        return None
    zone = session.scalar(select(Series.timezone).where(Series.id == arrival.series_id))
    if zone is None:
        raise Invalid("Choose one of the groups.", "series_id")
    first = max(today, local_of(now, zone_named(zone)).date())
    return enroll(
        session, actor=actor, series_id=arrival.series_id, person_id=person_id, from_date=first, now=now
    )


def _detail(
    arrival: Arrival, stay_id: int | None, made: Made | None, form: str
) -> dict[str, int | str | bool | None]:
    return {
        "stay": stay_id,
        "series": arrival.series_id,
        "appointment": made.series_id if made else None,
        "none_earlier": arrival.none_earlier,
        "known": isinstance(arrival.who, int),
        "form": form or None,
    }
