"""The discharge desk: one form on one page, and a slip at the end of it."""

from __future__ import annotations

import hashlib

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.admissions.alike import Alike, alike
from scheduler.domain.admissions.arrivals import WITHIN, Newcomer
from scheduler.domain.admissions.desk import Received, receive, received_before
from scheduler.domain.admissions.openings import openings
from scheduler.domain.admissions.telling import Told, told_of
from scheduler.domain.people.finding import holders_of
from scheduler.domain.people.roles import Role
from scheduler.domain.places.queries import rooms, site, sites
from scheduler.domain.stays.queries import programs
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import display
from scheduler.web.coordinator import slip
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.desk_form import FIELDS, NEW, DeskForm, Offers
from scheduler.web.coordinator.saying import hide_owner, warn_of_apart, warn_of_members
from scheduler.web.coordinator.telling import here_since, told_apart
from scheduler.web.forms import refusals_on, refuse, status_of
from scheduler.web.guard import actor, allow, log_read, reach
from scheduler.web.language import gettext, reader_zone

Answer = str | tuple[str, int] | Response


@blueprint.route("/desk", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def desk() -> Answer:
    """Receive somebody: shows who they may be already, and makes nothing until that is answered."""
    given = _offers()
    if not given.is_enough:
        return _missing(given)
    form = DeskForm()
    form.offer(given, clock.now().astimezone(reader_zone()).date())
    if form.is_submitted() and (earlier := received_before(db.session(), actor=actor(), form=_name_of(form))):
        return _without_slip(earlier)
    return _answered(form) if form.validate_on_submit() else _page(form)


def _answered(form: DeskForm) -> Answer:
    """Receives whom the form means, once that is said of everybody it may mean."""
    found = _alike(form)
    known, chosen = {str(each.person_id): each.person_id for each in found}, request.form.get("who", "")
    if found and chosen not in {NEW, *known}:
        if request.form.get("asked"):
            refuse(form, "", gettext("Say whether it is one of these people."))
        return _page(form, found)
    if chosen in known and (here := _here_already(known[chosen])):
        return _page(form, found, chosen=chosen, here=here)
    with refusals_on(form, **FIELDS):
        return _done(form, _receive(form, known.get(chosen) or form.newcomer()))
    hide_owner(form)
    return _page(form, found, chosen=chosen)


def _here_already(person_id: int) -> Told | None:
    """Since when somebody is here already; none of who is not, and of colleagues."""
    today = clock.now().astimezone(reader_zone()).date()
    told = told_of(db.session(), [person_id], today=today, sight=reach().of_people()).get(person_id)
    return told if told and told.is_here(today) else None


def _receive(form: DeskForm, who: Newcomer | int) -> Received:
    with transaction(db.session) as session:
        return receive(
            session,
            actor=actor(),
            arrival=form.arrival(who),
            secret_key=slip.settings().secret_key,
            slip_lasts=slip.lasts(),
            form=_name_of(form),
            now=clock.now(),
        )


def _done(form: DeskForm, received: Received) -> Answer:
    warn_of_members(received.warnings)
    warn_of_apart(received.apart)
    if received.slip is None:
        return _without_slip(received.person_id)
    person = slip.load(received.person_id)
    chosen = site(db.session(), int(form.site.data))
    at = received.first_at
    first = display.day_and_clock(at, chosen.timezone) if at and chosen else ""
    return slip.slip_page(person, received.slip, received=True, first=first)


def _without_slip(person_id: int) -> Response:
    """The person's page: a colleague gets none, and of a form that was sent before it is printed there."""
    person = slip.load(person_id)
    flash(gettext("%(name)s is received.", name=person.short_name))
    return redirect(url_for("coordinator.people_page", person_id=person.id), code=303)


def _missing(given: Offers) -> str:
    """What must be made before anybody can be received, each with the way there."""
    return render_template(
        "coordinator/desk_missing.html",
        given=given,
        may_make_site=reach().sites is None,
        may_make_person=actor().has(Role.ADMINISTRATOR),
    )


def _offers() -> Offers:
    session, now, within = db.session(), clock.now(), reach()
    return Offers(
        programs=programs(session),
        sites=sites(session, within=within.of_sites()),
        counselors=tuple(holders_of(session, Role.FACILITATOR, sight=within.of_people())),
        groups=openings(session, now=now, within=within.of_series()),
        rooms=rooms(session, within=within.of_rooms()),
    )


def _alike(form: DeskForm) -> tuple[Alike, ...]:
    typed = form.newcomer()
    return alike(
        db.session(),
        name=typed.name,
        birth_year=typed.birth_year,
        email=typed.email,
        phone=typed.phone,
        sight=reach().of_people(),
    )


def _page(
    form: DeskForm, found: tuple[Alike, ...] = (), *, chosen: str = "", here: Told | None = None
) -> tuple[str, int]:
    if found:
        log_read(subject="people", persons=[each.person_id for each in found])
    page = render_template(
        "coordinator/desk.html",
        form=form,
        found=found,
        lines=told_apart([each.person_id for each in found], phone=True),
        chosen=chosen,
        here=next((each for each in found if str(each.person_id) == chosen), None) if here else None,
        here_since=here_since(here) if here else "",
        new=NEW,
        by=clock.now() + WITHIN,
    )
    return page, 422 if here else status_of(form)


def _name_of(form: DeskForm) -> str:
    """The same for a form that was sent twice as it is."""
    return hashlib.sha256(form.once.data.encode()).hexdigest() if form.once.data else ""
