"""Every calendar that any test makes, wherever and by whatever way, is held against the profile.

What is served is made by one function. It stands wrapped here for the whole run; what it wrote against the
profile fails the test that had it written, also where the serving of feeds would swallow the error.
"""

import sys

from scheduler.formats import ics
from tests.calendars.lint import lint

_written = ics.written
breaches: list[str] = []
"""What was found wrong since the last look."""
looked_at = 0


def _linted(content: ics.CalendarContent) -> ics.Written:
    global looked_at  # noqa: PLW0603 -- one run, one count
    calendar = _written(content)
    looked_at += 1
    try:
        lint(calendar.body)
    except (AssertionError, KeyError, ValueError) as wrong:
        breaches.append(f"{type(wrong).__name__}: {wrong}\n{calendar.body.decode(errors='replace')}")
    return calendar


def watch() -> None:
    """Put the wrapped function in the place of the bare one, in each module that took it already as well."""
    for module in list(sys.modules.values()):
        for name in [name for name, value in vars(module).items() if value is _written]:
            if module.__name__ != __name__:
                setattr(module, name, _linted)


def bare(content: ics.CalendarContent) -> bytes:
    """A calendar at which nobody looks."""
    return _written(content).body
