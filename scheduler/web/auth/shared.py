"""What is shared about me: who holds a copy, who can look, who looked; each with its end where it has one."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from scheduler import clock
from scheduler.domain.access.queries import sign_ins_of
from scheduler.domain.calendars.programs import program_named
from scheduler.domain.calendars.queries import ListedFeed, feeds_of
from scheduler.domain.calendars.service import revoke_feed
from scheduler.domain.calendars.standing import Ending
from scheduler.domain.people.roles import Role
from scheduler.domain.privacy.readers import EXPORTED, READ, Entry, Wish, entries
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.auth.blueprint import blueprint
from scheduler.web.auth.carrying import settings
from scheduler.web.exporting import record_file
from scheduler.web.language import gettext, reader_zone
from scheduler.web.language import lazy_gettext as _

MOST: Final = 30
"""Lines of each kind on the page; the file of everything has them all."""
LOOKED_THROUGH: Final = 200
"""The newest entries, of which one's own looks are left out."""
WHAT: Final = {
    "person": _("looked at your page"),
    "people": _("saw your name in a list"),
    "sheet": _("looked at a sheet with you on it"),
    "series": _("looked at a group that you belong to"),
    "occurrence": _("looked at a session of yours"),
    "audit": _("looked at who read your record"),
    "audit_file": _("looked at who read your record"),
}
COPIED: Final = {EXPORTED: _("everything about you"), "export": _("a list with you on it")}
"""What was copied, by the action on record."""
ANY: Final = _("looked at your record")
BY: Final = (
    (Role.ADMINISTRATOR, _("An administrator")),
    (Role.COORDINATOR, _("A coordinator")),
    (Role.FACILITATOR, _("A facilitator")),
    (Role.REVIEWER, _("A reviewer")),
)


@blueprint.get("/me/shared")
@guard.signed_in_only
def shared() -> str:
    """Calendars, devices, copies, readers."""
    session, now, me = db.session(), clock.now(), _me()
    given = settings()
    feeds = feeds_of(session, me, now=now, farewell=timedelta(days=given.feed_farewell_days))
    idle = timedelta(minutes=given.staff_idle_minutes)
    return render_template(
        "auth/shared.html",
        feeds=[(feed, _program(feed)) for feed in feeds if feed.end is None],
        sign_ins=sign_ins_of(session, me, now=now, idle=idle),
        this=guard.actor().sign_in_id,
        copies=_by_day((each, _by(each, me), str(COPIED[each.action])) for each in _copies(me)),
        reads=_by_day(
            (each, _by(each, me), str(WHAT.get(each.subject, ANY)))
            for each in _about(me, READ)
            if each.actor not in {me, None}
        ),
    )


@blueprint.post("/me/shared/calendars/<int:feed_id>/end")
@guard.signed_in_only
def end_calendar(feed_id: int) -> BaseResponse:
    """Turn one's own calendar off: its entries leave the device first."""
    with transaction(db.session) as session:
        revoke_feed(
            session,
            actor=guard.actor(),
            feed_id=feed_id,
            person_id=_me(),
            ending=Ending.FAREWELL,
            farewell=timedelta(days=settings().feed_farewell_days),
            now=clock.now(),
        )
    flash(gettext("Turned off. Its entries go away when that device next looks."))
    return redirect(url_for("auth.shared"), code=303)


@blueprint.post("/me/shared/copy")
@guard.signed_in_only
def own_record() -> Response:
    """Everything held about oneself: ``form`` is json or pdf."""
    return record_file(_me(), request.form.get("form", ""))


def _by_day(found: Iterable[tuple[Entry, str, str]]) -> list[tuple[str, str, date, int]]:
    """Who did what on which of the reader's days, and how many times; the newest first."""
    zone = reader_zone()
    times = Counter((by, what, entry.at.astimezone(zone).date()) for entry, by, what in found)
    return [(*line, count) for line, count in times.items()][:MOST]


def _about(me: int, action: str) -> tuple[Entry, ...]:
    return entries(db.session(), Wish(person_id=me, action=action), most=LOOKED_THROUGH).entries


def _copies(me: int) -> list[Entry]:
    """The newest copies of each kind, by time."""
    found = [entry for action in COPIED for entry in _about(me, action)]
    return sorted(found, key=lambda entry: entry.at, reverse=True)


def _by(entry: Entry, me: int) -> str:
    """ "A coordinator, Odile K.": the role that opens most, and what colleagues are called."""
    if entry.actor == me:
        return gettext("You")
    if entry.actor is None:
        return gettext("The center")
    role = next((str(word) for role, word in BY if role in entry.roles), gettext("Somebody who worked here"))
    return gettext("%(role)s, %(name)s", role=role, name=entry.by) if entry.by else role


def _program(feed: ListedFeed) -> str:
    return program_named(feed.fetched_by).name or gettext("A calendar")


def _me() -> int:
    return guard.actor().person_id or 0
