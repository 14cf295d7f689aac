"""The page "Calendar on your phone": a person's own feeds. The same for members and for facilitators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial, wraps
from secrets import token_urlsafe
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.config import Settings
from scheduler.domain.calendars import queries, service
from scheduler.domain.calendars.languages import LANGUAGES
from scheduler.domain.calendars.missing import left_out_of
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
from scheduler.web.forms import name_of_sent, refusals_on, status_of
from scheduler.web.language import gettext as _
from scheduler.web.versions import taken_up

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
    once: str = field(default_factory=partial(token_urlsafe, 16))


def calendar() -> Answer:
    """What an entry could say, and the person's calendars."""
    return _page(FeedForm(data={"name": _unused_name()}))


def calendar_look() -> Answer:
    """What somebody next to the person could read, in each style."""
    return _look(FeedForm(data={"name": _unused_name()}))


def make_feed() -> Answer:
    """Make a feed and show its address, this once; or, without scripts, show what the choices look like."""
    if request.method == "GET":  # an address bar was asked to go again where a form had been sent
        return redirect(url_for(".calendar"), code=303)
    form = FeedForm().offer(_wording())
    if "look" in request.form:
        return _look(form)
    if "show" in request.form:
        return _page(form)
    if form.validate_on_submit():
        try:
            with refusals_on(form):
                return _address(_made(form), form.choices.name)
        except service.AlreadyShown as shown:
            return _shown_before(shown.feed_id)
    return _page(form)


def _made(form: FeedForm) -> str:
    with transaction(db.session) as session:
        return service.make_feed(
            session,
            actor=guard.actor(),
            person_id=_me(),
            choices=form.choices,
            form=name_of_sent(form.once.data or ""),
            now=clock.now(),
        )


def new_address(feed_id: int) -> Answer:
    """Give a feed a new address and show it, this once."""
    name = _feed(feed_id).name
    if request.method == "GET":
        return redirect(url_for(".calendar"), code=303)
    try:
        with transaction(db.session) as session:
            token = service.give_new_address(
                session,
                actor=guard.actor(),
                feed_id=feed_id,
                person_id=_me(),
                farewell=_farewell(),
                form=name_of_sent(request.form.get("once", "")),
                now=clock.now(),
            )
    except service.AlreadyShown as shown:
        return _shown_before(shown.feed_id)
    return _address(token, name, replaces=True)


def change_feed(feed_id: int) -> Answer:
    """Other choices for a feed, at the same address."""
    feed = _feed(feed_id)
    if feed.end is not None:
        raise NotFound("There is no such feed.")
    form = _changing(feed)
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
            return redirect(url_for(".calendar", _anchor=f"calendar-{feed_id}"), code=303)
    both = taken_up(form, _changing(_feed(feed_id), formdata=None))
    return _with_preview("member/calendar_change.html", form, feed=feed, both=both), status_of(form)


def _changing(feed: ListedFeed, **given: Any) -> FeedForm:
    form = FeedForm(data=filled(feed.name, feed.wishes, feed.revision), **given)
    return form.offer(_wording(), feed.wishes)


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
    ("/calendar/feeds", ("GET", "POST"), make_feed),
    ("/calendar/feeds/<int:feed_id>/address", ("GET", "POST"), new_address),
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
    """The live feed of this person that a calendar looked at last, rather than one that none has looked at;
    none where they have no live feed.
    """
    looked = sorted(
        _live(), key=lambda feed: (feed.fetched_at is not None, feed.fetched_at or feed.created_at)
    )
    return _row(looked[-1]) if looked else None


def _live() -> list[ListedFeed]:
    found = queries.feeds_of(db.session(), _me(), now=clock.now(), farewell=_farewell())
    return [feed for feed in found if feed.end is None]


def _look(form: FeedForm) -> str:
    """What was chosen goes along. It makes a calendar only for somebody who has none yet."""
    form.offer(_wording())
    now, wording = clock.now(), form.spoken(_wording())
    sample = next_meeting(_sources(now), now, telling=True) or _made_up(now)
    return render_template(
        "member/calendar_look.html",
        form=form,
        sample=sample,
        said=sample.said(wording),
        plain_title=_wording().plain_title,
        may_make=not _live(),
    )


def _page(form: FeedForm) -> tuple[str, int]:
    form.offer(_wording())
    found = queries.feeds_of(db.session(), _me(), now=clock.now(), farewell=_farewell())
    rows = [_row(feed) for feed in found]
    live = [row for row in rows if row.feed.end is None]
    ended = [row for row in rows if row.feed.end is not None]
    left_out = left_out_of(db.session(), _me())
    page = _with_preview("member/calendar.html", form, live=live, ended=ended, left_out=left_out)
    return page, status_of(form)


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
    taken = {feed.name for feed in _live()}
    return next(
        (name for name in (_("My phone"), _("Laptop"), _("Tablet")) if name not in taken), _("Another device")
    )


def _made_up(now: datetime) -> Sample:
    """Something to look at for somebody who has no sessions yet."""
    evening = now.astimezone(ZoneInfo(_settings().timezone)) + timedelta(days=1)
    starts_at = evening.replace(hour=19, minute=0, second=0, microsecond=0).astimezone(UTC)
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


def _shown_before(feed_id: int) -> tuple[str, int]:
    """What answers a form that is sent again: the calendar that it made, without its address."""
    row = _row(_feed(feed_id))
    return render_template("member/calendar_shown.html", row=row), 409


def _address(token: str, name: str, *, replaces: bool = False) -> str:
    settings = _settings()
    address = address_of(settings.base_url, token, settings.calendar_name)
    return render_template(
        "member/calendar_address.html", address=address, name=name, apps=_apps(), replaces=replaces
    )


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
