"""One group: its counts, its service positions, what it decided."""

from datetime import date

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.mutual_help import service
from scheduler.domain.mutual_help.queries import Group, counts_of, groups_of
from scheduler.domain.people.roles import Role
from scheduler.domain.places.zones import zone_named
from scheduler.domain.roster.positions import SERVICE, Position
from scheduler.domain.roster.queries import PostView, posts_of_series
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.coordinator.terms import EndForm, end_form
from scheduler.web.forms import Form, needed, refusals_on, status_of
from scheduler.web.language import gettext
from scheduler.web.servant.blueprint import blueprint
from scheduler.web.servant.forms import ConscienceForm, ServiceForm, conscience_form, service_form

Answer = tuple[str, int] | Response

SHOWN = 8
"""Meetings whose counts are listed."""


@blueprint.get("/groups/<int:series_id>")
@guard.allow(Role.TRUSTED_SERVANT)
def group(series_id: int) -> Answer:
    """The page of a group that one serves."""
    return _page(_load(series_id))


@blueprint.post("/groups/<int:series_id>/positions")
@guard.allow(Role.TRUSTED_SERVANT)
def give(series_id: int) -> Answer:
    """Give a service position to somebody who is named."""
    found = _load(series_id)
    form = service_form(_today(found))
    if form.validate_on_submit():
        with refusals_on(form, person_id="name"):
            with transaction(db.session) as session:
                service.give_service(
                    session,
                    actor=guard.actor(),
                    series_id=series_id,
                    name=form.name.data or "",
                    position=Position(form.position.data),
                    from_date=needed(form.from_date),
                    until_date=form.until_date.data,
                    today=_today(found),
                    now=clock.now(),
                )
            flash(gettext("The position is given."))
            return _back(series_id)
    return _page(found, given=form)


@blueprint.post("/groups/<int:series_id>/positions/<int:post_id>/end")
@guard.allow(Role.TRUSTED_SERVANT)
def end(series_id: int, post_id: int) -> Answer:
    """Set the last day of a service position."""
    found = _load(series_id)
    held = next((post for post in _posts(found) if post.id == post_id), None)
    if held is None:
        raise NotFound
    form = _end_form(held)
    if form.validate_on_submit():
        with refusals_on(form):
            with transaction(db.session) as session:
                service.end_service(
                    session,
                    actor=guard.actor(),
                    series_id=series_id,
                    post_id=post_id,
                    revision=form.revision.seen,
                    until_date=needed(form.until_date),
                    today=_today(found),
                    now=clock.now(),
                )
            flash(gettext("The last day is saved."))
            return _back(series_id) if _serves(series_id) else redirect(url_for("servant.groups"), code=303)
    return _page(_load(series_id), ends={post_id: form})


@blueprint.post("/groups/<int:series_id>/conscience")
@guard.allow(Role.TRUSTED_SERVANT)
def decide(series_id: int) -> Answer:
    """Record what the group decided for itself."""
    found = _load(series_id)
    form = conscience_form(found.settings)
    if form.validate_on_submit():
        with refusals_on(form):
            with transaction(db.session) as session:
                service.decide(
                    session,
                    actor=guard.actor(),
                    series_id=series_id,
                    proof_of_attendance=form.proof_of_attendance.data,
                    share_headcount=form.share_headcount.data,
                    revision=form.revision.seen,
                    today=_today(found),
                    now=clock.now(),
                )
            flash(gettext("What the group decided is saved."))
            return _back(series_id)
    return _page(_load(series_id), decided=form)


def _load(series_id: int) -> Group:
    """The group, if one serves it. Raises NotFound."""
    found = _serves(series_id)
    if found is None:
        raise NotFound
    return found


def _serves(series_id: int) -> Group | None:
    mine = groups_of(db.session(), guard.actor(), now=clock.now())
    return next((each for each in mine if each.series_id == series_id), None)


def _today(group: Group) -> date:
    return clock.now().astimezone(zone_named(group.timezone)).date()


def _posts(group: Group) -> list[PostView]:
    return [post for post in posts_of_series(db.session(), group.series_id) if post.position in SERVICE]


def _end_form(post: PostView) -> EndForm:
    return end_form("position", post.id, post.revision, post.until_date)


def _page(
    group: Group,
    *,
    given: ServiceForm | None = None,
    decided: ConscienceForm | None = None,
    ends: dict[int, EndForm] | None = None,
) -> Answer:
    session, now, today = db.session(), clock.now(), _today(group)
    sent: list[Form] = [form for form in (given, decided, *(ends or {}).values()) if form is not None]
    if decided is not None and decided.conflict is not None:
        decided.revision.data = str(group.settings.revision)
    posts = [post for post in _posts(group) if post.until_date is None or post.until_date >= today]
    page = render_template(
        "servant/group.html",
        group=group,
        counts=counts_of(session, group.series_id, actor=guard.actor(), now=now, most=SHOWN),
        posts=[(post, (ends or {}).get(post.id) or _end_form(post)) for post in posts],
        service=given or service_form(today),
        conscience=decided or conscience_form(group.settings),
        sent=sent[0] if sent else None,
        today=today,
    )
    return page, status_of(sent[0]) if sent else 200


def _back(series_id: int) -> Response:
    return redirect(url_for("servant.group", series_id=series_id), code=303)
