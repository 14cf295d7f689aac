"""Handing a message on: to a mail server, or as a file into a folder while there is none."""

import os
import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

from scheduler.config import Settings

HERE = frozenset({"localhost", "127.0.0.1", "::1"})
"""Where a password may go unencrypted: it does not leave this machine."""

PATIENCE = 20
"""Seconds that a mail server may take for each answer."""


class NotDelivered(Exception):
    """The message is still ours. The text names no address: it is kept, and shown to administrators."""


def file_name(at: datetime, *, task_id: int, person_id: int) -> str:
    """What a message's file is called: when, by which task, and whom for, so that theirs can be found."""
    return f"{at:%Y%m%d-%H%M%S}-{task_id}-p{person_id}"


def forget(settings: Settings, *, person_id: int) -> int:
    """Remove the message files of a person, half written ones too; answers how many there were."""
    files = [
        *settings.mail_folder.glob(f"*-p{person_id}.eml"),
        *settings.mail_folder.glob(f".*-p{person_id}"),
    ]
    for file in files:
        file.unlink(missing_ok=True)
    return len(files)


def deliver(message: EmailMessage, settings: Settings, *, name: str) -> None:
    """Hand ``message`` on; ``name`` is its file's, where it becomes one. Raises :class:`NotDelivered`."""
    try:
        if settings.mail_url:
            _by_server(message, urlsplit(settings.mail_url))
        else:
            _into_folder(message, settings, name)
    except smtplib.SMTPResponseException as error:
        raise NotDelivered(f"the mail server answered {error.smtp_code}") from None
    except (smtplib.SMTPException, OSError) as error:
        raise NotDelivered(f"the message was not taken: {type(error).__name__}") from None


def _by_server(message: EmailMessage, server: SplitResult) -> None:
    host, safe = server.hostname or "localhost", ssl.create_default_context()
    connection: smtplib.SMTP
    if server.scheme == "smtps":
        connection = smtplib.SMTP_SSL(host, server.port or 465, timeout=PATIENCE, context=safe)
    else:
        connection = smtplib.SMTP(host, server.port or 587, timeout=PATIENCE)
    with connection:
        connection.ehlo_or_helo_if_needed()
        if server.scheme == "smtp" and connection.has_extn("starttls"):
            connection.starttls(context=safe)
        elif server.scheme == "smtp" and server.username and host not in HERE:
            raise NotDelivered("the mail server would have the password unencrypted")
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
        connection.send_message(message)


def _into_folder(message: EmailMessage, settings: Settings, name: str) -> None:
    settings.mail_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = settings.mail_folder / f".{name}"
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(message.as_bytes())
    half.rename(settings.mail_folder / f"{name}.eml")
