"""The preview of a series: the rule in words, its next dates, and what stands in their way."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from scheduler.domain.calendars.clock_changes import changes
from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.clashes import Clash
from scheduler.domain.schedule.conflicts import Holder
from scheduler.domain.schedule.dates import Meeting
from scheduler.domain.schedule.kinds import Counting
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.wall_time import is_skipped, local_of
from scheduler.web.coordinator.rule_fields import typed_words
from scheduler.web.coordinator.ways_out import Way
from scheduler.web.display import clock_range, month_day
from scheduler.web.forms import Form
from scheduler.web.language import gettext
from scheduler.web.rule_words import rule_in_words

MOST_CLASHES = 5
"""So many are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class PreviewDate:
    """One of the next dates, with a word for what stands in its way; ``instead`` is when it starts where a
    change of clock skips its hour.
    """

    day: date
    trouble: str
    instead: time | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What the page says of a plan.

    ``begins`` is the rule's first date where that is not the one typed. ``clock_change`` is the first day
    among the dates on which the clocks change. ``sentences`` name what stands in the way, ``more`` counts
    the rest; ``ways`` would end it. ``small_room`` says that there are more places than the room holds.
    ``typed`` is the rule as somebody would type it in words.
    """

    words: str
    typed: str
    begins: date | None
    starts_at: datetime
    dates: tuple[PreviewDate, ...]
    clock_change: date | None
    sentences: tuple[str, ...]
    more: int
    small_room: str
    ways: Sequence[Way] = ()


def preview_of(
    plan: Plan,
    dates: Sequence[Meeting],
    clashes: Collection[Clash],
    *,
    begins: date | None = None,
    small_room: str = "",
    ways: Sequence[Way] = (),
) -> Preview:
    """The preview of a plan with its next dates, and all that stands in its way within the horizon."""
    sentences, zone = sentences_of(clashes), zone_named(plan.timezone)
    return Preview(
        words=rule_in_words(plan.rule, plan.first_start, plan.minutes),
        typed=typed_words(plan.rule, plan.first_start),
        begins=begins,
        starts_at=plan.first_start,
        dates=tuple(
            PreviewDate(
                each.local_start.date(),
                _word([one for one in clashes if one.wanted_at == each.starts_at]),
                _instead(each, zone),
            )
            for each in dates
        ),
        clock_change=_clock_change(plan, dates),
        sentences=sentences[:MOST_CLASHES],
        more=max(0, len(sentences) - MOST_CLASHES),
        small_room=small_room,
        ways=ways,
    )


def dates_only(plan: Plan) -> Plan:
    """The plan without what its dates do not hang on, which may still be missing or wrong."""
    return replace(
        plan, title=gettext("New series"), discreet_title="", capacity=None, counting=Counting.NAMES
    )


def problems_of(form: Form) -> list[str]:
    """What is wrong with what was typed so far; what is still empty is not."""
    return [
        f"{form[name].label.text}: {errors[0]}" if name in form else errors[0]
        for name, errors in form.errors.items()
        if name not in form or any(form[name].raw_data or ())
    ]


def trouble_of(form: Form) -> list[tuple[str, str]]:
    """What stands in the way of a form that was refused for it, each with the field that would end it."""
    clashes = getattr(form.conflict, "clashes", ())
    of_room = [clash for clash in clashes if clash.holder is Holder.ROOM]
    others = [clash for clash in clashes if clash.holder is not Holder.ROOM]
    found = [(text, "room") for text in sentences_of(of_room)]
    return found + [(text, "lead") for text in sentences_of(others)]


def sentences_of(clashes: Collection[Clash]) -> tuple[str, ...]:
    """What stands in the way, each thing once however often it does."""
    things: dict[tuple[str, str, str], list[Clash]] = {}
    for clash in clashes:
        times = clock_range(clash.local_start, clash.local_end, clash.timezone)
        things.setdefault((clash.name, clash.title, times), []).append(clash)
    return tuple(
        found[0].sentence if len(found) == 1 else _often(*thing, found) for thing, found in things.items()
    )


def _often(name: str, title: str, times: str, found: Sequence[Clash]) -> str:
    told = {"name": name, "title": title, "times": times, "number": len({one.wanted for one in found})}
    since = month_day(found[0].local_start.date())
    if not title:
        return gettext("%(name)s is busy on %(number)d of the dates, from %(since)s on.", since=since, **told)
    return gettext(
        "%(name)s is taken on %(number)d of the dates, from %(since)s on: %(title)s, %(times)s.",
        since=since,
        **told,
    )


def _word(clashes: Collection[Clash]) -> str:
    if not clashes:
        return ""
    if any(clash.holder is Holder.ROOM for clash in clashes):
        return gettext("Room taken")
    return gettext("%(name)s is taken", name=next(iter(clashes)).name)


def _instead(meeting: Meeting, zone: ZoneInfo) -> time | None:
    if not is_skipped(meeting.local_start, zone):
        return None
    return local_of(meeting.starts_at, zone).time()


def _clock_change(plan: Plan, dates: Sequence[Meeting]) -> date | None:
    """The first day of a change between two of the dates."""
    zone = zone_named(plan.timezone)
    for before, after in pairwise(dates):
        if before.starts_at.astimezone(zone).utcoffset() != after.starts_at.astimezone(zone).utcoffset():
            found = changes(zone, before.starts_at.date(), after.starts_at.date() + timedelta(days=1))
            within = [change for change in found if before.starts_at < change.at <= after.starts_at]
            return local_of(within[0].at.astimezone(UTC), zone).date() if within else None
    return None
