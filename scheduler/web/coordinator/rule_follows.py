"""When a series will meet of which more than one session changes, in sentences: the rule, and the days."""

from collections.abc import Collection
from datetime import date
from typing import Final

from sqlalchemy.orm import Session as Database

from scheduler import clock
from scheduler.domain.planning.queries import days_to_come
from scheduler.domain.schedule.queries import series_view
from scheduler.web.coordinator.follows import Follow
from scheduler.web.coordinator.series import words_of
from scheduler.web.display import day_short
from scheduler.web.language import gettext, ngettext

NAMED: Final = 3
"""So many days are named, and the others counted."""


def days_of(session: Database, *series: int) -> frozenset[date]:
    """The local dates on which these series meet yet."""
    return days_to_come(session, series, now=clock.now())


def of_rule(session: Database, series_id: int, goes_on: int, before: frozenset[date]) -> tuple[Follow, ...]:
    """What the rehearsed change of a series makes of its rule and its days, which were those ``before``;
    ``goes_on`` is the series that goes on.
    """
    going = series_view(session, goes_on)
    rule = [] if going is None else [gettext("Then it meets: %(rule)s", rule=words_of(going, most=NAMED))]
    after = days_of(session, series_id, goes_on)
    new, gone = after - before, before - after
    said = [gettext("New: %(days)s.", days=_named(new))] if new else []
    said += [gettext("No more: %(days)s.", days=_named(gone))] if gone else []
    return tuple(Follow("ok", text) for text in (*rule, *said))


def _named(days: Collection[date]) -> str:
    named = [day_short(each) for each in sorted(days)]
    text, more = "; ".join(named[:NAMED]), len(named) - NAMED
    if more < 1:
        return text
    return ngettext("%(days)s; and %(num)d more", "%(days)s; and %(num)d more", more, days=text)
