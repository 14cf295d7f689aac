"""Who belongs to a series and who leads it, from when until when, as forms."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import HiddenField, RadioField, SelectField
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from scheduler.domain.admissions.openings import Opening
from scheduler.domain.people.finding import Found
from scheduler.web.coordinator import choices
from scheduler.web.coordinator.desk_form import in_words
from scheduler.web.coordinator.shown import ShownForm
from scheduler.web.forms import Day, Form, Line, Needed, Revision
from scheduler.web.language import gettext, lazy_gettext
from scheduler.web.offers import offers
from scheduler.web.words import POSITIONS


class Somebody(RadioField):
    """One of those who were found; anything else is nobody."""

    def pre_validate(self, _form: BaseForm) -> None:
        """Raises ``StopValidation`` where nobody is chosen; WTForms calls this."""
        if not any(chosen for _, _, chosen, *_ in self.iter_choices()):
            raise StopValidation(gettext("Choose somebody."))


class OpenSeries(SelectField):
    """One of the series that take somebody new, as they were when the page was made."""

    def offer(self, found: Sequence[Opening]) -> None:
        """Each with its day, time and free places."""
        self.choices = offers(
            {"": gettext("Choose"), **{str(each.series_id): in_words(each) for each in found}}
        )

    def pre_validate(self, _form: BaseForm) -> None:
        """Raises ``StopValidation`` for one that takes nobody any more; WTForms calls this."""
        if not any(chosen for _, _, chosen, *_ in self.iter_choices()) and self.data:
            raise StopValidation(gettext("There is no place any more. Choose another."))


class EnrollForm(Form):
    """A member belongs to a series. ``find`` is what found them; who is ``discharged`` is not offered."""

    find = HiddenField()
    person = Somebody(lazy_gettext("Who"))
    from_date = Day(lazy_gettext("From"), needed=lazy_gettext("Choose the first day."))
    until_date = Day(lazy_gettext("Until"))
    discharged: tuple[Found, ...] = ()


class JoinForm(Form):
    """The same, seen from the member: the series is chosen."""

    series = OpenSeries(lazy_gettext("Series"), validators=[Needed(lazy_gettext("Choose a series."))])
    from_date = Day(lazy_gettext("From"), needed=lazy_gettext("Choose the first day."))
    until_date = Day(lazy_gettext("Until"))


class PostForm(Form):
    """A facilitator holds a position in a series."""

    person = SelectField(lazy_gettext("Who"), validators=[Needed(lazy_gettext("Choose somebody."))])
    position = SelectField(lazy_gettext("Position"), choices=offers(POSITIONS), default="lead")
    from_date = Day(lazy_gettext("From"), needed=lazy_gettext("Choose the first day."))
    until_date = Day(lazy_gettext("Until"))
    override_reason = Line(lazy_gettext("Reason to keep both"))


class EndForm(Form):
    """The last day of an enrollment or a post."""

    until_date = Day(lazy_gettext("Last day"), needed=lazy_gettext("Choose the last day."))
    override_reason = Line(lazy_gettext("Reason to keep both"))
    revision = Revision()


class EndSeriesForm(ShownForm):
    """The last day of a series: what follows is shown first."""

    until_date = Day(lazy_gettext("Last day"), needed=lazy_gettext("Choose the last day."))
    revision = Revision()


def enroll_form(found: list[Found], typed: str, today: date) -> EnrollForm:
    """Offers those who were found."""
    form = EnrollForm(prefix="enroll-", data={"from_date": today, "find": typed})
    form.person.choices = offers({str(person.id): person.name for person in found})
    return form


def post_form(facilitators: list[Found], today: date) -> PostForm:
    """Offers everybody who leads."""
    form = PostForm(prefix="post-", data={"from_date": today})
    form.person.choices = choices.people(facilitators, none=gettext("Choose"))
    return form


def end_form(name: str, row_id: int, revision: int, until: date | None, **given: Any) -> EndForm:
    """Shows the last day, where there is one; ``name`` tells the forms of one page apart."""
    data = {"until_date": until, "revision": revision}
    return EndForm(prefix=f"{name}{row_id}-", data=data, **given)


def end_series_form(series_id: int, revision: int, ends_on: date | None) -> EndSeriesForm:
    """Shows the last day of a series, where it was ended."""
    data = {"until_date": ends_on, "revision": revision}
    return EndSeriesForm(prefix=f"series{series_id}-", data=data)
