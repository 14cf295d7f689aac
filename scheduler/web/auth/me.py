"""One's own account."""

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.access.linking import set_password
from scheduler.domain.access.queries import asked_to_confirm, channels_of, second_step_of
from scheduler.domain.people import passwords, service
from scheduler.domain.people.queries import PersonPage, person_page
from scheduler.domain.people.roles import STAFF
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.auth import trying
from scheduler.web.auth.blueprint import blueprint
from scheduler.web.auth.carrying import settings
from scheduler.web.auth.forms import CodeForm, EmailForm, NameForm, OwnPasswordForm, PhoneForm, typed
from scheduler.web.auth.keys import party
from scheduler.web.forms import Form, refusals_on, refuse, status_of
from scheduler.web.language import gettext as _

Answer = Response | tuple[str, int]


@blueprint.get("/me")
@guard.signed_in_only
def me() -> Answer:
    """Name, channels, ways to sign in, and the way out."""
    return page()


@blueprint.post("/me/name")
@guard.signed_in_only
def change_name() -> Answer:
    """Change one's own name."""
    person, form = my_record(), NameForm()
    if form.validate_on_submit():
        with refusals_on(form):
            with transaction(db.session) as session:
                service.rename(
                    session,
                    actor=guard.actor(),
                    person_id=person.id,
                    name=typed(form.name),
                    seen=form.revision.seen,
                    now=clock.now(),
                )
            flash(_("Your name is changed."))
            return redirect(url_for("auth.me"), code=303)
    return page(name=form)


@blueprint.post("/me/password")
@guard.signed_in_only
def change_password() -> Answer:
    """Change one's own password; it ends every other sign-in."""
    person, form = my_record(), OwnPasswordForm()
    if form.validate_on_submit() and _is_mine(person, form):
        with refusals_on(form):
            near = [person.name, person.email or "", settings().organization]
            passwords.require_good(typed(form.password), about=near)
            _change(typed(form.password))
            flash(_("Your password is changed. Other devices are signed out."))
            return redirect(url_for("auth.me"), code=303)
    return page(password=form)


def my_record() -> PersonPage:
    """Oneself."""
    found = person_page(db.session(), guard.actor().person_id or 0)
    if found is None:
        raise NotFound
    return found


def page(**sent: Form) -> tuple[str, int]:
    """The page, with the form in it that was sent and refused, by its name."""
    person = my_record()
    channels = channels_of(db.session(), person.id)
    empty: dict[str, Form] = {
        "name": NameForm(formdata=None, obj=person),
        "email": EmailForm(formdata=None),
        "code": CodeForm(formdata=None),
        "phone": PhoneForm(formdata=None, obj=channels),
        "password": OwnPasswordForm(formdata=None),
    }
    shown = render_template(
        "auth/me.html",
        person=person,
        channels=channels,
        was_asked=_was_asked(person.id),
        forms_of={**empty, **sent},
        has=second_step_of(db.session(), person.id),
        party=party(),
        works_here=guard.actor().has(*STAFF),
        viewer=current_user.short_name,
    )
    return shown, max(map(status_of, sent.values()), default=200)


def _was_asked(person_id: int) -> bool:
    """Whether a code can be on its way, by the request alone: the same where another has the address."""
    since = clock.now() - timedelta(minutes=settings().code_minutes)
    return asked_to_confirm(db.session(), person_id, since=since)


def _change(password: str) -> None:
    who = guard.actor()
    db.session.rollback()  # nothing is held open while the hash is made
    password_hash = passwords.hashed(password)
    with transaction(db.session) as session:
        set_password(
            session, actor=who, person_id=who.person_id or 0, password_hash=password_hash, now=clock.now()
        )


def _is_mine(person: PersonPage, form: OwnPasswordForm) -> bool:
    """Whether the present password was typed; tries are counted, as at the door."""
    address = person.email or ""
    if not trying.may_try(trying.key_of(address)):
        refuse(form, "current", _("Too many tries. Wait a while, or ask for a new password."))
    elif trying.right(address, typed(form.current)) is None:
        refuse(form, "current", _("This is not your password."))
    return not form.errors
