"""Changing a series: what follows is said before it is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.people.roles import Role
from scheduler.domain.places.queries import rooms, sites
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.editing import edit_series
from scheduler.domain.planning.foreseeing import SHOWN
from scheduler.domain.planning.planned import Planned
from scheduler.domain.planning.queries import to_come
from scheduler.domain.schedule.dates import Meeting
from scheduler.domain.schedule.editing import keeps_dates
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.queries import SeriesView
from scheduler.domain.schedule.wall_time import instant_of
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.follows import Follow, follows_of
from scheduler.web.coordinator.preview import Preview, preview_of, problems_of
from scheduler.web.coordinator.rehearsal import rehearsal
from scheduler.web.coordinator.rule_fields import Repeats, fields_of_rule
from scheduler.web.coordinator.saying import small_room, warn_of_members, warn_of_room
from scheduler.web.coordinator.series import words_of
from scheduler.web.coordinator.series_form import EditSeriesForm, Offers, data_of
from scheduler.web.coordinator.series_page import load
from scheduler.web.coordinator.series_plan import FIELDS, plan_of
from scheduler.web.forms import is_part, refusals_on, status_of
from scheduler.web.guard import actor, allow, reach
from scheduler.web.language import gettext
from scheduler.web.versions import taken_up

Answer = str | tuple[str, int] | Response


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
    form.validate()
    plan = plan_of(form, kept=series.plan.rule)
    rehearsed = _rehearse(series, form, plan) if plan is not None and not form.errors else None
    if plan is not None and rehearsed is not None and _is_decided(series, form, plan):
        with refusals_on(form, **FIELDS):
            return _save(series_id, form, plan)
    return _page(load(series_id), form, rehearsed)


@blueprint.post("/series/<int:series_id>/edit/preview")
@allow(Role.COORDINATOR)
def series_edit_preview(series_id: int) -> Answer:
    """What saving would do; saves nothing. A part of the page for htmx, else the page with the form."""
    series = load(series_id)
    form = _form(series)
    form.validate()
    plan = plan_of(form, kept=series.plan.rule)
    rehearsed = _rehearse(series, form, plan) if plan is not None and not form.errors else None
    if not is_part():
        return _page(series, form, rehearsed)
    problems = [] if rehearsed else problems_of(form)
    return render_template("coordinator/_preview.html", form=form, problems=problems, **_shown(rehearsed))


def _form(series: SeriesView, **given: Any) -> EditSeriesForm:
    session, plan = db.session(), series.plan
    form = EditSeriesForm(data={**data_of(plan), "revision": series.revision}, **given)
    form.has_begun = instant_of(plan.first_start, zone_named(plan.timezone)) <= clock.now()
    is_kept = fields_of_rule(plan.rule).repeats is Repeats.KEPT
    form.offer(
        Offers(
            rooms=rooms(session, within=reach().of_rooms()),
            sites=sites(session, within=reach().of_sites()),
            facilitators=(),
            timezone=current_app.extensions["settings"].timezone,
            kept=words_of(series) if is_kept else "",
        )
    )
    return form


def _is_decided(series: SeriesView, form: EditSeriesForm, plan: Plan) -> bool:
    """Whether what follows was shown before, or nothing follows."""
    return form.seen.data == "1" or keeps_dates(series.plan, plan)


def _standing(series: SeriesView) -> Rehearsed:
    """What stands now, of which nothing follows."""
    dates = to_come(db.session(), series.id, now=clock.now(), most=SHOWN)
    return Rehearsed(preview_of(series.plan, _meetings(dates), (), small_room=small_room(series.plan)), ())


def _meetings(dates: Sequence[Planned]) -> list[Meeting]:
    return [Meeting(each.local_start, each.starts_at, each.ends_at) for each in dates if each.takes_place]


def _rehearse(series: SeriesView, form: EditSeriesForm, plan: Plan) -> Rehearsed | None:
    """None, and errors on the form, where it would be refused."""
    with refusals_on(form, **FIELDS):
        return _rehearsed(series, form, plan)
    return None


def _rehearsed(series: SeriesView, form: EditSeriesForm, plan: Plan) -> Rehearsed:
    now = clock.now()
    with rehearsal(db.session) as session:
        edited = edit_series(
            session,
            actor=actor(),
            series_id=series.id,
            revision=form.revision.seen,
            plan=plan,
            override=form.override_reason.data or gettext("Not decided yet"),
            now=now,
        )
        dates = to_come(session, edited.series_id, now=now, most=SHOWN)
    meetings = _meetings(dates)
    preview = preview_of(plan, meetings, edited.overridden, small_room=small_room(plan))
    return Rehearsed(preview, follows_of(edited, meetings, keeps_dates=keeps_dates(series.plan, plan)))


def _save(series_id: int, form: EditSeriesForm, plan: Plan) -> Response:
    with transaction(db.session) as session:
        edited = edit_series(
            session,
            actor=actor(),
            series_id=series_id,
            revision=form.revision.seen,
            plan=plan,
            override=form.override_reason.data or "",
            now=clock.now(),
        )
    flash(gettext("%(title)s is saved.", title=plan.title))
    warn_of_room(plan)
    warn_of_members(edited.warnings)
    return redirect(url_for("coordinator.series_page", series_id=edited.series_id), code=303)


def _shown(rehearsed: Rehearsed | None) -> dict[str, object]:
    if rehearsed is None:
        return {"preview": None, "follows": ()}
    return {"preview": rehearsed.preview, "follows": rehearsed.follows}


def _page(series: SeriesView, form: EditSeriesForm, rehearsed: Rehearsed | None) -> Answer:
    both = taken_up(form, _form(series, formdata=None))
    page = render_template(
        "coordinator/series_edit.html", series=series, form=form, both=both, **_shown(rehearsed)
    )
    return page, status_of(form)
