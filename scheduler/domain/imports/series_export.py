"""The series as a list with the columns that a list is read by, so that it is read again as the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session as Database

from scheduler.domain.calendars.content import content_of
from scheduler.domain.calendars.source_queries import sources_of_series
from scheduler.domain.calendars.sources import Titles, Wishes, Wording
from scheduler.domain.calendars.values import CalendarContent, Stamp
from scheduler.domain.imports.series_around import Leader, Standing
from scheduler.domain.imports.series_columns import HEADINGS, SeriesField
from scheduler.domain.imports.series_same import rule_from
from scheduler.domain.imports.series_surroundings import standing
from scheduler.domain.people.names import search_name
from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.reach import Reach
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.queries import all_series
from scheduler.domain.schedule.words import English, dates_in_words
from scheduler.store.audit import record

KIND_CELLS = {
    Kind.GROUP: "Group",
    Kind.INDIVIDUAL: "One-to-one",
    Kind.MUTUAL_HELP: "12-step",
    Kind.ASSESSMENT: "Assessment",
    Kind.FAMILY: "Family",
    Kind.SKILLS: "Skills",
    Kind.MEDICATION: "Medication",
    Kind.OTHER: "Other",
}


class _WithYears(English):
    """Every date with its year: it is read without knowing when."""

    def date(self, day: date, *, year: bool) -> str:
        return super().date(day, year=True)


@dataclass(frozen=True, slots=True)
class SeriesTable:
    """A list of series."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def export_series(
    session: Database, *, actor: Actor, kind: str, reach: Reach, today: date, now: datetime
) -> SeriesTable:
    """Every series within reach that still meets; on record as exported. ``kind`` is the kind of file."""
    found = standing(session, reach=reach, today=today, now=now)
    detail: dict[str, int | str | bool | None] = {"kind": kind, "rows": len(found)}
    record(session, at=now, actor=actor, action="series.exported", subject="plan", detail=detail)
    return SeriesTable(tuple(HEADINGS.values()), series_lines(found, today))


def export_calendar(
    session: Database, *, actor: Actor, reach: Reach, wording: Wording, today: date, now: datetime
) -> CalendarContent:
    """The same series as a calendar that begins with this week; on record as exported.

    Titles are those that who leads a series may carry around: a session about one member goes by its discreet
    title, and nobody is named. Daily dosing is left out.
    """
    begins = today - timedelta(days=today.weekday())
    found = all_series(session, now=now, within=reach.of_series())
    runs = sources_of_series(session, {each.id: each.plan.first_start.date() for each in found}, begins)
    wishes = Wishes(Titles.FULL, show_place=True, show_link=False, begins=begins)
    detail: dict[str, int | str | bool | None] = {"kind": "ics", "rows": len(found)}
    record(session, at=now, actor=actor, action="series.exported", subject="plan", detail=detail)
    return content_of(runs, wishes, wording, Stamp(sequence=0, changed_at=now))


def series_lines(series: Iterable[Standing], today: date) -> tuple[tuple[str, ...], ...]:
    """A line of cells for each, under the headings of a list."""
    listed = list(series)
    names = Counter(
        name for name, _ in {(search_name(each.name), each.id) for one in listed for each in one.leads}
    )
    return tuple(_line(each, today, names) for each in listed)


def _line(series: Standing, today: date, names: Counter[str]) -> tuple[str, ...]:
    plan, rule, first = series.plan, rule_from(series.rule, today), series.plan.first_start
    without_end = rule if rule.is_single else replace(rule, until=None)
    cells = {
        SeriesField.TITLE: plan.title,
        SeriesField.DISCREET: plan.discreet_title,
        SeriesField.KIND: KIND_CELLS[plan.kind],
        SeriesField.FELLOWSHIP: plan.fellowship or "",
        SeriesField.DAY: dates_in_words(without_end, first, _WithYears()),
        SeriesField.TIME: English().clock(first.time()),
        SeriesField.LENGTH: str(plan.minutes),
        SeriesField.SITE: series.site_name,
        SeriesField.ROOM: series.room_name,
        SeriesField.LEAD: "; ".join(_called(each, names) for each in series.leads),
        SeriesField.PLACES: str(plan.capacity or ""),
        SeriesField.FROM: first.date().isoformat(),
        SeriesField.UNTIL: rule.until.isoformat() if rule.until else "",
        SeriesField.CLOSED: "Yes" if plan.closed else "No",
        SeriesField.COUNTING: plan.counting.value.capitalize(),
        SeriesField.LEAST_PEOPLE: str(plan.counts.least_people or ""),
        SeriesField.MOST_PEOPLE: str(plan.counts.most_people or ""),
        SeriesField.LEAST_MINUTES: str(plan.counts.least_minutes or ""),
        SeriesField.MOST_MINUTES: str(plan.counts.most_minutes or ""),
        SeriesField.CHECK_IN: "Yes" if plan.check_in else "No",
    }
    return tuple(cells[field] for field in HEADINGS)


def _called(leader: Leader, names: Counter[str]) -> str:
    """By the name, or by the address where two have that name."""
    return leader.email if names[search_name(leader.name)] > 1 and leader.email else leader.name
