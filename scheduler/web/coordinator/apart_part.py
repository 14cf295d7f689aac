"""The part of a person's page that tells whom they are kept apart from."""

from dataclasses import dataclass

from flask import request
from wtforms import HiddenField

from scheduler.domain.people.finding import Found, found_by
from scheduler.domain.planning.apart import Apart, kept_apart_from
from scheduler.extensions import db
from scheduler.web.coordinator.terms import Somebody
from scheduler.web.forms import Form
from scheduler.web.guard import log_read, reach
from scheduler.web.language import lazy_gettext
from scheduler.web.offers import offers


class ApartForm(Form):
    """Whom somebody is kept apart from. ``find`` is what the other was found by."""

    find = HiddenField()
    person = Somebody(lazy_gettext("Who"))


@dataclass(frozen=True, slots=True)
class ApartPart:
    """What ``person/_apart.html`` shows."""

    pairs: tuple[Apart, ...]
    form: ApartForm


def apart_part(person: Found, form: ApartForm | None = None) -> ApartPart:
    """The pairs of a person, and the form that makes one; ``?apart=`` finds the other."""
    pairs = kept_apart_from(db.session(), person.id, reach=reach())
    form = form or apart_form(person, request.args.get("apart", ""))
    named = {pair.other_id for pair in pairs if pair.other}
    named |= {int(value) for value, *_ in form.person.iter_choices() if value}
    if named:
        log_read(subject="people", persons=named)
    return ApartPart(pairs, form)


def apart_form(person: Found, typed: str) -> ApartForm:
    """Offers those whom ``typed`` finds, but for the person."""
    found = found_by(db.session(), typed, sight=reach().of_people()) if typed else []
    form = ApartForm(prefix="apart-", data={"find": typed})
    form.person.choices = offers({str(each.id): each.name for each in found if each.id != person.id})
    return form
