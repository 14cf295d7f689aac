"""Mutual-help meetings by day: the same page for everybody, but for a member’s own buttons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from flask import render_template, request

from scheduler import clock
from scheduler.domain.mutual_help.fellowships import FELLOWSHIPS, short_name_of
from scheduler.domain.mutual_help.finding import Wish, at_most, by_day, is_open, is_step_free
from scheduler.domain.mutual_help.queries import Listed, chosen_meetings, listed_fellowships, listed_meetings
from scheduler.domain.mutual_help.types import SHOWN_BY_SIGNS, type_name
from scheduler.domain.people.roles import Role
from scheduler.domain.planning.choosing import MOST_CHOSEN
from scheduler.extensions import db
from scheduler.web import guard
from scheduler.web.language import reader_zone
from scheduler.web.public.blueprint import blueprint

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_SEARCH: Final = 100
FILTERS: Final = frozenset({"fellowship", "q", "online", "open", "step_free"})
ALL_DAYS: Final = "all"
MOST_SHOWN: Final = 300
"""A page of more is too heavy for a cheap phone; whoever looks for one can name a day or a town."""


@blueprint.get("/meetings")
@guard.public
def meetings() -> str:
    """The meetings of a day, or of the next seven, today first.

    ``day`` is mon … sun, today or all (today where only the page is asked for, all where something is looked
    for), ``fellowship`` a code, ``q`` words to find; ``online``, ``open`` and ``step_free`` are ticks. What
    makes no sense is not asked for.
    """
    session, today = db.session(), clock.now().astimezone(reader_zone()).date()
    fellowship = request.args.get("fellowship", "")
    fellowship = fellowship if fellowship in FELLOWSHIPS else ""
    wish = wish_of(request.args, today)
    member = guard.actor().person_id if guard.actor().has(Role.MEMBER) else None
    chosen = chosen_meetings(session, person_id=member) if member else frozenset()
    found = by_day(listed_meetings(session, on=today, fellowship=fellowship), wish, today=today)
    days = at_most(found, MOST_SHOWN)
    return render_template(
        "public/meetings.html",
        days=days,
        has_more=days != found,
        wish=wish,
        days_to_choose=[(word, date.fromordinal(number + 1)) for number, word in enumerate(DAYS)],
        today=today,
        fellowship=fellowship,
        fellowships=[(code, short_name_of(code)) for code in listed_fellowships(session)],
        member=member,
        chosen=chosen,
        most_chosen=MOST_CHOSEN if len(chosen) >= MOST_CHOSEN else 0,
        all_days=ALL_DAYS,
        next_day=_next_day(wish, today),
        asked={name: value for name, value in request.args.items() if name in FILTERS},
        back=request.full_path.rstrip("?"),
        is_open=is_open,
        is_step_free=is_step_free,
        other_types=other_types,
        short_name_of=short_name_of,
    )


def wish_of(typed: Mapping[str, str], today: date) -> Wish:
    """What the address asks for."""
    day = typed.get("day") or (ALL_DAYS if any(typed.values()) else "today")
    return Wish(
        weekday=today.weekday() if day == "today" else DAYS.index(day) if day in DAYS else None,
        words=typed.get("q", "")[:LONGEST_SEARCH].strip(),
        online="online" in typed,
        open_to_all="open" in typed,
        step_free="step_free" in typed,
    )


def _next_day(wish: Wish, today: date) -> tuple[str, date] | None:
    """The day after the one that is shown, as the address says it; none where all are shown."""
    if wish.weekday is None:
        return None
    shown = today + timedelta(days=(wish.weekday - today.weekday()) % 7)
    following = shown + timedelta(days=1)
    return DAYS[following.weekday()], following


def other_types(meeting: Listed) -> list[str]:
    """In words, the types that no sign stands for; a code that its fellowship does not know is left out."""
    names = (type_name(meeting.fellowship, code) for code in meeting.types if code not in SHOWN_BY_SIGNS)
    return [name for name in names if name]
