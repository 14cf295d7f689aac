"""What messages say, whole: nothing in them tells what kind of place sends them."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from scheduler.config import Settings, load
from scheduler.domain.people.links import Purpose, id_of
from scheduler.notifications.messages import link_message

KEY = "k3J-vQ8xw_Zr5tY2uI9oP7aS4dF6gH1j"
TELLING = re.compile(
    r"recovery|rehab|addict|aftercare|treatment|\bNA\b|\bAA\b|clinic|group|Lindenfield", re.IGNORECASE
)

INVITATION = """\
Hello,

an account was made for you at https://my.example.org. Set your password here:

https://my.example.org/set-password/[token]

The link works once, for 7 days.
After that, ask for a new one: https://my.example.org/forgot

You did not expect this message? Then there is nothing to do.
"""
RESET = """\
Hello,

somebody asked for a new password at https://my.example.org. Set it here:

https://my.example.org/set-password/[token]

The link works once, for 60 minutes.

It was not you? Then there is nothing to do: the old password still works.
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(
        {
            "instance_path": str(tmp_path),
            "secret_key": KEY,
            "base_url": "https://my.example.org",
            "mail_from": "calendar@example.org",
        },
        {},
    )


@pytest.mark.parametrize(
    ("purpose", "subject", "text"),
    [
        (Purpose.INVITATION, "Your link to sign in", INVITATION),
        (Purpose.RESET, "Your new password", RESET),
    ],
)
def test_a_message_with_a_link(
    settings: Settings, now: datetime, purpose: Purpose, subject: str, text: str
) -> None:
    message = link_message(settings, purpose=purpose, link_id=7, to="renee@example.org", now=now)
    body = message.get_content()
    token = re.search(r"set-password/(\S+)", body)
    assert token is not None
    assert id_of(KEY, token[1]) == 7
    assert body.replace(token[1], "[token]") == text
    assert (message["Subject"], message["To"], message["From"]) == (
        subject,
        "renee@example.org",
        "calendar@example.org",
    )
    assert message["Date"] == "Wed, 15 Jul 2026 20:00:00 +0000"
    assert message["Message-ID"].endswith("@example.org>")
    assert message["Auto-Submitted"] == "auto-generated"
    assert TELLING.search(message.as_string()) is None


def test_one_day_is_one_day(tmp_path: Path, now: datetime) -> None:
    given = load({"instance_path": str(tmp_path), "invitation_days": 1, "reset_minutes": 1}, {})
    said = [
        link_message(given, purpose=purpose, link_id=1, to="a@example.org", now=now).get_content()
        for purpose in (Purpose.INVITATION, Purpose.RESET)
    ]
    assert ["for one day." in said[0], "for one minute." in said[1]] == [True, True]
