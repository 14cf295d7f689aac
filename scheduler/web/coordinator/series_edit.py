"""Changing a series: what follows is said before it is saved."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from sqlalchemy.orm import Session as Database
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.people.roles import Role
from scheduler.domain.places.queries import rooms, sites
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.concerned import leaders_of
from scheduler.domain.planning.easing import easing
from scheduler.domain.planning.editing import edit_series
from scheduler.domain.planning.foreseeing import SHOWN, beyond
from scheduler.domain.planning.planned import Planned
from scheduler.domain.planning.queries import planned_among, to_come
from scheduler.domain.schedule.dates import Meeting
from scheduler.domain.schedule.editing import keeps_dates
from scheduler.domain.schedule.exceptions import to_come_of
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.queries import SeriesView, series_view
from scheduler.domain.schedule.recurrence import ends_alike
from scheduler.domain.schedule.wall_time import local_of
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.follows import Follow, follows_of
from scheduler.web.coordinator.plan_undo import say_done
from scheduler.web.coordinator.preview import Preview, preview_of, problems_of, trouble_of
from scheduler.web.coordinator.rehearsal import rehearsal
from scheduler.web.coordinator.rule_follows import days_of, of_rule
from scheduler.web.coordinator.saying import small_room, warn_of_members, warn_of_room
from scheduler.web.coordinator.series_form import EditSeriesForm, Offers, data_of
from scheduler.web.coordinator.series_page import load, today_in
from scheduler.web.coordinator.series_plan import FIELDS, plan_of
from scheduler.web.coordinator.ways_out import take_way, ways_of
from scheduler.web.forms import is_part, refusals_on, status_of
from scheduler.web.guard import actor, allow, reach
from scheduler.web.language import gettext
from scheduler.web.versions import taken_up

Answer = str | tuple[str, int] | Response


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: the plan, as it is shown and as it is to be saved, and whether a series that was ended
    goes on.
    """

    shown: Plan
    plan: Plan
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What saving would do, and what the page says of it."""

    preview: Preview
    follows: tuple[Follow, ...]


@blueprint.route("/series/<int:series_id>/edit", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def series_edit(series_id: int) -> Answer:
    """Ask what is to change, and change it once what follows was seen."""
    series = load(series_id)
    form = _form(series)
    if not form.is_submitted():
        return _page(series, form, _standing(series))
    typed, rehearsed = _read(series, form)
    if typed is not None and rehearsed is not None and _is_decided(series, form, typed):
        with refusals_on(form, **FIELDS):
            return _save(series_id, form, typed)
    return _page(load(series_id), form, rehearsed)


@blueprint.post("/series/<int:series_id>/edit/preview")
@allow(Role.COORDINATOR)
def series_edit_preview(series_id: int) -> Answer:
    """What saving would do; saves nothing. A part of the page for htmx, else the page with the form."""
    series = load(series_id)
    form = _form(series)
    _, rehearsed = _read(series, form)
    if not is_part():
        return _page(series, form, rehearsed)
    problems = [] if rehearsed else problems_of(form)
    return render_template(
        "coordinator/_preview.html", series=series, form=form, problems=problems, **_shown(rehearsed)
    )


def _form(series: SeriesView, **given: Any) -> EditSeriesForm:
    session, plan = db.session(), _ended(series)
    now = local_of(clock.now(), zone_named(plan.timezone))
    since = request.args.get("since", "")
    form = EditSeriesForm(data={**data_of(plan, now), "revision": series.revision, "since": since}, **given)
    form.has_begun = plan.first_start <= now or form.begins_with is not None
    if not given:
        take_way(form)
    form.offer(
        Offers(
            rooms=rooms(session, within=reach().of_rooms()),
            sites=sites(session, within=reach().of_sites()),
            facilitators=(),
            timezone=current_app.extensions["settings"].timezone,
        )
    )
    return form


def _read(series: SeriesView, form: EditSeriesForm) -> tuple[Typed | None, Rehearsed | None]:
    """What was typed, and what it would do; none, and errors on the form, where it makes no sense."""
    form.validate()
    plan = plan_of(form, today=_since(series, form))
    if plan is None or form.errors:
        return None, None
    typed = _typed(series, plan)
    return typed, _rehearse(series, form, typed)


def _ended(series: SeriesView) -> Plan:
    """The plan with the end that was set, which the form shows as that of the rule."""
    rule, last = series.plan.rule, series.ends_on
    if last is None or rule.is_single or (rule.until and rule.until <= last):
        return series.plan
    return replace(series.plan, rule=replace(rule, until=last, count=None))


def _typed(series: SeriesView, plan: Plan) -> Typed:
    """An end that stands there as it was set says nothing new of the rule."""
    standing = _ended(series).rule
    if series.ends_on is None or not ends_alike(standing, plan.rule):
        return Typed(plan, plan, goes_on=series.ends_on is not None)
    rule = replace(plan.rule, until=series.plan.rule.until, count=series.plan.rule.count)
    return Typed(plan, replace(plan, rule=rule), goes_on=False)


def _since(series: SeriesView, form: EditSeriesForm) -> date | None:
    """From which day on dates without a year are meant, for one that has begun."""
    return today_in(series) if form.has_begun else None


def _is_decided(series: SeriesView, form: EditSeriesForm, typed: Typed) -> bool:
    """Whether what follows was shown before, or nothing follows."""
    is_whole = form.begins_with is None
    return form.was_shown() or (is_whole and _keeps_dates(series, typed))


def _keeps_dates(series: SeriesView, typed: Typed) -> bool:
    return not typed.goes_on and keeps_dates(series.plan, typed.plan)


def _standing(series: SeriesView) -> Rehearsed:
    """What stands now, of which nothing follows."""
    dates = _dates(db.session(), series, clock.now())
    return Rehearsed(preview_of(_to_come(_ended(series)), dates, (), small_room=small_room(series.plan)), ())


def _dates(session: Database, series: SeriesView, now: datetime) -> list[Meeting]:
    """The next ten: those made that take place, and then the rule's."""
    made = to_come(session, series.id, now=now, most=SHOWN)
    found = [Meeting(each.local_start, each.starts_at, each.ends_at) for each in made if each.takes_place]
    return found + list(beyond(series, SHOWN - len(found)) if len(made) < SHOWN else ())


