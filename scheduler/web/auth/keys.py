"""Passkeys: added and removed on one's own page, used at the door."""

from flask import Response as Sent
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.access import beginning, ceremonies, passkeys
from scheduler.domain.access.ceremonies import Party
from scheduler.domain.access.queries import passkeys_of
from scheduler.domain.people.queries import person_page
from scheduler.domain.people.sign_ins import Method, Way
from scheduler.errors import Invalid, NotFound
from scheduler.extensions import db, limiter
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.auth.blueprint import blueprint
from scheduler.web.auth.carrying import Begun, begun_with, carry, device, lasting, settings
from scheduler.web.auth.forms import PasskeyForm, PasskeySignInForm, SignInForm, typed
from scheduler.web.auth.home import home_of
from scheduler.web.forms import refusals_on, status_of
from scheduler.web.language import gettext as _

Answer = Response | tuple[str, int]


def party() -> Party | None:
    """The service as browsers know it; none where its address is one of numbers, which has no passkeys."""
    given = settings()
    return Party(given.passkey_host, given.base_url.rstrip("/")) if given.passkey_host else None


def needed_party() -> Party:
    """The same. Raises :class:`NotFound`."""
    found = party()
    if found is None:
        raise NotFound
    return found


@blueprint.post("/me/passkeys/options")
@limiter.limit("20/minute")
@guard.setting_up
def passkey_options() -> Sent:
    """What a device is asked for a new passkey."""
    here = needed_party()
    with transaction(db.session) as database:
        asked = passkeys.ask_for_new(database, actor=guard.actor(), party=here, now=clock.now())
    return Sent(asked.options, mimetype="application/json")


@blueprint.route("/me/passkeys", methods=["GET", "POST"])
@guard.setting_up
def passkeys_page() -> Answer:
    """One's passkeys, and a new one: what the device answered, under a name."""
    form = PasskeyForm()
    if form.validate_on_submit():
        with refusals_on(form):
            _add(form)
            flash(_("The passkey is added. You can sign in with it."))
            return redirect(url_for("auth.passkeys_page"), code=303)
    mine = passkeys_of(db.session(), guard.actor().person_id or 0)
    page = render_template("auth/passkeys.html", form=form, keys=mine, party=party())
    return page, status_of(form)


@blueprint.post("/me/passkeys/<int:passkey_id>/remove")
@guard.setting_up
def remove_passkey(passkey_id: int) -> Response:
    """Remove one of one's own: it opens nothing any more."""
    with transaction(db.session) as database:
        passkeys.remove(database, actor=guard.actor(), passkey_id=passkey_id, now=clock.now())
    flash(_("The passkey is removed. It opens nothing here any more."))
    return redirect(url_for("auth.passkeys_page"), code=303)


@blueprint.post("/sign-in/passkey/options")
@limiter.limit("20/minute")
@guard.public
def door_options() -> Sent:
    """What a device is asked at the door; it names nobody."""
    here = needed_party()
    with transaction(db.session) as database:
        asked = passkeys.ask_for_any(database, party=here, now=clock.now())
    return Sent(asked.options, mimetype="application/json")


@blueprint.post("/sign-in/passkey")
@limiter.limit("20/minute")
@guard.public
def sign_in_by_passkey() -> Answer:
    """Sign in by what a device answered. Whatever is wrong with it, the answer is the same."""
    wanted = guard.safe_next(request.args.get("next"))
    form = PasskeySignInForm()
    begun = _begun(typed(form.credential), wished=bool(form.keep.data))
    if begun is None:
        page = render_template(
            "auth/sign_in.html", form=SignInForm(formdata=None), refusal="passkey", party=party()
        )
        return page, 422
    carry(begun)
    return redirect(wanted or home_of(guard.actor().roles), code=303)


def _add(form: PasskeyForm) -> None:
    here, answer = needed_party(), ceremonies.read(typed(form.credential))
    if answer is None:
        raise Invalid(passkeys.NOT_TAKEN)
    with transaction(db.session) as database:
        passkeys.add(
            database,
            actor=guard.actor(),
            party=here,
            name=typed(form.name),
            answer=answer,
            now=clock.now(),
        )


def _begun(credential: str, *, wished: bool) -> Begun | None:
    here, answer, now = needed_party(), ceremonies.read(credential), clock.now()
    if answer is None:
        return None
    with transaction(db.session) as database:
        person_id = passkeys.owner_of(database, answer=answer, party=here, now=now)
        person = person_page(database, person_id) if person_id else None
        if person is None:
            return None
        secret = beginning.begin(
            database,
            person_id=person.id,
            way=Way(Method.PASSKEY, device(), second_step=True),
            lasts=lasting(person.roles, wished=wished),
            instead_of=guard.actor().sign_in_id,
            now=now,
        )
    return begun_with(secret, person.roles, wished=wished)
