"""The page "Calendar on your phone": a person's own feeds. The same for members and for facilitators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Final

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.config import Settings
from scheduler.domain.calendars import queries, service
from scheduler.domain.calendars.languages import LANGUAGES
from scheduler.domain.calendars.preview import Sample, next_meeting, next_of_each
from scheduler.domain.calendars.programs import (
    APPLE,
    GOOGLE,
    ICSX5,
    OUTLOOK,
    THUNDERBIRD,
    Program,
    program_named,
)
from scheduler.domain.calendars.queries import ListedFeed
from scheduler.domain.calendars.source_queries import sources_of
from scheduler.domain.calendars.sources import Cover, Run, Titles, Wording
from scheduler.domain.calendars.standing import Ending
from scheduler.domain.people.roles import Role
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.calendar_address import address_of
from scheduler.web.calendar_form import FeedForm, filled, how_often, in_words
from scheduler.web.forms import refusals_on, status_of
from scheduler.web.language import gettext as _

Answer = Response | str | tuple[str, int]
View = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Glance:
    """One meeting as somebody next to its owner reads it, in each style."""

    sample: Sample
    said: dict[Titles, str]


@dataclass(frozen=True, slots=True)
class Row:
    """A feed in the list, in plain words."""

    feed: ListedFeed
    says: str
    program: Program
    how_often: str


def calendar() -> Answer:
    """What an entry could say, and the person's calendars."""
    return _page(FeedForm(data={"name": _unused_name()}))


def calendar_look() -> Answer:
    """What somebody next to the person could read, in each style: choosing one makes the feed."""
    now = clock.now()
    sample = next_meeting(_sources(now), now, telling=True) or _made_up(now)
    return render_template("member/calendar_look.html", sample=sample, said=sample.said(_wording()))


def make_feed() -> Answer:
    """Make a feed and show its address, this once; or, without scripts, show what the choices look like."""
    form = FeedForm().offer(_wording())
    if "show" in request.form:
        return _page(form)
    if form.validate_on_submit():
        with refusals_on(form):
            with transaction(db.session) as session:
                actor = guard.actor()
                token = service.make_feed(
                    session, actor=actor, person_id=_me(), choices=form.choices, now=clock.now()
                )
            return _address(token, form.choices.name)
    return _page(form)


def new_address(feed_id: int) -> Answer:
    """Give a feed a new address and show it, this once."""
    with transaction(db.session) as session:
        name = _feed(feed_id).name
        token = service.give_new_address(
            session,
            actor=guard.actor(),
            feed_id=feed_id,
            person_id=_me(),
            farewell=_farewell(),
            now=clock.now(),
        )
    return _address(token, name)


def change_feed(feed_id: int) -> Answer:
    """Other choices for a feed, at the same address."""
    feed = _feed(feed_id)
    if feed.end is not None:
        raise NotFound("There is no such feed.")
    form = FeedForm(data=filled(feed.name, feed.wishes, feed.revision)).offer(_wording())
    if "show" not in request.form and form.validate_on_submit():
        with refusals_on(form):
            with transaction(db.session) as session:
                service.change_feed(
                    session,
                    actor=guard.actor(),
                    feed_id=feed_id,
                    person_id=_me(),
                    seen=form.revision.seen,
                    choices=form.choices,
                    now=clock.now(),
                )
            flash(_("Changed. Your calendar shows it when it next looks."))
            return redirect(url_for(".calendar"), code=303)
    return _with_preview("member/calendar_change.html", form, feed=feed), status_of(form)


def revoke_feed(feed_id: int) -> Answer:
    """Turn a feed off, in one of the two ways."""
    ending = Ending.NOW if request.form.get("how") == "now" else Ending.FAREWELL
    with transaction(db.session) as session:
        service.revoke_feed(
            session,
            actor=guard.actor(),
            feed_id=feed_id,
            person_id=_me(),
            ending=ending,
            farewell=_farewell(),
            now=clock.now(),
        )
    done = {
        Ending.NOW: _("Turned off. Its address does not work any more."),
        Ending.FAREWELL: _("Turned off. Its entries go away when that device next looks."),
    }
    flash(done[ending])
    return redirect(url_for(".calendar"), code=303)