def _to_come(plan: Plan) -> Plan:
    """The plan without what is past of its added and skipped dates, which nobody types again."""
    now = local_of(clock.now(), zone_named(plan.timezone))
    return replace(plan, rule=to_come_of(plan.rule, plan.first_start, now))


def _rehearse(series: SeriesView, form: EditSeriesForm, typed: Typed) -> Rehearsed | None:
    """None, and errors on the form, where it would be refused."""
    with refusals_on(form, **FIELDS):
        return _rehearsed(series, form, typed)
    return None


def _rehearsed(series: SeriesView, form: EditSeriesForm, typed: Typed) -> Rehearsed:
    now = clock.now()
    with rehearsal(db.session) as session:
        days = days_of(session, series.id)
        edited = edit_series(
            session,
            actor=actor(),
            series_id=series.id,
            revision=form.revision.seen,
            plan=typed.plan,
            since=form.begins_with,
            goes_on=typed.goes_on,
            override=form.override_reason.data or gettext("Not decided yet"),
            now=now,
        )
        going_on = series_view(session, edited.series_id) or series
        meetings = _dates(session, going_on, now)
        then = of_rule(session, series.id, edited.series_id, days)[1:]  # the sentence stands above already
        eased = easing(
            session,
            plan=typed.plan,
            clashes=edited.overridden,
            leads=leaders_of(session, series.id),
            rooms=rooms(session, within=reach().of_rooms()) if edited.overridden else (),
            series_id=series.id,
            now=now,
        )
    plan = typed.shown
    ways = ways_of(eased, plan, form)
    preview = preview_of(plan, meetings, edited.overridden, small_room=small_room(plan), ways=ways)
    follows = follows_of(edited, meetings, keeps_dates=_keeps_dates(series, typed))
    follows = (*follows, *then)
    form.follows = (*(each.text for each in follows), *preview.sentences)
    return Rehearsed(preview, follows)


def _save(series_id: int, form: EditSeriesForm, typed: Typed) -> Response:
    plan = typed.plan
    with transaction(db.session) as session:
        edited = edit_series(
            session,
            actor=actor(),
            series_id=series_id,
            revision=form.revision.seen,
            plan=plan,
            since=form.begins_with,
            goes_on=typed.goes_on,
            override=form.override_reason.data or "",
            now=clock.now(),
        )
    say_done(gettext("%(title)s is saved.", title=plan.title), edited.change_id)
    warn_of_room(plan)
    warn_of_members(edited.warnings)
    return redirect(url_for("coordinator.series_page", series_id=edited.series_id), code=303)


def _shown(rehearsed: Rehearsed | None) -> dict[str, object]:
    if rehearsed is None:
        return {"preview": None, "follows": ()}
    return {"preview": rehearsed.preview, "follows": rehearsed.follows}


def _begins(form: EditSeriesForm) -> Planned | None:
    """The occurrence that the change begins with, where it is not the next one. Raises NotFound."""
    if form.begins_with is None:
        return None
    found = planned_among(db.session(), [form.begins_with], within=reach().of_occurrences())
    if not found:
        raise NotFound
    return found[0]


def _page(series: SeriesView, form: EditSeriesForm, rehearsed: Rehearsed | None) -> Answer:
    both = taken_up(form, _form(series, formdata=None))
    page = render_template(
        "coordinator/series_edit.html",
        series=series,
        form=form,
        both=both,
        begins=_begins(form),
        trouble=trouble_of(form),
        **_shown(rehearsed),
    )
    return page, status_of(form)
