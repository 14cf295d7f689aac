"""The forms of signing in and of one's own account. A password that was typed is never sent back."""

from typing import Any

from wtforms import BooleanField, EmailField, Field, HiddenField, PasswordField
from wtforms.validators import Length, ValidationError

from scheduler.domain.people.names import LONGEST, clean_email
from scheduler.domain.people.passwords import MOST
from scheduler.web.forms import Form, Line, Needed, Revision
from scheduler.web.language import gettext
from scheduler.web.language import lazy_gettext as _

TOO_LONG = _("This is too long.")


class Email(EmailField):
    """An address, folded as it is stored."""

    def __init__(self, label: str, **more: Any) -> None:
        needed = Needed(_("Type your e-mail address."))
        super().__init__(label, [needed, Length(max=254, message=TOO_LONG)], **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        self.data = clean_email(valuelist[0]) if valuelist else ""


def typed(field: Field) -> str:
    """What was typed into a text field."""
    return str(field.data or "")


def _password(label: str, needed: str) -> PasswordField:
    return PasswordField(label, [Needed(needed), Length(max=MOST, message=TOO_LONG)])


class SignInForm(Form):
    """An address and its password."""

    email = Email(_("E-mail"))
    password = _password(_("Password"), _("Type your password."))
    keep = BooleanField(_("Keep me signed in on this device"), default=True)


class SendCodeForm(Form):
    """The address that a code shall go to."""

    email = Email(_("E-mail"))
    keep = BooleanField(_("Keep me signed in on this device"), default=True)


class KeepForm(Form):
    """Whether this device stays signed in; the rest is known already."""

    keep = BooleanField(_("Keep me signed in on this device"), default=True)


class CodeForm(Form):
    """A code that was sent, shown by an app, or printed."""

    code = Line(_("Code"), longest=40, needed=_("Type the code."))


class PasskeySignInForm(KeepForm):
    """What a device answered at the door."""

    credential = HiddenField()


class PasskeyForm(Form):
    """A new passkey: what its owner calls it, and what the device answered."""

    name = Line(_("Name of this device"), longest=60, needed=_("Give it a name, like “my phone”."))
    credential = HiddenField()


class EmailForm(Form):
    """Another address of one's own."""

    email = Email(_("New e-mail"))


class PhoneForm(Form):
    """One's own phone number, or none."""

    phone = Line(_("Phone"), longest=40)


class ForgotForm(Form):
    """The address that a link shall go to."""

    email = Email(_("E-mail"))


class NewPasswordForm(Form):
    """A password to be, typed twice."""

    password = _password(_("New password"), _("Type a new password."))
    again = _password(_("The same again"), _("Type it again."))

    def validate_again(self, field: Field) -> None:
        """Refuse two that differ; WTForms calls this."""
        if field.data != self.password.data:
            raise ValidationError(gettext("The two are not the same."))


class OwnPasswordForm(NewPasswordForm):
    """A change of one's own password."""

    current = _password(_("Password now"), _("Type the password that you have now."))


class NameForm(Form):
    """One's own name."""

    name = Line(_("Name"), longest=LONGEST, needed=_("Type your name."))
    revision = Revision()
