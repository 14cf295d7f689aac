"""What all forms share: fields that say plainly what is wrong, and how a refusal reaches them.

A view that changes something::

    form = SeriesForm()
    if form.validate_on_submit():
        with refusals_on(form):
            with transaction(db.session) as session:
                service.verb(session, ...)
            return redirect(...)
    return render_template(..., form=form), status_of(form)
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from flask import request
from flask_wtf import FlaskForm
from wtforms import DateField, Field, HiddenField, IntegerField, StringField, TimeField
from wtforms.validators import StopValidation

from scheduler.domain.people.names import clean
from scheduler.errors import Conflict, Invalid, Refused
from scheduler.web.language import gettext
from scheduler.web.numbers import LARGEST, whole

YEARS: Final = range(1990, 2101)
"""Years that may be typed: others are slips, and arithmetic on the last ones fails."""

CLOCKS: Final = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I %p")
DATES: Final = ("%Y-%m-%d", "%m/%d/%Y")


class Form(FlaskForm):
    """The parent of our forms. The guard has checked the token before the view runs.

    ``conflict`` is what came first, where a service said so.
    """

    conflict: Conflict | None = None

    class Meta(FlaskForm.Meta):
        """Without a token field of its own: ``forms.csrf()`` in the template writes it."""

        csrf = False


class Needed:
    """Refuses an empty field with the sentence given; what is typed wrong says so itself."""

    field_flags: Final = {"required": True}

    def __init__(self, message: str) -> None:
        self._message = message

    def __call__(self, _form: object, field: Field) -> None:
        """Raise ``StopValidation`` for an empty field; WTForms calls this."""
        if field.errors:
            raise StopValidation
        if field.data is None or field.data == "":
            raise StopValidation(str(self._message))


def _checks(needed: str) -> list[Needed]:
    return [Needed(needed)] if needed else []


class Line(StringField):
    """One line of text, without control characters and outer spaces. ``needed`` is said where it is empty."""

    def __init__(self, label: str, *, longest: int = 200, needed: str = "", **more: Any) -> None:
        self.longest = longest
        super().__init__(label, _checks(needed), **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; raises ``ValueError`` where it is too long."""
        if not valuelist:
            return
        self.data = clean(valuelist[0])
        if len(self.data) > self.longest:
            raise ValueError(gettext("Use at most %(number)s letters.", number=self.longest))


class Day(DateField):
    """A date. ``needed`` is said where it is empty."""

    def __init__(self, label: str, *, needed: str = "", **more: Any) -> None:
        super().__init__(label, _checks(needed), **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; raises ``ValueError`` with one clear line."""
        if not valuelist:
            return
        typed = _read(valuelist[0].strip(), DATES, gettext("This is not a date. Type it like 2026-07-14."))
        self.data = None
        if typed and typed.year not in YEARS:
            raise ValueError(gettext("This year is too far away."))
        self.data = typed.date() if typed else None


class Clock(TimeField):
    """A wall time to the minute: 19:00, or 7:00 PM where the browser has no field for times."""

    def __init__(self, label: str, *, needed: str = "", **more: Any) -> None:
        super().__init__(label, _checks(needed), **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; raises ``ValueError`` with one clear line."""
        if not valuelist:
            return
        wrong = gettext("This is not a time. Type it like 7:00 PM.")
        typed = _read(valuelist[0].strip().upper(), CLOCKS, wrong)
        self.data = typed.time().replace(second=0) if typed else None


class Number(IntegerField):
    """A whole number in a range, both ends included. ``needed`` is said where it is empty.

    ``wrong`` is said of what is no whole number, or less than ``least``, in place of our own words.
    """

    def __init__(
        self,
        label: str,
        *,
        least: int = 1,
        most: int = LARGEST,
        needed: str = "",
        wrong: str = "",
        **more: Any,
    ) -> None:
        self.least, self.most, self.wrong = least, most, wrong
        super().__init__(label, _checks(needed), **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; raises ``ValueError`` with one clear line."""
        if not valuelist:
            return
        text = valuelist[0].strip()
        self.data = None
        if not text:
            return
        number = whole(text)
        if number is None and not self.wrong and text[0] in "-−" and whole(text[1:]) is not None:
            raise ValueError(gettext("Type a number of at least %(least)s.", least=self.least))
        if number is None:
            raise ValueError(self.wrong or gettext("Type a whole number."))
        if self.wrong and number < self.least:
            raise ValueError(self.wrong)
        if not self.least <= number <= self.most:
            raise ValueError(
                gettext("Type a number from %(least)s to %(most)s.", least=self.least, most=self.most)
            )
        self.data = number


class Revision(HiddenField):
    """The revision that a page was made from."""

    @property
    def seen(self) -> int:
        """The number to compare with the row's; 0, which no row has, for anything else."""
        return whole(str(self.data or "")) or 0


def refusals_on(form: Form, **names: str) -> "Refusals":
    """Put what a service refuses inside the block beside the fields of ``form``, and go on after it.

    ``names`` maps a service's field to the form's where they differ; what fits no field concerns the
    form as a whole.
    """
    return Refusals(form, names)


class Refusals:
    """The context manager behind :func:`refusals_on`."""

    def __init__(self, form: Form, names: Mapping[str, str]) -> None:
        self._form, self._names = form, names

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        """Whether the error is told on the form, and goes no further."""
        if isinstance(error, Invalid):
            for name, message in error.fields.items():
                refuse(self._form, self._names.get(name, name), message)
        elif isinstance(error, Refused | Conflict):
            self._form.conflict = error if isinstance(error, Conflict) else None
            refuse(self._form, "", str(error))
        return isinstance(error, Invalid | Refused | Conflict)


def refuse(form: Form, name: str, message: str) -> None:
    """Say that a field is wrong, or by a name that is no field's, the form."""
    if name in form:
        field = form[name]
        field.errors = [*field.errors, gettext(message)]
    else:
        form.form_errors = [*form.form_errors, gettext(message)]


def status_of(form: Form) -> int:
    """409 where something else came first, 422 where something is wrong with the form, else 200."""
    if form.conflict is not None:
        return 409
    return 422 if form.errors else 200


def wall_time(day: Day, at: Clock) -> datetime:
    """A day and a time as one naive wall time. Raises Invalid where one is empty."""
    if day.data is None or at.data is None:
        raise Invalid(gettext("Give a day and a time."))
    return datetime.combine(day.data, at.data)


def needed(day: Day) -> date:
    """The date of a field that must not be empty. Raises Invalid where it is."""
    if day.data is None:
        raise Invalid(gettext("Choose a day."), day.short_name)
    found: date = day.data
    return found


def name_of_sent(once: str) -> str:
    """A name for what was sent: the same for a form that is sent twice as it is, another where something in
    it was changed between. ``once`` is the random value of the form's own; empty, it has no name.
    """
    if not once:
        return ""
    sent = sorted(each for each in request.form.items(multi=True) if each[0] != "csrf_token")
    return hashlib.sha256(repr(sent).encode()).hexdigest()


def is_part() -> bool:
    """Whether htmx asks, for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def _read(text: str, formats: Sequence[str], wrong: str) -> datetime | None:
    if not text:
        return None
    for known in formats:
        try:
            return datetime.strptime(text, known)  # noqa: DTZ007 -- a wall time has no zone of its own
        except ValueError:
            continue
    raise ValueError(wrong)
