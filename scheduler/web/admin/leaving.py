"""Somebody leaves: what they still have is shown, and settled in the same step that ends their sign-ins."""

from datetime import timedelta

from flask import current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import SelectField

from scheduler import clock
from scheduler.config import Settings
from scheduler.domain.calendars import service as calendars
from scheduler.domain.people import service
from scheduler.domain.people.finding import holders_of
from scheduler.domain.people.roles import Role
from scheduler.domain.planning.leaving import commitments_of, release
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.admin.blueprint import blueprint
from scheduler.web.admin.person import known
from scheduler.web.forms import Form, Line, refusals_on, status_of
from scheduler.web.language import gettext as _t
from scheduler.web.language import lazy_gettext as _
from scheduler.web.offers import offers


class LeavingForm(Form):
    """Who takes over what somebody leads; the empty choice is nobody."""

    hand_to = SelectField(_("Who takes over what they lead"))
    override_reason = Line(_("Reason to keep both"))


@blueprint.route("/people/<int:person_id>/disable", methods=["GET", "POST"])
@guard.allow(Role.ADMINISTRATOR)
def disable(person_id: int) -> Response | tuple[str, int]:
    """Show what somebody still leads and belongs to; then hand it over or end it, and disable them."""
    person, form = known(person_id), LeavingForm()
    if person.disabled_at:
        return redirect(url_for("admin.person", person_id=person_id), code=303)
    leads = holders_of(db.session(), Role.FACILITATOR, sight=guard.reach().of_people())
    others = [found for found in leads if found.id != person_id]
    nobody = _t("Nobody: the sessions go on without a leader")
    form.hand_to.choices = offers({"": nobody} | {str(found.id): found.short_name for found in others})
    if form.validate_on_submit():
        with refusals_on(form, override="override_reason"):
            _settle(person_id, form)
            flash(_t("They are disabled. Their calendars empty themselves."))
            return redirect(url_for("admin.person", person_id=person_id), code=303)
    still = commitments_of(db.session(), person_id, now=clock.now(), viewer=guard.actor())
    guard.log_read(subject="person", subject_id=person_id, person_id=person_id)
    return render_template("admin/disable.html", person=person, still=still, form=form), status_of(form)


def _settle(person_id: int, form: LeavingForm) -> None:
    """All of it, or nothing."""
    settings: Settings = current_app.extensions["settings"]
    who, now = guard.actor(), clock.now()
    with transaction(db.session) as session:
        service.disable(session, actor=who, person_id=person_id, now=now)
        release(
            session,
            actor=who,
            person_id=person_id,
            hand_to=int(form.hand_to.data) if form.hand_to.data else None,
            override=form.override_reason.data or "",
            now=now,
        )
        farewell = timedelta(days=settings.feed_farewell_days)
        calendars.revoke_all(session, actor=who, person_id=person_id, farewell=farewell, now=now)
