"""Every calendar that any test makes, wherever and by whatever way, is held against the profile.

What is served is made by one function. It stands wrapped here for the whole run; what it wrote against the
profile fails the test that had it written, also where the serving of feeds would swallow the error.
"""

import sys

from scheduler.formats import ics
from tests.calendars.lint import lint

bare = ics.calendar_bytes
breaches: list[str] = []
"""What was found wrong since the last look."""
looked_at = 0


def _linted(content: ics.CalendarContent) -> bytes:
    global looked_at  # noqa: PLW0603 -- one run, one count
    body = bare(content)
    looked_at += 1
    try:
        lint(body)
    except (AssertionError, KeyError, ValueError) as wrong:
        breaches.append(f"{type(wrong).__name__}: {wrong}\n{body.decode(errors='replace')}")
    return body


def watch() -> None:
    """Put the wrapped function in the place of the bare one, in each module that took it already as well."""
    for module in list(sys.modules.values()):
        if getattr(module, "calendar_bytes", None) is bare:
            module.calendar_bytes = _linted  # type: ignore[attr-defined]
