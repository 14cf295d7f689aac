"""The week as a list by day, narrowed as the board is, and for paper."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Response, render_template, request

from scheduler import clock
from scheduler.domain.people.finding import holders_of
from scheduler.domain.people.roles import Role
from scheduler.domain.places.queries import RoomView, rooms, sites_of
from scheduler.domain.planning.doubled import double_bookings
from scheduler.domain.planning.planned import Planned
from scheduler.domain.planning.queries import planned_between
from scheduler.domain.schedule.dates import HORIZON
from scheduler.domain.schedule.kinds import Counting
from scheduler.domain.schedule.queries import is_any_planned
from scheduler.extensions import db
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.board import board_of, monday_of
from scheduler.web.coordinator.board_address import Asked, Span, day_of, shown_of
from scheduler.web.coordinator.board_page import today
from scheduler.web.coordinator.board_words import day_heads, filters, in_words, room_lines, trouble
from scheduler.web.coordinator.sheets import owed_here
from scheduler.web.guard import allow, reach
from scheduler.web.paper import paper_file


@blueprint.get("/week")
@allow(Role.COORDINATOR)
def week() -> str:
    """The week that ``?week=`` lies in, this one without, narrowed by ``?site=``, ``?kind=``, ``?who=``."""
    session = db.session()
    places = rooms(session, within=reach().of_rooms())
    people = holders_of(session, Role.FACILITATOR, sight=reach().of_people())
    return _page(
        "coordinator/week.html",
        places,
        filters=filters(shown_of(request.args), sites_of(places), people),
        owed=len(owed_here()),
    )


@blueprint.get("/week/print")
@allow(Role.COORDINATOR)
def week_print() -> str:
    """The same week for paper, by day or with ``?view=rooms`` by room."""
    view = "rooms" if request.args.get("view") == "rooms" else "list"
    places = rooms(db.session(), within=reach().of_rooms())
    return _page("coordinator/week_print.html", places, view=view, trouble=trouble)


@blueprint.get("/week/paper")
@allow(Role.COORDINATOR)
def week_paper() -> Response:
    """The sign-in sheets of the week, as many as it is narrowed to."""
    seen = shown_of(request.args).within(reach())
    planned = planned_between(db.session(), asked_week(), within=seen)
    return paper_file([each.id for each in planned if _has_paper(each)])


def _has_paper(one: Planned) -> bool:
    return one.takes_place and one.counting is not Counting.HEADS


def _page(template: str, places: Sequence[RoomView], **more: Any) -> str:
    monday, session = asked_week(), db.session()
    asked = Asked(monday, Span.WEEK, shown=shown_of(request.args))
    seen = asked.shown.within(reach())
    planned = planned_between(session, monday, within=seen)
    twice = double_bookings(session, planned, within=seen)
    board = board_of(monday, planned, twice, places)
    return render_template(
        template,
        asked=asked,
        board=board,
        counts=in_words(board.counts),
        rooms=room_lines(board),
        days=day_heads(board, today()),
        today=today(),
        has_paper=any(map(_has_paper, planned)),
        now=clock.now(),
        is_new=not board.counts.sessions and not is_any_planned(session),
        is_far=monday > today() + HORIZON,
        **more,
    )


def asked_week() -> date:
    """The Monday of the week that ``?week=`` lies in, this one without. Raises NotFound for no date."""
    return monday_of(day_of(request.args.get("week"), today()))
