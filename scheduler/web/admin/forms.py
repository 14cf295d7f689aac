"""The forms of the administrator's pages."""

from typing import Final

from wtforms import EmailField, Field, SelectMultipleField
from wtforms.validators import Length, ValidationError

from scheduler.domain.people.names import LONGEST
from scheduler.domain.people.roles import LIMITABLE, Role
from scheduler.web.forms import Day, Form, Line, Needed
from scheduler.web.language import gettext
from scheduler.web.language import lazy_gettext as _
from scheduler.web.offers import offers
from scheduler.web.words import ROLES

OPENS: Final = {
    Role.MEMBER: _("Sees their own week and calendar."),
    Role.TRUSTED_SERVANT: _("Counts the heads of a hosted mutual-help group, and speaks for it."),
    Role.FACILITATOR: _("Sees what they lead, and takes attendance."),
    Role.COORDINATOR: _("Plans everybody’s week."),
    Role.ADMINISTRATOR: _("Manages accounts and roles."),
    Role.REVIEWER: _("Reads the sheets of a span of days, until a date."),
}
"""What each role opens, in a sentence."""


class ReviewForm(Form):
    """A span of days that a reviewer may read, and until when."""

    span_from = Day(_("Sessions from"), needed=_("Choose the first day."))
    span_until = Day(_("Sessions until"), needed=_("Choose the last day."))
    access_until = Day(_("They may read until"), needed=_("Choose the last day."))


class AddressForm(Form):
    """The address of somebody who has none, or none that is confirmed."""

    email = EmailField(_("E-mail"), [Needed(_("Type an e-mail address.")), Length(max=254)])


class NewPersonForm(Form):
    """Somebody who gets an account by invitation."""

    name = Line(_("Name"), longest=LONGEST, needed=_("Type a name."))
    email = EmailField(
        _("E-mail"),
        [Needed(_("Type an e-mail address: the invitation goes there.")), Length(max=254)],
    )
    roles = SelectMultipleField(_("Roles"), choices=offers(ROLES), validate_choice=False)
    sites = SelectMultipleField(_("Only these sites"), choices=[], coerce=int)

    def validate_sites(self, field: Field) -> None:
        """Refuse sites where no role can be for some only; WTForms calls this."""
        if field.data and not LIMITABLE & set(self.roles.data or ()):
            raise ValidationError(gettext("These roles are always for all sites."))

    def validate_roles(self, field: Field) -> None:
        """Refuse none, and what is no role; WTForms calls this."""
        if not field.data:
            raise ValidationError(gettext("Choose at least one."))
        if not set(field.data) <= set(Role):
            raise ValidationError(gettext("Choose from the list."))
