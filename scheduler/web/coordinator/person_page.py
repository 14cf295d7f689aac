"""A person's page: who it is, their stays and what can be done, what they belong to and lead."""

from datetime import date, datetime, timedelta
from itertools import groupby

from flask import redirect, render_template, url_for
from sqlalchemy import true
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.admissions.openings import Opening, openings
from scheduler.domain.admissions.undo import last_done
from scheduler.domain.attendance.recorded import recorded_of
from scheduler.domain.enrollment.queries import EnrollmentView, enrollments_of_person
from scheduler.domain.enrollment.week import Attended, occurrences_of_member
from scheduler.domain.people.finding import Found, person_of
from scheduler.domain.people.roles import Role
from scheduler.domain.roster.queries import duties_of_person, posts_of_person
from scheduler.domain.stays.queries import holds_of, stays_of
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.web.coordinator import terms
from scheduler.web.coordinator.apart_part import ApartForm, apart_part
from scheduler.web.coordinator.reaching import channels_part
from scheduler.web.coordinator.readers import readers_part
from scheduler.web.credential_pages import Sent, credential_part
from scheduler.web.forms import status_of
from scheduler.web.guard import log_read, reach
from scheduler.web.language import reader_zone

Answer = str | tuple[str, int] | Response

AHEAD = timedelta(weeks=4)
"""How far ahead the duties and sessions on a person's page go."""
BACK = timedelta(weeks=8)
"""How far back the sheets go."""
MOST_SHEETS = 12
MOST_NEXT = 5


def load(person_id: int) -> Found:
    """The person, within reach. Raises NotFound."""
    person = person_of(db.session(), person_id, sight=reach().of_people())
    if person is None:
        raise NotFound
    return person


def load_member(person_id: int) -> Found:
    """The same for a member whose member side is this coordinator's business; others are not there."""
    person = load(person_id)
    if Role.MEMBER not in person.roles:
        raise NotFound
    return person


def enrollments_of(person_id: int) -> tuple[EnrollmentView, ...]:
    """What this coordinator may read of what a person belongs to."""
    private, within = reach().of_people().private, reach().of_series()
    return enrollments_of_person(db.session(), person_id, private=private, within=within)


def today() -> date:
    """The reader's local date."""
    return clock.now().astimezone(reader_zone()).date()


def back_to(person_id: int) -> Response:
    """To the person's page, after a change."""
    return redirect(url_for("coordinator.people_page", person_id=person_id), code=303)


def open_to(person_id: int) -> tuple[Opening, ...]:
    """The series within this coordinator's reach that this person could belong to."""
    return openings(db.session(), now=clock.now(), within=reach().of_series(), person_id=person_id)


def join_form(person_id: int) -> terms.JoinForm:
    """Offers the series that take somebody new."""
    form = terms.JoinForm(prefix="join-", data={"from_date": today()})
    form.series.offer(open_to(person_id))
    return form


def end_form(enrollment: EnrollmentView) -> terms.EndForm:
    """Asks for the last day of an enrollment."""
    return terms.end_form("member", enrollment.id, enrollment.revision, enrollment.until_date)


def show(
    person: Found,
    *,
    join: terms.JoinForm | None = None,
    ends: dict[int, terms.EndForm] | None = None,
    apart: ApartForm | None = None,
    credential: Sent | None = None,
    refusal: str = "",
) -> Answer:
    """The page, with a form that was refused; the read is on record."""
    log_read(subject="person", subject_id=person.id, person_id=person.id)
    enrollments = enrollments_of(person.id)
    for each in enrollments:
        if ends and each.id in ends and ends[each.id].conflict is not None:
            ends[each.id].revision.data = str(each.revision)
    noted = credential.form if credential else None
    sent = next((form for form in (join, apart, noted, *(ends or {}).values()) if form is not None), None)
    page = render_template(
        "coordinator/person.html",
        person=person,
        today=today(),
        moving=_moving(enrollments),
        enrollments=[(each, (ends or {}).get(each.id) or end_form(each)) for each in enrollments],
        join=join or join_form(person.id),
        apart=apart_part(person, apart),
        credentials=credential_part(person.id, "coordinator.credentials", credential),
        sent=sent,
        refusal=refusal,
        **_leads(person),
        **channels_part(person),
        **(_life(person) if Role.MEMBER in person.roles else {}),
    )
    return page, status_of(sent) if sent else 409 if refusal else 200


def _moving(enrollments: tuple[EnrollmentView, ...]) -> set[int]:
    """Those that can be exchanged for another series: they last longer than today, and none follows there."""
    latest = {each.series_id: each.id for each in enrollments}
    lasting = {each.id for each in enrollments if each.until_date is None or each.until_date > today()}
    return lasting & set(latest.values())


def _nexts(person_id: int, now: datetime) -> list[Attended]:
    """What a member is expected at next, within reach."""
    planned = reach().of_occurrences()
    found = occurrences_of_member(
        db.session(), person_id, now, now + AHEAD, planned=true() if planned is None else planned
    )
    return [each for each in found if each.takes_place and each.starts_at >= now][:MOST_NEXT]


def _leads(person: Found) -> dict[str, object]:
    session, now, within = db.session(), clock.now(), reach()
    duties = duties_of_person(session, person.id, now, now + AHEAD, within=within.of_occurrences())
    return {
        "posts": posts_of_person(session, person.id, on=today(), within=within.of_series()),
        "duties": [
            (day, list(found)) for day, found in groupby(duties, lambda duty: duty.local_start.date())
        ],
    }


def _life(person: Found) -> dict[str, object]:
    """What is of members only: twelve statements."""
    session, now = db.session(), clock.now()
    stays, holds = stays_of(session, person.id), holds_of(session, person.id)
    stay = stays[0] if stays and stays[0].is_open else None
    open_holds = [each for each in holds if each.until_date is None or each.until_date >= today()]
    return {
        "stays": stays,
        "stay": stay,
        "holds": list(reversed(open_holds)) if stay else [],
        "is_here": not stays or any(each.is_open or each.holds(today()) for each in stays),
        "nexts": _nexts(person.id, now),
        "last_done": last_done(session, person.id),
        "sheets": recorded_of(
            session, person.id, now - BACK, now, most=MOST_SHEETS, within=reach().of_occurrences()
        ),
        **readers_part(person.id),
    }