ROUTES: Final[tuple[tuple[str, tuple[str, ...], View], ...]] = (
    ("/calendar", ("GET",), calendar),
    ("/calendar/look", ("GET",), calendar_look),
    ("/calendar/feeds", ("POST",), make_feed),
    ("/calendar/feeds/<int:feed_id>/address", ("POST",), new_address),
    ("/calendar/feeds/<int:feed_id>/change", ("GET", "POST"), change_feed),
    ("/calendar/feeds/<int:feed_id>/revoke", ("POST",), revoke_feed),
)


def offer(blueprint: Blueprint, role: Role) -> None:
    """Hang these views on a blueprint, for holders of one role, each under its own name."""
    for rule, methods, view in ROUTES:
        own = guard.allow(role)(_copy(view))
        blueprint.add_url_rule(rule, view.__name__, own, methods=list(methods))


def _copy(view: View) -> View:
    @wraps(view)
    def own(**values: Any) -> Answer:
        return view(**values)

    return own


def last_look() -> Row | None:
    """The live feed of this person that a calendar looked at last; none where none has looked."""
    found = queries.feeds_of(db.session(), _me(), now=clock.now(), farewell=_farewell())
    looked = [(feed.fetched_at, feed) for feed in found if feed.end is None and feed.fetched_at]
    return _row(max(looked, key=lambda each: each[0])[1]) if looked else None


def _page(form: FeedForm) -> tuple[str, int]:
    form.offer(_wording())
    found = queries.feeds_of(db.session(), _me(), now=clock.now(), farewell=_farewell())
    rows = [_row(feed) for feed in found]
    live = [row for row in rows if row.feed.end is None]
    ended = [row for row in rows if row.feed.end is not None]
    return _with_preview("member/calendar.html", form, live=live, ended=ended), status_of(form)


def _row(feed: ListedFeed) -> Row:
    program = program_named(feed.fetched_by)
    return Row(feed, in_words(feed.wishes, _wording()), program, how_often(program))


def _apps() -> list[tuple[str, str]]:
    """The calendar programs that most have, and how often each looks."""
    return [(app.name, how_often(app)) for app in (APPLE, GOOGLE, OUTLOOK, THUNDERBIRD, ICSX5)]


def _with_preview(template: str, form: FeedForm, **more: object) -> str:
    """With the person's own next meeting of each kind, in the words of the language that is chosen."""
    now, wording = clock.now(), form.spoken(_wording())
    samples = next_of_each(_sources(now), now) or [_made_up(now)]
    glances = [Glance(sample, sample.said(wording)) for sample in samples]
    chosen = next((glance for glance in glances if form.shows(glance.sample)), None)
    plain_titles = {each.code: _wording().spoken(each.code).plain_title for each in LANGUAGES}
    return render_template(
        template, form=form, glances=glances, chosen=chosen, plain_titles=plain_titles, apps=_apps(), **more
    )


def _sources(now: datetime) -> list[Run | Cover]:
    return sources_of(db.session(), _me(), now.date() - timedelta(days=1))


def _unused_name() -> str:
    """A name that none of the person's live calendars has, as long as we know one."""
    found = queries.feeds_of(db.session(), _me(), now=clock.now(), farewell=_farewell())
    taken = {feed.name for feed in found if feed.end is None}
    return next(
        (name for name in (_("My phone"), _("Laptop"), _("Tablet")) if name not in taken), _("Another device")
    )


def _made_up(now: datetime) -> Sample:
    """Something to look at for somebody who has no sessions yet."""
    starts_at = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    return Sample(
        title=_("Evening group"),
        discreet_title=_("Evening class"),
        place=_("Room 2, 12 Elm Street"),
        link="https://meet.example/b",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
        zone=_settings().timezone,
        made_up=True,
    )


def _address(token: str, name: str) -> str:
    settings = _settings()
    address = address_of(settings.base_url, token, settings.calendar_name)
    return render_template("member/calendar_address.html", address=address, name=name, apps=_apps())


def _feed(feed_id: int) -> ListedFeed:
    return queries.feed(db.session(), feed_id, person_id=_me(), farewell=_farewell())


def _me() -> int:
    """Whose page this is; the guard let nobody in without a sign-in."""
    return guard.actor().person_id or 0


def _farewell() -> timedelta:
    return timedelta(days=_settings().feed_farewell_days)


def _wording() -> Wording:
    return Wording(_settings().calendar_name, _settings().plain_title)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
