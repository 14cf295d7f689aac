"""Finding a free place and time, for a new series or for a session that has to move."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from flask import current_app, render_template, request, url_for
from wtforms import SelectField, SelectMultipleField

from scheduler import clock
from scheduler.domain.people.finding import Found as Person
from scheduler.domain.people.finding import found_by, holders_of
from scheduler.domain.people.roles import Role
from scheduler.domain.places.queries import RoomView, rooms, sites
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.finding_place import Option, Reason, Why, Wish
from scheduler.domain.planning.overview import short_names
from scheduler.domain.planning.planned import Planned
from scheduler.domain.planning.queries import planned_occurrence
from scheduler.domain.planning.reach import Kind as Named
from scheduler.domain.planning.searching import Found, find_place, persons_of_occurrence
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.plans import LONGEST_MINUTES
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.web.coordinator import choices
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.display import clock_range, day
from scheduler.web.forms import Clock, Day, Form, Line, Number, refuse, status_of
from scheduler.web.guard import allow, log_read, reach
from scheduler.web.language import gettext, lazy_gettext, ngettext
from scheduler.web.numbers import whole
from scheduler.web.offers import offers
from scheduler.web.words import KINDS

MOST_DAYS: Final = 31
MOST_WEEKS: Final = 26


class FindForm(Form):
    """What is looked for; sent in the address, so that a search can be shared."""

    kind = SelectField(lazy_gettext("Kind"), choices=offers(KINDS), default=Kind.GROUP.value)
    minutes = Number(lazy_gettext("Minutes"), most=LONGEST_MINUTES, default=60)
    places = Number(lazy_gettext("Places"), most=10_000, default=8)
    first = Day(lazy_gettext("From"))
    last = Day(lazy_gettext("To"))
    earliest = Clock(lazy_gettext("Not before"), default=time(9))
    latest = Clock(lazy_gettext("Over by"), default=time(21))
    weeks = Number(lazy_gettext("Weeks in a row"), most=MOST_WEEKS, default=1)
    site = SelectField(lazy_gettext("Site"), default="", validate_choice=False)
    lead = SelectMultipleField(lazy_gettext("Who leads"), validate_choice=False)
    members = Line(lazy_gettext("Members who must be there"), longest=300)


@blueprint.get("/find")
@allow(Role.COORDINATOR)
def find() -> tuple[str, int]:
    """Ask for a place and time, and show what is free; `?occurrence=` is what is to move."""
    moving = _moving()
    leads = holders_of(db.session(), Role.FACILITATOR, sight=reach().of_people())
    form = _form(moving, leads)
    found: Found | None = None
    offered = rooms(db.session(), within=reach().of_rooms())
    if "first" in request.args and form.validate():
        wish = _wish(form, moving, leads)
        if wish is not None:
            found = find_place(
                db.session(),
                wish,
                kind=Kind(form.kind.data),
                rooms=offered,
                occurrence_id=moving.id if moving else None,
                now=clock.now(),
            )
    page = render_template(
        "coordinator/find.html",
        form=form,
        moving=moving,
        found=found,
        starts=_by_start(found, form, moving) if found else [],
        why=_words(found, offered, leads) if found else [],
    )
    return page, status_of(form)


def _moving() -> Planned | None:
    """The session that is to move, or none. Raises NotFound for what is not there or out of reach."""
    text = request.args.get("occurrence", "")
    if not text:
        return None
    number = whole(text) or 0
    found = planned_occurrence(db.session(), number)
    if found is None or not reach().holds(db.session(), Named.OCCURRENCE, number):
        raise NotFound
    return found


def _form(moving: Planned | None, leads: list[Person]) -> FindForm:
    today = clock.now().astimezone(_zone(moving)).date()
    given: dict[str, object] = {"first": today, "last": today + timedelta(days=13)}
    if moving is not None:
        length = (moving.ends_at - moving.starts_at) // timedelta(minutes=1)
        places = max(1, moving.expected + len(moving.leading))
        given |= {"kind": moving.kind.value, "minutes": length, "places": places}
        given |= {"first": max(today, moving.day - timedelta(days=3)), "last": moving.day + timedelta(days=7)}
    form = FindForm(formdata=request.args if "first" in request.args else None, data=given)
    here = sites(db.session(), within=reach().of_sites())
    form.site.choices = offers({"": gettext("Any"), **{str(one.id): one.name for one in here}})
    form.lead.choices = offers({str(one.id): one.short_name for one in leads})
    return form


def _zone(moving: Planned | None) -> ZoneInfo:
    return zone_named(moving.timezone if moving else current_app.extensions["settings"].timezone)


def _wish(form: FindForm, moving: Planned | None, leads: list[Person]) -> Wish | None:
    """What the form asks for, or none with what is wrong on it."""
    persons = [person.id for person in leads if str(person.id) in (form.lead.data or [])]
    persons += _members(form)
    if moving is not None:
        persons += persons_of_occurrence(db.session(), moving.id)
    first, last = form.first.data or date.min, form.last.data or form.first.data or date.min
    earliest, latest = form.earliest.data or time(0), form.latest.data or time(23, 59)
    if first == date.min:
        refuse(form, "first", gettext("Choose a day."))
    elif last < first:
        refuse(form, "last", gettext("The last day is before the first."))
    elif (last - first).days >= MOST_DAYS:
        refuse(form, "last", gettext("Look at most %(days)d days ahead at a time.", days=MOST_DAYS))
    minutes = form.minutes.data or 60
    if datetime.combine(first, earliest) + timedelta(minutes=minutes) > datetime.combine(first, latest):
        refuse(form, "latest", gettext("That leaves less time than the session takes."))
    if form.errors:
        return None
    return Wish(
        minutes=minutes,
        places=form.places.data or 1,
        first=first,
        last=last,
        earliest=earliest,
        latest=latest,
        zone=_zone(moving),
        site_id=whole(form.site.data),
        persons=tuple(dict.fromkeys(persons)),
        weeks=1 if moving else form.weeks.data or 1,
        near=moving.local_start if moving else None,
    )


def _members(form: FindForm) -> list[int]:
    """The members whose names were typed, each found exactly once; what is wrong stands on the field."""
    found = []
    for name in filter(None, map(str.strip, (form.members.data or "").split(","))):
        people = found_by(db.session(), name, role=Role.MEMBER, most=2, sight=reach().of_people())
        if len(people) == 1:
            found.append(people[0].id)
        elif people:
            refuse(form, "members", gettext("More than one member is called %(name)s.", name=name))
        else:
            refuse(form, "members", gettext("No member is called %(name)s.", name=name))
    if found:
        log_read(subject="people", persons=found)
    return found


def _by_start(
    found: Found, form: FindForm, moving: Planned | None
) -> list[tuple[datetime, list[tuple[str, str]]]]:
    """Each start with its rooms and where they lead, the best first."""
    return [
        (start, [(choices.room_label(each.room), _address(each, form, moving)) for each in free])
        for start, free in groupby(found.options, key=lambda option: option.local_start)
    ]


def _address(option: Option, form: FindForm, moving: Planned | None) -> str:
    """Where the option is put to use: the form that moves the session, or that of a new series."""
    start, room = option.local_start, str(option.room.id)
    where = {"day": start.date().isoformat(), "at": f"{start:%H:%M}", "room": room}
    if moving is not None:
        return url_for("coordinator.occurrence", occurrence_id=moving.id, _anchor="move", **where)  # type: ignore[arg-type]  # no option of url_for has such a name
    weeks = form.weeks.data or 1
    filled: dict[str, str | list[str]] = {
        "kind": form.kind.data or Kind.GROUP.value,
        "first_day": where["day"],
        "starts": where["at"],
        "minutes": str(form.minutes.data or 60),
        "room": room,
        "capacity": str(form.places.data or 1),
        "repeats": "weekly" if weeks > 1 else "once",
        "lead": (form.lead.data or [""])[0],
    }
    if weeks > 1:
        filled["weekdays"] = [str(start.weekday())]
    return url_for("coordinator.series_new", **filled)  # type: ignore[arg-type]  # no option of url_for has such a name


def _words(found: Found, offered: tuple[RoomView, ...], leads: list[Person]) -> list[str]:
    """The reasons; who must not be named as a member is somebody."""
    persons = {each.held for each in found.reasons if each.why is Why.BUSY}
    names = dict(short_names(db.session(), persons, reach=reach()))
    names |= {person.id: person.short_name for person in leads}
    places = {room.id: room.full_name for room in offered}
    return [_says(each, names, places) for each in found.reasons]


def _says(reason: Reason, names: Mapping[int, str], places: Mapping[int, str]) -> str:
    """ "Odile K. is busy on Tuesday, July 21, 2:00 to 4:00 PM, and at 3 more times": never with what."""
    known = names if reason.why is Why.BUSY else places
    name = known.get(reason.held, gettext("Somebody"))
    if reason.why is Why.TOO_SMALL:
        return gettext("%(room)s is too small.", room=name)
    if reason.starts is None or reason.ends is None:
        return gettext("%(day)s is a holiday for this kind.", day=day(reason.starts) if reason.starts else "")
    sentence = {
        Why.BUSY: gettext("%(name)s is busy on %(day)s, %(times)s"),
        Why.CLOSED: gettext("%(name)s is closed on %(day)s, %(times)s"),
    }.get(reason.why, gettext("%(name)s is taken on %(day)s, %(times)s"))
    told = sentence % {
        "name": name,
        "day": day(reason.starts),
        "times": clock_range(reason.starts, reason.ends),
    }
    if not reason.more:
        return f"{told}."
    return ngettext(
        "%(told)s, and at %(num)d more time.", "%(told)s, and at %(num)d more times.", reason.more, told=told
    )
