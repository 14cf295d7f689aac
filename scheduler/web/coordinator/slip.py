"""Printing a slip: its address and code appear on this one page, and nowhere again."""

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from flask import current_app, flash, redirect, render_template, url_for
from flask import session as carried
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.config import Settings
from scheduler.domain.access.sealing import opened, seal
from scheduler.domain.access.slip_codes import grouped
from scheduler.domain.access.slips import Slip, make_slip
from scheduler.domain.people.finding import Found, person_of
from scheduler.domain.people.roles import Role
from scheduler.errors import NotFound, Refused
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.guard import actor, allow, log_read, reach
from scheduler.web.language import gettext
from scheduler.web.qr import qr_of

Answer = str | Response

HANDED: Final = "slip"
"""Where the cookie holds a slip, sealed, from the answer that made it to the page that shows it."""


@blueprint.post("/people/<int:person_id>/slip")
@allow(Role.COORDINATOR)
def people_slip(person_id: int) -> Answer:
    """Make a slip for a member, and show it; it ends the one before."""
    load(person_id)
    try:
        with transaction(db.session) as session:
            slip = make_slip(
                session,
                actor=actor(),
                person_id=person_id,
                secret_key=settings().secret_key,
                lasts=lasts(),
                now=clock.now(),
            )
    except Refused as refused:
        flash(gettext(str(refused)))
        return redirect(url_for("coordinator.people_page", person_id=person_id), code=303)
    carried[HANDED] = [person_id, seal(settings().secret_key, slip.code), slip.expires_at.isoformat()]
    return redirect(url_for("coordinator.people_slip_once", person_id=person_id), code=303)


@blueprint.get("/people/<int:person_id>/printed-slip")
@allow(Role.COORDINATOR)
def people_slip_once(person_id: int) -> Answer:
    """The slip that was made a moment ago. Loaded again, the address leads to the person: none is made."""
    person = load(person_id)
    whose, sealed, expires_at = carried.pop(HANDED, None) or (None, "", "")
    code = opened(settings().secret_key, sealed) if whose == person_id else None
    if code is None:
        return redirect(url_for("coordinator.people_page", person_id=person_id), code=303)
    return slip_page(person, Slip(code, datetime.fromisoformat(expires_at)))


def slip_page(person: Found, slip: Slip, **more: object) -> str:
    """The page to be printed; the read of the name on its screen part is on record."""
    log_read(subject="person", subject_id=person.id, person_id=person.id)
    base = settings().base_url.rstrip("/")
    return render_template(
        "coordinator/slip.html",
        person=person,
        title=settings().calendar_name,
        code=grouped(slip.code),
        qr=qr_of(f"{base}/s/{slip.code}"),
        address=f"{urlsplit(base).netloc}/s",
        expires_at=slip.expires_at,
        **more,
    )


def load(person_id: int) -> Found:
    """The person, within reach. Raises NotFound."""
    person = person_of(db.session(), person_id, sight=reach().of_people())
    if person is None:
        raise NotFound
    return person


def lasts() -> timedelta:
    """How long a slip made now can be used."""
    return timedelta(days=settings().slip_days)


def settings() -> Settings:
    """The settings of this application."""
    found: Settings = current_app.extensions["settings"]
    return found
