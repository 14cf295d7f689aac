"""A member's address, phone number and year of birth, typed on their behalf; the address waits."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import EmailField
from wtforms.validators import Length

from scheduler import clock
from scheduler.domain.access import channels
from scheduler.domain.access.queries import Channels
from scheduler.domain.people.finding import Found
from scheduler.domain.people.roles import Role
from scheduler.domain.people.service import set_birth_year
from scheduler.errors import NotFound, Refused
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.person_page import back_to, load_member
from scheduler.web.coordinator.reaching import channels_part
from scheduler.web.coordinator.saying import hide_owner
from scheduler.web.forms import Form, Line, Number, Revision, refusals_on, status_of
from scheduler.web.guard import actor, allow, log_read
from scheduler.web.language import gettext
from scheduler.web.language import lazy_gettext as _

Answer = Response | tuple[str, int]


class ChannelsForm(Form):
    """How a member is reached; what is empty is none."""

    email = EmailField(_("E-mail"), [Length(max=254, message=_("This is too long."))])
    phone = Line(_("Phone"), longest=40)
    revision = Revision()


@blueprint.route("/people/<int:person_id>/channels", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def people_channels(person_id: int) -> Answer:
    """Change a member's address and phone number."""
    person, found = _load(person_id)
    typed = {"email": found.pending or found.email, "phone": found.phone, "revision": found.revision}
    form = ChannelsForm(data=typed)
    if form.validate_on_submit():
        with refusals_on(form):
            with transaction(db.session) as session:
                channels.set_channels(
                    session,
                    actor=actor(),
                    person_id=person_id,
                    email=form.email.data or "",
                    phone=form.phone.data or "",
                    seen=form.revision.seen,
                    now=clock.now(),
                )
            flash(gettext("Saved."))
            return back_to(person_id)
        hide_owner(form)
    log_read(subject="person", subject_id=person_id, person_id=person_id)
    page = render_template("coordinator/channels.html", person=person, channels=found, form=form)
    return page, status_of(form)


class BornForm(Form):
    """The year that somebody was born in."""

    born = Number(_("Year of birth"), least=1900, most=2100)
    revision = Revision()


@blueprint.route("/people/<int:person_id>/born", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def people_born(person_id: int) -> Answer:
    """Change the year of birth, by which people of one name are told apart."""
    person, found = _load(person_id)
    form = BornForm(data={"born": found.born, "revision": found.revision})
    if form.validate_on_submit():
        with refusals_on(form, birth_year="born"):
            with transaction(db.session) as session:
                set_birth_year(
                    session,
                    actor=actor(),
                    person_id=person_id,
                    year=form.born.data,
                    seen=form.revision.seen,
                    now=clock.now(),
                )
            flash(gettext("Saved."))
            return back_to(person_id)
    log_read(subject="person", subject_id=person_id, person_id=person_id)
    page = render_template("coordinator/born.html", person=person, form=form)
    return page, status_of(form)


@blueprint.post("/people/<int:person_id>/channels/ask")
@allow(Role.COORDINATOR)
def people_ask_to_confirm(person_id: int) -> Response:
    """Have the address that waits asked whether it is theirs."""
    _load(person_id)
    try:
        with transaction(db.session) as session:
            channels.ask_to_confirm(session, actor=actor(), person_id=person_id, now=clock.now())
    except Refused as refused:
        flash(gettext(str(refused)))
    else:
        flash(gettext("The message is on its way."))
    return redirect(url_for("coordinator.people_page", person_id=person_id), code=303)


def _load(person_id: int) -> tuple[Found, Channels]:
    person = load_member(person_id)
    found = channels_part(person)["channels"]
    if found is None:
        raise NotFound
    return person, found
