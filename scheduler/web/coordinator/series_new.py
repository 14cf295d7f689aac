"""Making a series, with its dates shown before it is saved."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Final

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.people.finding import holders_of
from scheduler.domain.people.roles import Role
from scheduler.domain.places.queries import rooms, sites
from scheduler.domain.planning.easing import easing
from scheduler.domain.planning.foreseeing import foresee
from scheduler.domain.planning.making import NewPost, make_series
from scheduler.domain.roster.positions import Position
from scheduler.domain.schedule.plans import Plan
from scheduler.errors import Invalid
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.plan_undo import say_done
from scheduler.web.coordinator.preview import Preview, dates_only, preview_of, problems_of, trouble_of
from scheduler.web.coordinator.saying import small_room, warn_of_apart, warn_of_members, warn_of_room
from scheduler.web.coordinator.series_form import NewSeriesForm, Offers
from scheduler.web.coordinator.series_plan import FIELDS, plan_of
from scheduler.web.coordinator.ways_out import take_way, ways_of
from scheduler.web.forms import is_part, name_of_sent, refusals_on, status_of
from scheduler.web.guard import actor, allow, reach
from scheduler.web.language import gettext

FROM_THE_BOARD: Final = ("first_day", "starts", "room", "lead")
Answer = str | tuple[str, int] | Response


@blueprint.route("/series/new", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def series_new() -> Answer:
    """Ask for a series, and make it; an address may fill in fields of the form (`find.py` does)."""
    form = _form()
    if not form.is_submitted():
        _take_up(form, request.args)
        return render_template("coordinator/series_new.html", form=form)
    form.validate()
    plan = plan_of(form)
    if plan is not None and not form.errors:
        with refusals_on(form, **FIELDS):
            return _make(form, plan)
    preview, _ = _foreseen(form, plan)
    page = render_template(
        "coordinator/series_new.html", form=form, preview=preview, trouble=trouble_of(form)
    )
    return page, status_of(form)


@blueprint.post("/series/preview")
@allow(Role.COORDINATOR)
def series_preview() -> Answer:
    """What the form would make; saves nothing. A part of the page for htmx, else the page with the form."""
    form = _form()
    form.validate()
    preview, problems = _foreseen(form, plan_of(form))
    if is_part():
        return render_template("coordinator/_preview.html", form=form, preview=preview, problems=problems)
    return render_template("coordinator/series_new.html", form=form, preview=preview), status_of(form)


def _take_up(form: NewSeriesForm, given: Mapping[str, str]) -> None:
    """Fill in what the address names: an empty place on the board, or nothing. What is odd there is left."""
    for name in FROM_THE_BOARD:
        with suppress(ValueError):
            form[name].process_formdata([given[name]] if given.get(name) else [])


def _foreseen(form: NewSeriesForm, plan: Plan | None) -> tuple[Preview | None, list[str]]:
    """The preview, or what is wrong with it so far; empty fields are not wrong yet."""
    if plan is None:
        return None, problems_of(form)
    leads, session = [post.person_id for post in _posts(form)], db.session()
    try:
        found = foresee(session, plan=dates_only(plan), leads=leads, viewer=actor(), now=clock.now())
    except Invalid as error:
        return None, list(error.fields.values())
    offered = rooms(session, within=reach().of_rooms()) if found.clashes else ()
    eased = easing(
        session,
        plan=replace(found.plan, capacity=plan.capacity),
        clashes=found.clashes,
        leads=leads,
        rooms=offered,
        now=clock.now(),
    )
    first = found.plan.first_start.date()
    begins = first if first != plan.first_start.date() else None
    preview = preview_of(
        found.plan,
        found.dates,
        found.clashes,
        begins=begins,
        small_room=small_room(plan),
        ways=ways_of(eased, found.plan, form),
    )
    return preview, []


def _form() -> NewSeriesForm:
    session = db.session()
    proposed = request.args if request.method == "GET" and request.args else None
    form = NewSeriesForm(**({"formdata": proposed} if proposed else {}))
    form.offer(
        Offers(
            rooms=rooms(session, within=reach().of_rooms()),
            sites=sites(session, within=reach().of_sites()),
            facilitators=tuple(holders_of(session, Role.FACILITATOR, sight=reach().of_people())),
            timezone=current_app.extensions["settings"].timezone,
        )
    )
    take_way(form)
    return form


def _posts(form: NewSeriesForm) -> list[NewPost]:
    chosen = ((form.lead, Position.LEAD), (form.co_facilitator, Position.CO_FACILITATOR))
    return [
        NewPost(int(field.data), position) for field, position in chosen if field.data and not field.errors
    ]


def _make(form: NewSeriesForm, plan: Plan) -> Response:
    with transaction(db.session) as session:
        made = make_series(
            session,
            actor=actor(),
            plan=plan,
            posts=_posts(form),
            override=form.override_reason.data or "",
            form=name_of_sent(form.once.data or ""),
            undoable=True,
            now=clock.now(),
        )
    say_done(gettext("%(title)s is saved.", title=plan.title), made.change_id)
    warn_of_room(plan)
    warn_of_members(made.warnings)
    warn_of_apart(made.apart)
    return redirect(url_for("coordinator.series_page", series_id=made.series_id), code=303)
