"""The week: a list by day, a table by room, and a print."""

from datetime import date, timedelta
from typing import Final

from flask import render_template, request

from scheduler import clock
from scheduler.domain.people.roles import Role
from scheduler.domain.places.queries import rooms
from scheduler.domain.planning.queries import planned_between
from scheduler.domain.schedule.dates import HORIZON
from scheduler.domain.schedule.queries import is_any_planned
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.board import board_of, monday_of
from scheduler.web.coordinator.board_words import day_heads, in_words, room_lines, trouble
from scheduler.web.forms import YEARS
from scheduler.web.guard import allow, reach
from scheduler.web.language import reader_zone
from scheduler.web.words import KINDS

WEEK: Final = timedelta(weeks=1)


@blueprint.get("/week")
@allow(Role.COORDINATOR)
def week() -> str:
    """The week that ``?week=`` lies in, this one without; ``?view=rooms`` shows it by room."""
    return _page("coordinator/week.html")


@blueprint.get("/week/print")
@allow(Role.COORDINATOR)
def week_print() -> str:
    """The same week for paper, by day or by room."""
    return _page("coordinator/week_print.html")


def _page(template: str) -> str:
    monday, today, session = asked_week(), _today(), db.session()
    planned = planned_between(session, monday, within=reach().of_occurrences())
    board = board_of(monday, planned, rooms(session, within=reach().of_rooms()))
    return render_template(
        template,
        view="rooms" if request.args.get("view") == "rooms" else "list",
        board=board,
        counts=in_words(board.counts),
        rooms=room_lines(board),
        days=day_heads(board, today),
        kinds=[(kind, KINDS[kind]) for kind in board.kinds],
        trouble=trouble,
        today=today,
        now=clock.now(),
        is_new=not board.counts.sessions and not is_any_planned(session),
        is_far=monday > today + HORIZON,
        before=monday - WEEK,
        after=monday + WEEK,
    )


def _today() -> date:
    return clock.now().astimezone(reader_zone()).date()


def asked_week() -> date:
    """The Monday of the week that ``?week=`` lies in, this one without. Raises NotFound for no date."""
    text = request.args.get("week")
    if not text:
        return monday_of(_today())
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotFound from None
    if day.year not in YEARS:
        raise NotFound
    return monday_of(day)
