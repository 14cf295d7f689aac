"""My week: the next session first, then seven days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import abort, render_template, request

from scheduler import clock
from scheduler.domain.attendance.absences import absences_of
from scheduler.domain.attendance.queries import attendance_of
from scheduler.domain.attendance.statuses import Status
from scheduler.domain.enrollment.week import Attended, occurrences_of_member, week_of_member
from scheduler.domain.people.roles import Role
from scheduler.domain.stays.queries import hold_on
from scheduler.extensions import db
from scheduler.web import guard
from scheduler.web.calendar_pages import last_look
from scheduler.web.display import weekday_short
from scheduler.web.language import gettext, ngettext, reader_zone
from scheduler.web.member.blueprint import blueprint
from scheduler.web.words import EXCUSES

A_WEEK = timedelta(days=7)
AHEAD = timedelta(weeks=26)
"""As far as occurrences are made."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the week: its window, and what stands in it. ``sessions`` counts what takes place."""

    date: date
    href: str
    weekday: str
    number: int
    sessions: int
    cancelled: int
    past: bool
    today: bool
    label: str
    found: tuple[Attended, ...]


@blueprint.get("/week")
@guard.allow(Role.MEMBER)
def week() -> str:
    """The week of ``?week=`` (any of its days), by default the present one on the reader's clock."""
    now = clock.now()
    today = now.astimezone(reader_zone()).date()
    monday = monday_of(_asked() or today)
    person_id = guard.actor().person_id or 0
    found = week_of_member(db.session(), person_id, monday)
    coming = next((one for one in found if is_to_come(one, now)), None)
    is_present = monday == monday_of(today)
    if coming is None and (is_present or not found):
        coming = next((one for one in _between(person_id, now, now + AHEAD) if is_to_come(one, now)), None)
    shown = (*found, coming) if coming and is_present else found
    to_come = {one.occurrence_id for one in shown if one.takes_place and one.starts_at > now}
    over = [one.occurrence_id for one in found if one.ends_at <= now]
    return render_template(
        "member/week.html",
        now=now,
        monday=monday,
        before=monday - A_WEEK,
        after=monday + A_WEEK,
        is_present=is_present,
        days=days_of(monday, found, today),
        coming=coming,
        absences=absences_of(db.session(), person_id, to_come, now=now) if to_come else {},
        excuses=EXCUSES,
        looked=last_look(),
        paused=hold_on(db.session(), person_id, today) if is_present and not found else None,
        attendance=attendance_words(attendance_of(db.session(), person_id, over)) if over else {},
    )


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def is_to_come(one: Attended, now: datetime) -> bool:
    """Whether somebody can still go there."""
    return one.takes_place and not one.not_met and one.ends_at > now


def days_of(monday: date, found: Iterable[Attended], today: date) -> tuple[Day, ...]:
    """Seven days with what stands in each, by its own clock."""
    given = list(found)
    dates = [monday + timedelta(days=number) for number in range(7)]
    return tuple(
        _day(each, [one for one in given if one.local_start.date() == each], today) for each in dates
    )


def attendance_words(marks: Mapping[int, Status]) -> dict[int, tuple[str, bool]]:
    """What is said of a session that is over, and whether the member was there. Nothing scolds."""
    words = {Status.EXCUSED: gettext("Excused"), Status.ABSENT: gettext("You missed it")}
    there = gettext("You were there")
    return {occurrence: (words.get(mark, there), mark not in words) for occurrence, mark in marks.items()}


def _asked() -> date | None:
    text = request.args.get("week", "")
    if not text:
        return None
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        abort(404)
    return asked if 2000 < asked.year < 2100 else abort(404)


def _between(person_id: int, begin: datetime, end: datetime) -> tuple[Attended, ...]:
    return occurrences_of_member(db.session(), person_id, begin, end)


def _day(day: date, found: list[Attended], today: date) -> Day:
    sessions = sum(one.takes_place for one in found)
    return Day(
        date=day,
        href=f"#d{day.day}" if found else "#main",
        weekday=weekday_short(day),
        number=day.day,
        sessions=sessions,
        cancelled=len(found) - sessions,
        past=day < today,
        today=day == today,
        label=_label(sessions, len(found) - sessions, (day - today).days),
        found=tuple(found),
    )


def _label(sessions: int, cancelled: int, away: int) -> str:
    """A window for those who hear it: "today, 2 sessions"."""
    said = [gettext("today")] if away == 0 else []
    if sessions:
        said.append(ngettext("%(num)d session", "%(num)d sessions", sessions))
    if cancelled:
        said.append(ngettext("%(num)d cancelled", "%(num)d cancelled", cancelled))
    if not sessions and not cancelled:
        said.append(gettext("nothing"))
    elif away < 0:
        said.append(gettext("over"))
    return ", ".join(said)
