"""What a row says otherwise of a series that is here. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from scheduler.domain.imports.judging import Change
from scheduler.domain.imports.series_around import Standing, plainly
from scheduler.domain.imports.series_columns import SeriesField
from scheduler.domain.imports.series_drafts import SeriesDraft
from scheduler.domain.schedule.recurrence import Rule, first_start
from scheduler.domain.schedule.words import English, dates_in_words
from scheduler.errors import Invalid

_NO: Final = "none"


def differences(draft: SeriesDraft, here: Standing, today: date) -> Iterator[Change]:
    """Each value that differs, of those that the row says; title, days, time and place are alike already."""
    plan = here.plan
    if draft.discreet_title and draft.discreet_title != plan.discreet_title:
        yield Change(SeriesField.DISCREET, plan.discreet_title or _NO, draft.discreet_title)
    for field, wanted, stands in (
        (SeriesField.KIND, draft.kind, plan.kind),
        (SeriesField.FELLOWSHIP, draft.fellowship, plan.fellowship),
        (SeriesField.LENGTH, draft.minutes, plan.minutes),
        (SeriesField.PLACES, draft.places, plan.capacity),
        (SeriesField.COUNTING, draft.counting, plan.counting),
        (SeriesField.LEAST_PEOPLE, draft.counts.least_people, plan.counts.least_people),
        (SeriesField.MOST_PEOPLE, draft.counts.most_people, plan.counts.most_people),
        (SeriesField.LEAST_MINUTES, draft.counts.least_minutes, plan.counts.least_minutes),
        (SeriesField.MOST_MINUTES, draft.counts.most_minutes, plan.counts.most_minutes),
    ):
        if wanted is not None and wanted != stands:
            yield Change(field, str(stands or _NO), str(wanted))
    for field, chosen, is_so in (
        (SeriesField.CLOSED, draft.closed, plan.closed),
        (SeriesField.CHECK_IN, draft.check_in, plan.check_in),
    ):
        if chosen is not None and chosen != is_so:
            yield Change(field, "yes" if is_so else "no", "yes" if chosen else "no")
    if draft.leads and not _are_led_alike(draft, here):
        names = "; ".join(each.short_name for each in here.leads)
        yield Change(SeriesField.LEAD, names or _NO, "; ".join(draft.leads))
    yield from _differences_of_dates(draft, here, today)


def rule_from(rule: Rule, today: date) -> Rule:
    """The rule with only those of its added and skipped dates that are still to come."""
    return rule.excepting(first=today)


def _differences_of_dates(draft: SeriesDraft, here: Standing, today: date) -> Iterator[Change]:
    first, rule = here.plan.first_start, draft.rule
    if rule is None or rule.is_single:
        return
    wanted, stands = (plainly(rule_from(each, today)) for each in (rule, here.rule))
    if not (rule.added or rule.skipped):
        stands = stands.bare  # the row says nothing of single dates
    if wanted != stands:
        yield Change(
            SeriesField.DAY,
            dates_in_words(stands, first, English()),
            dates_in_words(wanted, first, English()),
        )
    if draft.from_date is not None and first not in _firsts(rule, draft.first(today)):
        yield Change(SeriesField.FROM, first.date().isoformat(), draft.from_date.isoformat())


def _firsts(rule: Rule, typed: datetime) -> Iterator[datetime]:
    """The date that is typed, and the rule's own first one."""
    yield typed
    try:
        yield first_start(rule, typed)
    except Invalid:
        return


def _are_led_alike(draft: SeriesDraft, here: Standing) -> bool:
    """Do the names mean these leaders, each once?"""
    missing = list(here.leads)
    for text in draft.leads:
        found = next((each for each in missing if each.is_called(text)), None)
        if found is None:
            return False
        missing.remove(found)
    return not missing
