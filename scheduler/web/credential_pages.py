"""The credentials on a person's page: the same for coordinators and for administrators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.people.credentials import (
    LONGEST,
    CredentialView,
    Draft,
    correct_credential,
    credentials_of,
    give_credential,
    take_credential,
)
from scheduler.domain.people.roles import Role
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.forms import Day, Form, Line, refusals_on
from scheduler.web.language import gettext, lazy_gettext, reader_zone
from scheduler.web.numbers import whole

Answer = str | tuple[str, int] | Response
NEW = 0
"""The number of the form that adds one."""


class CredentialForm(Form):
    """A credential as it is typed."""

    kind = Line(lazy_gettext("What it is"), longest=LONGEST, needed=lazy_gettext("Say what it is."))
    number = Line(lazy_gettext("Number"), longest=LONGEST)
    valid_from = Day(lazy_gettext("Valid from"))
    valid_until = Day(lazy_gettext("Valid until"))

    @property
    def draft(self) -> Draft:
        """What was typed."""
        return Draft(
            self.kind.data or "", self.number.data or "", self.valid_from.data, self.valid_until.data
        )


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was refused, and which credential it is about (`NEW`: one more)."""

    number: int
    form: CredentialForm


@dataclass(frozen=True, slots=True)
class CredentialPart:
    """What ``_macros/credentials.html`` shows: each with the form that corrects it, and the form for one
    more; ``endpoint`` is where the forms go.
    """

    held: tuple[tuple[CredentialView, CredentialForm], ...]
    new: CredentialForm
    endpoint: str
    today: date


def credential_part(person_id: int, endpoint: str, sent: Sent | None = None) -> CredentialPart:
    """The part of a person's page, with the form that was refused."""
    held = credentials_of(db.session(), person_id)
    today = clock.now().astimezone(reader_zone()).date()
    if sent is not None and sent.number not in {NEW, *(each.id for each in held)}:
        sent = None  # another one stands there by now, and the page says what it says
    return CredentialPart(
        tuple((each, _form_of(each.id, sent, each)) for each in held), _form_of(NEW, sent), endpoint, today
    )


def offer(blueprint: Blueprint, role: Role, page: str, show: Callable[[int, Sent | None], Answer]) -> None:
    """Hang the form on a blueprint. ``page`` is the endpoint of the person's page, ``show`` answers it with
    the form that was refused; it raises NotFound for somebody out of reach.
    """

    def credentials(person_id: int) -> Answer:
        """Note, correct, end or take off a credential; what sheets kept of it stays."""
        show(person_id, None)  # whoever may not find the person finds nothing here
        number = whole(request.form.get("credential", "")) or NEW
        form = CredentialForm(prefix=_prefix(number))
        if "take" not in request.form and not form.validate_on_submit():
            return show(person_id, Sent(number, form))
        with refusals_on(form):
            _save(person_id, number, form)
            flash(gettext("The credentials are saved."))
            return redirect(url_for(page, person_id=person_id, _anchor="credentials"), code=303)
        return show(person_id, Sent(number, form))

    blueprint.post("/people/<int:person_id>/credentials")(guard.allow(role)(credentials))


def _save(person_id: int, number: int, form: CredentialForm) -> None:
    actor, now = guard.actor(), clock.now()
    with transaction(db.session) as session:
        if number == NEW:
            give_credential(session, actor=actor, person_id=person_id, draft=form.draft, now=now)
        elif "take" in request.form:
            take_credential(session, actor=actor, person_id=person_id, credential_id=number, now=now)
        else:
            correct_credential(
                session, actor=actor, person_id=person_id, credential_id=number, draft=form.draft, now=now
            )


def _prefix(number: int) -> str:
    return f"credential{number}-"


def _form_of(number: int, sent: Sent | None, held: CredentialView | None = None) -> CredentialForm:
    if sent is not None and sent.number == number:
        return sent.form
    data = {each.name: getattr(held, each.name) for each in fields(Draft)} if held else None
    return CredentialForm(prefix=_prefix(number), formdata=None, data=data)
