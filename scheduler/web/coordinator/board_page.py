"""The board: the plan drawn by room, by who leads or by site, and the day as a list."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import msgspec
from flask import Response, current_app, render_template, request

from scheduler import clock
from scheduler.domain.people.finding import Found, holders_of
from scheduler.domain.people.roles import Role
from scheduler.domain.places.queries import RoomView, rooms, sites_of
from scheduler.domain.planning.board import standing_between
from scheduler.domain.planning.doubled import double_bookings
from scheduler.domain.planning.holiday_list import holiday_names
from scheduler.domain.planning.queries import planned_between
from scheduler.domain.schedule.dates import HORIZON
from scheduler.domain.schedule.queries import is_any_planned
from scheduler.extensions import db
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.board import board_of
from scheduler.web.coordinator.board_address import Asked, By, Span, asked_of
from scheduler.web.coordinator.board_words import filters, heading, in_use, in_words, words
from scheduler.web.guard import allow, reach
from scheduler.web.language import gettext, lazy_gettext, reader_zone
from scheduler.web.words import KINDS

SPANS: Final = {
    Span.DAY: lazy_gettext("Day"),
    Span.WEEK: lazy_gettext("Week"),
    Span.MONTH: lazy_gettext("Month"),
}
BYS: Final = {
    By.ROOMS: lazy_gettext("Rooms"),
    By.PEOPLE: lazy_gettext("Facilitators"),
    By.SITES: lazy_gettext("Sites"),
}
A_DAY: Final = 3
"""So many sessions of each day are drawn in a month."""
Column = tuple[int, str, str, int]
NOWHERE: Final = 0
"""The id of the column for what has no room, no site, or nobody who leads."""


@blueprint.get("/board")
@allow(Role.COORDINATOR)
def board() -> str:
    """The board, and the day that it stands on as a list for a phone and without scripts."""
    session, asked = db.session(), asked_here()
    places = rooms(session, within=reach().of_rooms())
    houses = sites_of(places)
    people = holders_of(session, Role.FACILITATOR, sight=reach().of_people())
    seen = asked.shown.within(reach())
    planned = planned_between(session, asked.day, 1, within=seen)
    day = board_of(asked.day, planned, double_bookings(session, planned, within=seen), days=1)
    return render_template(
        "coordinator/board.html",
        asked=asked,
        heading=heading(asked),
        today=today(),
        holidays=_holidays(asked),
        a_day=replace(asked, span=Span.DAY).address(),
        board=day,
        counts=in_words(day.counts),
        kind_words=KINDS,
        spans=[
            (word, replace(asked, span=span).address(), span is asked.span) for span, word in SPANS.items()
        ],
        bys=[(word, replace(asked, by=by).address(), by is asked.by) for by, word in BYS.items()],
        filters=[*filters(asked.shown, houses, people), *in_use(asked)],
        columns=columns(asked, places, houses, people),
        rooms=[(room.id, room.site_id or NOWHERE, room.name) for room in places],
        now=clock.now().astimezone(reader_zone()).strftime("%Y-%m-%dT%H:%M"),
        words=words(),
        is_new=not planned and (not places or not is_any_planned(session)),
        is_far=asked.day > today() + HORIZON,
    )


@blueprint.get("/board/data")
@allow(Role.COORDINATOR)
def board_data() -> Response:
    """What stands in the span of the same address, as JSON: ``planning.board.Standing`` tells the rows."""
    asked = asked_here()
    standing = standing_between(
        db.session(),
        asked.first,
        asked.days,
        reach=reach(),
        shown=asked.shown,
        reader_zone=current_app.extensions["settings"].timezone,
        most=A_DAY if asked.span is Span.MONTH else None,
    )
    return Response(msgspec.json.encode(standing), mimetype="application/json")


def asked_here() -> Asked:
    """What the address of this request asks for."""
    return asked_of(request.args, today())


def _holidays(asked: Asked) -> dict[str, str]:
    """By date, as the drawing compares it."""
    found = holiday_names(db.session(), asked.first, asked.days)
    return {day.isoformat(): name for day, name in found.items()}


def today() -> date:
    """The reader's."""
    return clock.now().astimezone(reader_zone()).date()


def columns(
    asked: Asked, places: Sequence[RoomView], houses: Mapping[int, str], people: Sequence[Found]
) -> list[Column]:
    """What the board is cut by: id, name, what is to be known of it, and its site (0: none)."""
    if asked.span is Span.MONTH:
        return []
    if asked.by is By.ROOMS:
        found = [(room.id, *_room_words(room), room.site_id or NOWHERE) for room in places]
        return _at_site(asked, [*found, (NOWHERE, gettext("No room"), "", NOWHERE)])
    if asked.by is By.SITES:
        found = [(number, name, "", number) for number, name in houses.items()]
        return _at_site(asked, [*found, (NOWHERE, gettext("Online, or no room"), "", NOWHERE)])
    return [
        (NOWHERE, gettext("No lead"), "", NOWHERE),
        *((person.id, person.short_name, "", NOWHERE) for person in people),
    ]


def _at_site(asked: Asked, found: list[Column]) -> list[Column]:
    """Those of the site that it is narrowed to; what has no room is at none."""
    wanted = asked.shown.site_id
    return [each for each in found if wanted is None or each[3] == wanted]


def _room_words(room: RoomView) -> tuple[str, str]:
    holds = gettext("holds %(places)d", places=room.capacity) if room.capacity else ""
    return room.full_name, holds
