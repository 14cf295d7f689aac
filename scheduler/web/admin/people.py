"""Everybody, and making somebody new."""

from dataclasses import dataclass
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.access import linking
from scheduler.domain.calendars.missing import missing
from scheduler.domain.people import service
from scheduler.domain.people.queries import people as found_people
from scheduler.domain.people.roles import LIMITABLE, Role
from scheduler.domain.places.queries import sites
from scheduler.domain.privacy.limiting import limit_role
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.admin.blueprint import blueprint
from scheduler.web.admin.forms import NewPersonForm
from scheduler.web.forms import refusals_on, status_of
from scheduler.web.language import gettext as _
from scheduler.web.numbers import page_of
from scheduler.web.words import ROLES

PAGE: Final = 50
"""Persons on a page."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; nonsense asks for nothing."""

    typed: str
    role: Role | None
    page: int


def asked() -> Asked:
    """Read the address."""
    role = request.args.get("role", "")
    return Asked(
        typed=request.args.get("q", "")[:200],
        role=Role(role) if role in set(Role) else None,
        page=page_of(request.args.get("page")),
    )


@blueprint.get("/people")
@guard.allow(Role.ADMINISTRATOR)
def people() -> str:
    """Find somebody; nothing typed shows everybody, by name."""
    wish = asked()
    found = found_people(
        db.session(),
        typed=wish.typed,
        role=wish.role,
        limit=PAGE,
        skip=(wish.page - 1) * PAGE,
        private=guard.reach().of_people().private,
    )
    if found.shown:
        guard.log_read(subject="people", persons=[each.id for each in found.shown])
    pages = max(1, -(-found.total // PAGE))
    return render_template(
        "admin/people.html",
        asked=wish,
        found=found,
        pages=pages,
        role_words=ROLES,
        missing=missing(db.session()),
    )


@blueprint.route("/people/new", methods=["GET", "POST"])
@guard.allow(Role.ADMINISTRATOR)
def new_person() -> Response | tuple[str, int]:
    """Make somebody, and send them an invitation."""
    form = NewPersonForm()
    form.sites.choices = [(site.id, site.name) for site in sites(db.session())]
    if form.validate_on_submit():
        with refusals_on(form):
            made = _make(form)
            flash(_("The invitation is on its way."))
            return redirect(url_for("admin.person", person_id=made), code=303)
    return render_template("admin/new_person.html", form=form), status_of(form)


def _make(form: NewPersonForm) -> int:
    with transaction(db.session) as session:
        now, who = clock.now(), guard.actor()
        made = service.make_person(
            session,
            actor=who,
            name=form.name.data or "",
            email=form.email.data,
            roles=[Role(role) for role in form.roles.data or ()],
            now=now,
        )
        only = form.sites.data or []
        for role in sorted(LIMITABLE & set(form.roles.data or ())) if only else ():
            limit_role(session, actor=who, person_id=made, role=Role(role), sites=only, now=now)
        linking.invite(session, actor=who, person_id=made, now=now)
        return made
