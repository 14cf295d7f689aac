"""What is asked to admit a member, to pause, welcome back, transfer and discharge."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError

from scheduler.domain.admissions.admit import Admission
from scheduler.domain.people.finding import holders_of
from scheduler.domain.people.roles import Role
from scheduler.domain.places.queries import sites
from scheduler.domain.stays.queries import StayView, programs
from scheduler.domain.stays.reasons import Places
from scheduler.extensions import db
from scheduler.web import display
from scheduler.web.coordinator import choices
from scheduler.web.coordinator.terms import OpenSeries
from scheduler.web.forms import Day, Form, Needed, Revision, needed
from scheduler.web.guard import reach
from scheduler.web.language import gettext, lazy_gettext
from scheduler.web.offers import offers
from scheduler.web.words import DISCHARGES

ONE_DAY: Final = timedelta(days=1)


class LifeForm(Form):
    """The parent of these. ``seen`` says what was shown before: it is done once that is what it does."""

    revision = Revision()
    seen = HiddenField()


class StayForm(LifeForm):
    """In which program, where, with whom."""

    program = SelectField(lazy_gettext("Program"), default="")
    site = SelectField(lazy_gettext("Site"), default="")
    counselor = SelectField(lazy_gettext("Counselor"), default="")

    def offer(self, before: StayView | None) -> None:
        """Fill the selects; what the last stay has is chosen already, where it is still offered."""
        session, within = db.session(), reach()
        self.program.choices = offers(
            {"": gettext("None yet"), **{str(each.id): each.name for each in programs(session)}}
        )
        found = sites(session, within=within.of_sites())
        none = {"": gettext("None yet")} if within.sites is None else {}  # without a site it is every site's
        self.site.choices = offers(none | {str(each.id): each.name for each in found})
        counselors = holders_of(session, Role.FACILITATOR, sight=within.of_people())
        self.counselor.choices = choices.people(counselors, none=gettext("None yet"))
        if before is not None and not self.is_submitted():
            for field, chosen in (
                (self.program, before.program_id),
                (self.site, before.site_id),
                (self.counselor, before.counselor_id),
            ):
                offered = {value for value, *_ in field.iter_choices()}
                field.data = str(chosen) if str(chosen) in offered else ""


class AdmitForm(StayForm):
    """The same from when on; and for somebody who was here before, into which groups."""

    admitted_on = Day(lazy_gettext("First day"), needed=lazy_gettext("Choose the first day."))
    series = SelectMultipleField(lazy_gettext("Their groups again"))
    lasts: date | None = None
    """The last day of the stay before."""

    def validate_admitted_on(self, field: Day) -> None:
        """After the stay before; WTForms calls this."""
        if self.lasts is not None and field.data is not None and field.data <= self.lasts:
            last, after = display.month_day(self.lasts), display.month_day(self.lasts + ONE_DAY)
            raise ValidationError(
                gettext(
                    "Their stay lasts through %(last)s. Choose %(after)s or later, or undo the discharge.",
                    last=last,
                    after=after,
                )
            )

    def offer_groups(self, left: Sequence[tuple[int, str]]) -> None:
        """Those that they were in last."""
        self.series.choices = offers({str(key): title for key, title in left})

    def admission(self) -> Admission:
        """What was typed; ask only after the form was found valid."""
        return Admission(
            needed(self.admitted_on),
            choices.id_of(self.program.data),
            choices.id_of(self.site.data),
            choices.id_of(self.counselor.data),
        )


class PauseForm(LifeForm):
    """From when until when, and what becomes of the place."""

    from_date = Day(lazy_gettext("First day of the pause"), needed=lazy_gettext("Choose the first day."))
    until_date = Day(lazy_gettext("Last day"))
    places = RadioField(
        lazy_gettext("Their places"),
        choices=offers(
            {
                Places.KEPT.value: lazy_gettext("Keep them"),
                Places.FREED.value: lazy_gettext("Let others have them"),
            }
        ),
        default=Places.KEPT.value,
    )
    begins: date | None = None
    """The first day of the stay."""

    def validate_from_date(self, field: Day) -> None:
        """Within the stay; WTForms calls this."""
        if self.begins is not None and field.data is not None and field.data < self.begins:
            first = display.month_day(self.begins)
            raise ValidationError(
                gettext("The stay begins on %(first)s. Choose that day or a later one.", first=first)
            )


class ReturnForm(LifeForm):
    """The first day on which they are expected again."""

    back_on = Day(lazy_gettext("Back on"), needed=lazy_gettext("Choose the day."))


class TransferForm(LifeForm):
    """Where to, and from when on."""

    series = OpenSeries(lazy_gettext("To"), validators=[Needed(lazy_gettext("Choose a series."))])
    from_date = Day(lazy_gettext("First day there"), needed=lazy_gettext("Choose the first day."))


class DischargeForm(LifeForm):
    """The last day, why, and whether their calendars empty themselves."""

    last_day = Day(lazy_gettext("Last day"), needed=lazy_gettext("Choose the last day."))
    reason = SelectField(
        lazy_gettext("Reason"),
        choices=offers({"": lazy_gettext("Choose"), **DISCHARGES}),
        validators=[Needed(lazy_gettext("Choose a reason."))],
    )
    empty_feeds = BooleanField(lazy_gettext("Empty their calendars"), default=True)

    def empties(self, today: date) -> bool:
        """Whether feeds are emptied: never before the last day has come."""
        return bool(self.empty_feeds.data) and needed(self.last_day) <= today
