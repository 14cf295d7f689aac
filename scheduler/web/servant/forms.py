"""The forms of those who serve a group."""

from datetime import date

from wtforms import BooleanField, SelectField

from scheduler.domain.mutual_help.queries import Settings
from scheduler.domain.people.names import LONGEST
from scheduler.domain.roster.positions import SERVICE
from scheduler.web.forms import Day, Form, Line, Revision
from scheduler.web.language import lazy_gettext as _
from scheduler.web.offers import offers
from scheduler.web.words import POSITIONS


class ServiceForm(Form):
    """Somebody takes a service position. They are named, not chosen: there is no list of who serves."""

    name = Line(_("Full name"), longest=LONGEST, needed=_("Type the full name."))
    position = SelectField(
        _("Position"), choices=offers({name: word for name, word in POSITIONS.items() if name in SERVICE})
    )
    from_date = Day(_("From"), needed=_("Choose the first day."))
    until_date = Day(_("Until"))


class ConscienceForm(Form):
    """What the group decided for itself."""

    share_headcount = BooleanField(_("The center sees our headcount"))
    proof_of_attendance = BooleanField(_("Whoever asks may have a proof of attendance"))
    revision = Revision()


def service_form(today: date) -> ServiceForm:
    """From today on."""
    return ServiceForm(prefix="service-", data={"from_date": today})


def conscience_form(settings: Settings) -> ConscienceForm:
    """Shows what was decided."""
    return ConscienceForm(
        prefix="conscience-",
        data={
            "share_headcount": settings.share_headcount,
            "proof_of_attendance": settings.proof_of_attendance,
            "revision": settings.revision,
        },
    )
