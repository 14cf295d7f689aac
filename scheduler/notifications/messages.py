"""What a message says. All of it is neutral: it shows on locked screens and where others look on."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from functools import cache
from typing import Final

from babel.support import NullTranslations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from scheduler.config import FILES, Settings
from scheduler.domain.people.links import Purpose, token_of

PAGES: Final = {
    Purpose.INVITATION: "set-password",
    Purpose.RESET: "set-password",
    Purpose.SIGN_IN: "sign-in-link",
    Purpose.CONFIRM: "confirm-address",
}
"""Where a link for each purpose leads."""


@cache
def _pages() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(FILES / "templates" / "mail"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        keep_trailing_newline=True,
    )
    pages.install_gettext_translations(NullTranslations(), newstyle=True)  # type: ignore[attr-defined]
    return pages


def link_message(
    settings: Settings, *, purpose: Purpose, link_id: int, to: str, now: datetime
) -> EmailMessage:
    """The message that carries an invitation or a reset to the address ``to``."""
    return _message(
        settings,
        purpose,
        to,
        now,
        link=address_of(settings, link_id),
        base_url=settings.base_url,
        days=settings.invitation_days,
        minutes=settings.reset_minutes,
    )


def code_message(
    settings: Settings, *, purpose: Purpose, link_id: int, digits: str, to: str, now: datetime
) -> EmailMessage:
    """The message that carries a link and a code beside it: to sign in, or to confirm the address ``to``."""
    return _message(
        settings,
        purpose,
        to,
        now,
        link=address_of(settings, link_id, purpose),
        code=f"{digits[:3]} {digits[3:]}",
        base_url=settings.base_url,
        minutes=settings.code_minutes,
    )


def change_message(settings: Settings, *, to: str, now: datetime) -> EmailMessage:
    """What the address ``to``, which counts, is told before another one can take its place."""
    return _message(settings, "change", to, now, base_url=settings.base_url, help_line=settings.help_line)


def address_of(settings: Settings, link_id: int, purpose: Purpose = Purpose.INVITATION) -> str:
    """The address of the page that this link leads to."""
    page = PAGES[purpose]
    return f"{settings.base_url.rstrip('/')}/{page}/{token_of(settings.secret_key, link_id)}"


def _message(settings: Settings, template: str, to: str, now: datetime, **values: object) -> EmailMessage:
    """A template's first line is the subject, what follows the text."""
    subject, _, text = _pages().get_template(f"{template}.txt").render(values).partition("\n\n")
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = settings.mail_from
    message["To"] = to
    message["Date"] = format_datetime(now)
    # The library would take the name of this machine, which can tell what it is for.
    message["Message-ID"] = make_msgid(domain=settings.mail_from.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message
