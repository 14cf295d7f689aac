"""What a coordinator says about a series, and whether it makes sense. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scheduler.domain.people.names import clean
from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.counts import NO_LIMITS, Counts, wrong_counts
from scheduler.domain.schedule.discretion import telling_word
from scheduler.domain.schedule.exceptions import Standing, excepted
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.recurrence import FURTHEST_AHEAD, SINGLE, Rule, first_start
from scheduler.domain.schedule.wall_time import instant_of, require_existing
from scheduler.errors import Invalid

LONGEST_TITLE = 120
LONGEST_MINUTES = 24 * 60
FURTHEST_BACK = timedelta(days=183)


@dataclass(frozen=True, slots=True)
class Plan:
    """A series as it is typed.

    `first_start` is a naive wall time in `timezone`: the rule's own first date is the first on or after it.
    `minutes` is the elapsed length. No `capacity`: no limit. `fellowship` belongs to mutual help only,
    `counts` to what is counted in clinical minutes. `check_in`: members come in by themselves, by a code at
    the door.
    """

    kind: Kind
    title: str
    first_start: datetime
    minutes: int
    timezone: str
    rule: Rule = SINGLE
    discreet_title: str = ""
    room_id: int | None = None
    capacity: int | None = None
    counting: Counting = Counting.NAMES
    closed: bool = False
    fellowship: str | None = None
    counts: Counts = NO_LIMITS
    check_in: bool = False

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)


def checked(plan: Plan, *, now: datetime, standing: Standing | None = None) -> Plan:
    """The plan with clean texts and the rule's own first date, where one is `standing` of a series that has
    not met yet. Raises Invalid with every field that is wrong.

    A first date lies at most half a year back (a center begins with what already runs) and two years ahead.
    """
    plan = cleaned(plan)
    wrong = _wrong(plan)
    try:
        plan = replace(plan, first_start=_first(plan, now))
    except Invalid as error:
        wrong |= error.fields
    if wrong:
        raise Invalid.many(wrong)
    return with_exceptions(plan, standing)


def checked_words(plan: Plan) -> Plan:
    """The same for a plan whose first date is past, or is looked at elsewhere."""
    plan = cleaned(plan)
    wrong = _wrong(plan)
    try:
        zone_named(plan.timezone)
    except Invalid as error:
        wrong |= error.fields
    if wrong:
        raise Invalid.many(wrong)
    return plan


def cleaned(plan: Plan) -> Plan:
    return replace(plan, title=clean(plan.title), discreet_title=clean(plan.discreet_title))


def _wrong(plan: Plan) -> dict[str, str]:
    return {**_wrong_texts(plan), **_wrong_numbers(plan)}


def _first(plan: Plan, now: datetime) -> datetime:
    zone = zone_named(plan.timezone)
    year = plan.first_start.year  # looked at first: no instant is made of the first and the last years
    if year < now.year - 1 or (
        year < now.year + 4 and instant_of(plan.first_start, zone) < now - FURTHEST_BACK
    ):
        raise Invalid("This day is long past. A series begins at most half a year back.", field="first_start")
    if year >= now.year + 4 or instant_of(plan.first_start, zone) > now + FURTHEST_AHEAD:
        raise Invalid("This day is too far away. A series begins within two years.", field="first_start")
    require_existing(plan.first_start, zone, field="first_start")
    return first_start(plan.rule, plan.first_start)


def with_exceptions(plan: Plan, standing: Standing | None = None) -> Plan:
    """The plan, whose zone and first date are looked at already, with the added and skipped dates that say
    something, and those of the `standing` series that are past. Raises Invalid as `excepted` does.
    """
    zone = zone_named(plan.timezone)
    return replace(plan, rule=excepted(plan.rule, plan.first_start, zone, standing))


def _wrong_texts(plan: Plan) -> dict[str, str]:
    wrong = {}
    if not plan.title:
        wrong["title"] = "Give it a title."
    elif len(plan.title) > LONGEST_TITLE:
        wrong["title"] = f"A title has at most {LONGEST_TITLE} letters."
    if len(plan.discreet_title) > LONGEST_TITLE:
        wrong["discreet_title"] = f"A title has at most {LONGEST_TITLE} letters."
    elif word := telling_word(plan.discreet_title):
        wrong["discreet_title"] = f"“{word}” gives away what this is. Choose another title."
    if plan.fellowship is not None and plan.kind is not Kind.MUTUAL_HELP:
        wrong["fellowship"] = "Only mutual help has a fellowship."
    return wrong


def _wrong_numbers(plan: Plan) -> dict[str, str]:
    wrong = {}
    if not 1 <= plan.minutes <= LONGEST_MINUTES:
        wrong["minutes"] = f"A session takes from 1 to {LONGEST_MINUTES} minutes."
    if plan.capacity is not None and not 1 <= plan.capacity <= 10_000:
        wrong["capacity"] = "The number of places is from 1 to 10000."
    if plan.kind is Kind.MUTUAL_HELP and plan.counting is Counting.MINUTES:
        wrong["counting"] = "Mutual help never counts as clinical minutes."
    if plan.counts != NO_LIMITS and plan.counting is not Counting.MINUTES:
        wrong["counting"] = "Only clinical minutes have least and most that count."
    if plan.check_in and not may_check_in(plan.kind, plan.counting):
        wrong["check_in"] = "Nobody comes in by themselves where heads are counted, and at mutual help."
    return wrong | wrong_counts(plan.counts)


def may_check_in(kind: Kind, counting: Counting) -> bool:
    """Whether a series may let members come in by themselves: names are taken, and no fellowship meets."""
    return counting is not Counting.HEADS and kind is not Kind.MUTUAL_HELP
