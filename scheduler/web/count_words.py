"""What of a session counts, and that one is beside it, in words."""

from __future__ import annotations

from scheduler.domain.schedule.counts import Counts, Off
from scheduler.web.language import gettext, ngettext


def counts_in_words(counts: Counts) -> list[str]:
    """ "2 to 12 people", "At least 50 minutes"; a line for each that has a limit."""
    people = _range(counts.least_people, counts.most_people)
    minutes = _range(counts.least_minutes, counts.most_minutes)
    return [
        *([gettext("%(range)s people", range=people)] if people else []),
        *([gettext("%(range)s minutes", range=minutes)] if minutes else []),
    ]


def people_off(counts: Counts, off: Off | None, here: int | str) -> str:
    """ "13 here; at most 12 count"; empty where so many count."""
    if off is Off.TOO_MANY:
        return gettext("%(here)s here; at most %(most)s count.", here=here, most=counts.most_people)
    if off is Off.TOO_FEW:
        return gettext("%(here)s here; it counts from %(least)s on.", here=here, least=counts.least_people)
    return ""


def minutes_off(counts: Counts, minutes: int) -> str:
    """ "45 minutes; at least 50 count"; empty where so many count."""
    off = counts.of_minutes(minutes)
    said = ngettext("%(num)d minute", "%(num)d minutes", minutes)
    if off is Off.TOO_MANY:
        return gettext("%(minutes)s; at most %(most)s count.", minutes=said, most=counts.most_minutes)
    if off is Off.TOO_FEW:
        return gettext("%(minutes)s; it counts from %(least)s on.", minutes=said, least=counts.least_minutes)
    return ""


def _range(least: int | None, most: int | None) -> str:
    if least is not None and most is not None:
        return gettext("%(least)s to %(most)s", least=least, most=most)
    if most is not None:
        return gettext("At most %(most)s", most=most)
    return "" if least is None else gettext("At least %(least)s", least=least)
