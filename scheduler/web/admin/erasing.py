"""Everything held about somebody, handed out; and erasing them."""

from datetime import date

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from scheduler import clock
from scheduler.config import Settings
from scheduler.domain.people.names import search_name
from scheduler.domain.people.roles import Role
from scheduler.domain.privacy.erase import erase, kept_until
from scheduler.domain.privacy.fate import fate_of
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.admin.blueprint import blueprint
from scheduler.web.admin.person import known
from scheduler.web.exporting import record_file
from scheduler.web.forms import Form, Line, refusals_on, refuse, status_of
from scheduler.web.language import gettext, reader_zone
from scheduler.web.language import lazy_gettext as _


class EraseForm(Form):
    """The name, typed: what goes cannot be put back."""

    name = Line(_("Type their name"), needed=_("Type the name to erase them."))


@blueprint.post("/people/<int:person_id>/export")
@guard.allow(Role.ADMINISTRATOR)
def export(person_id: int) -> Response:
    """Everything held about them: ``form`` is json or pdf."""
    return record_file(person_id, request.form.get("form", ""))


@blueprint.route("/people/<int:person_id>/erase", methods=["GET", "POST"])
@guard.allow(Role.ADMINISTRATOR)
def erase_person(person_id: int) -> BaseResponse | tuple[str, int]:
    """Show what goes and what the law keeps; then erase."""
    person, form = known(person_id), EraseForm()
    if person.is_gone:
        raise NotFound
    if form.validate_on_submit():
        if search_name(form.name.data or "") != search_name(person.name):
            refuse(form, "name", gettext("This is not the name. Nothing was erased."))
        else:
            with refusals_on(form):
                _erase(person_id)
                flash(gettext("Erased. What stays carries no name."))
                return redirect(url_for("admin.people"), code=303)
    settings, now = _settings(), clock.now()
    fate = fate_of(db.session(), person_id, years=settings.records_years, today=_today(), now=now)
    guard.log_read(subject="person", subject_id=person_id, person_id=person_id)
    return render_template("admin/erase.html", person=person, fate=fate, form=form), status_of(form)


def _erase(person_id: int) -> None:
    settings = _settings()
    with transaction(db.session) as session:
        erase(
            session,
            actor=guard.actor(),
            person_id=person_id,
            now=clock.now(),
            kept_until=kept_until(session, person_id, years=settings.records_years, today=_today()),
            secret_key=settings.secret_key,
        )


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def _today() -> date:
    return clock.now().astimezone(reader_zone()).date()
