"""Which calendar program fetches a feed, told by its User-Agent, and how often such a program looks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Program:
    """`key` is stored; `name` is a proper name (empty: nobody we know); `hours` between two looks, as it is
    known.
    """

    key: str
    name: str
    hours: float | None


UNKNOWN = Program("other", "", None)
# In this order: some name others as well, to be let in.
_KNOWN = (
    ("google-calendar", Program("google", "Google Calendar", 24)),
    ("googlebot", Program("google", "Google Calendar", 24)),
    ("thunderbird", Program("thunderbird", "Thunderbird", 0.5)),
    ("icsx5", Program("icsx5", "ICSx⁵", None)),
    ("vdirsyncer", Program("vdirsyncer", "vdirsyncer", None)),
    ("nextcloud", Program("nextcloud", "Nextcloud", None)),
    ("microsoft", Program("outlook", "Outlook", 3)),
    ("outlook", Program("outlook", "Outlook", 3)),
    ("exchange", Program("outlook", "Outlook", 3)),
    ("homeassistant", Program("home_assistant", "Home Assistant", None)),
    ("dataaccessd", Program("apple", "Apple Calendar", None)),
    ("calendaragent", Program("apple", "Apple Calendar", None)),
    ("ios/", Program("apple", "Apple Calendar", None)),
    ("macos/", Program("apple", "Apple Calendar", None)),
)
APPLE, GOOGLE, OUTLOOK, THUNDERBIRD, ICSX5 = (
    next(program for _, program in _KNOWN if program.key == key)
    for key in ("apple", "google", "outlook", "thunderbird", "icsx5")
)
_BY_KEY = {program.key: program for _, program in _KNOWN}


def program_of(user_agent: str) -> Program:
    """The program that calls itself so."""
    said = user_agent.lower()
    return next((program for sign, program in _KNOWN if sign in said), UNKNOWN)


def program_named(key: str) -> Program:
    """The program with this stored key."""
    return _BY_KEY.get(key, UNKNOWN)
