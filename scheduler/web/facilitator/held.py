"""How a session was held: the form that asks, and what it says in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flask import request
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField

from scheduler.domain.attendance.assembly import Head, SheetPage
from scheduler.domain.attendance.confirming import Confirmed
from scheduler.domain.attendance.held import Record, There
from scheduler.domain.attendance.lasting import LONGEST_SPAN, Span, Way, moment_at, there_of, way_of_all
from scheduler.domain.attendance.leaders import Leader, could_lead, planned_leads
from scheduler.domain.attendance.statuses import Value
from scheduler.domain.people.credentials import CredentialView
from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.wall_time import local_of
from scheduler.extensions import db
from scheduler.web.display import clock_range, day
from scheduler.web.forms import Clock, Form, Number, refusals_on, refuse
from scheduler.web.language import gettext, lazy_gettext, ngettext
from scheduler.web.numbers import whole
from scheduler.web.offers import offers
from scheduler.web.words import WAYS

LONGEST_BREAKS = LONGEST_SPAN.days * 24 * 60
NOT_OTHERWISE = ""
"""The choice of somebody who was there as all others were."""


class HeldForm(Form):
    """Who led, from when to when, how they came. ``seen`` is what was shown of the sheet or its record."""

    leads = SelectMultipleField(lazy_gettext("Who led"), choices=[])
    other = SelectField(lazy_gettext("Somebody else who led"), default="", choices=[])
    starts = Clock(lazy_gettext("Began"), needed=lazy_gettext("Say when it began."))
    ends = Clock(lazy_gettext("Ended"), needed=lazy_gettext("Say when it ended."))
    breaks = Number(lazy_gettext("Minutes of breaks"), least=0, most=LONGEST_BREAKS)
    way = RadioField(lazy_gettext("How they came"), choices=offers(WAYS), default=Way.ROOM.value)
    seen = HiddenField()


@dataclass(frozen=True, slots=True)
class Held:
    """What the form's part of a page shows: ``ways`` are the people who were there, and what is chosen for
    each; ``words`` says in a sentence what is filled in, ``could_lead`` whether there is anybody to choose.
    ``reason`` is why something is corrected, as it was typed.
    """

    form: HeldForm
    ways: tuple[tuple[int, str, str], ...]
    words: str
    could_lead: bool
    reason: str = ""


def held_of(page: SheetPage, confirmed: Confirmed | None, *, sent: bool = False, seen: str = "") -> Held:
    """The form of a sheet, filled with what was ``confirmed`` (none: the plan), or as it was ``sent``."""
    head = page.head
    planned, others = _leaders(head)
    confirmed = confirmed or Confirmed(
        tuple(each.person_id for each in planned),
        head.planned,
        way=Way.VIDEO if head.is_online else Way.ROOM,
    )
    form = HeldForm(formdata=request.form if sent else None, data=_data(confirmed, head, seen))
    known = {each.person_id: each.short_name for each in (*planned, *others)}
    named = dict.fromkeys([each.person_id for each in planned] + list(confirmed.leads))
    form.leads.choices = offers({str(person): known.get(person, "–") for person in named})
    form.other.choices = offers(
        {
            "": gettext("Nobody else"),
            **{str(each.person_id): each.short_name for each in others if each.person_id not in named},
        }
    )
    ways = tuple(
        (line.person_id, line.short_name, _way(confirmed, line.person_id, sent=sent))
        for line in page.lines
        if line.value.is_in_the_room
    )
    names = [known.get(person, "–") for person in confirmed.leads]
    return Held(form, ways, held_in_words(names, confirmed.span, head), bool(planned or others))


def confirmed_of(held: Held, head: Head) -> Confirmed | None:
    """What the form says; none where something is wrong with it, with errors beside the fields."""
    form = held.form
    if not form.validate() or form.starts.data is None or form.ends.data is None:
        return None
    leads = [int(person) for person in [*(form.leads.data or []), form.other.data] if person]
    if not leads and held.could_lead:
        refuse(form, "leads", gettext("Say who led."))
        return None
    common = Way(form.way.data)
    chosen = {person: Way(way) for person, _, way in held.ways if way in set(Way)}
    with refusals_on(form):
        span = Span(
            moment_at(form.starts.data, head.starts_at, head.timezone),
            moment_at(form.ends.data, head.ends_at, head.timezone),
            form.breaks.data or 0,
        )
        return _as_said(tuple(leads), span, common, chosen, [person for person, _, _ in held.ways])
    return None


def held_in_words(names: Sequence[str], span: Span, head: Head, planned: Sequence[str] = ()) -> str:
    """ "Nadia O. led, 7:00 to 8:30 PM, no break." ``planned`` are named where others led."""
    who = gettext("%(names)s led", names=_joined(names)) if names else gettext("Nobody led")
    if planned and set(planned) != set(names):
        who = gettext(
            "Led by %(names)s (planned: %(planned)s)", names=_joined(names), planned=_joined(planned)
        )
    pause = (
        ngettext("%(num)d minute of breaks", "%(num)d minutes of breaks", span.breaks)
        if span.breaks
        else gettext("no break")
    )
    when = clock_range(span.starts_at, span.ends_at, head.timezone)
    return gettext("%(who)s, %(when)s, %(pause)s.", who=who, when=when, pause=pause)


def credential_in_words(held: CredentialView) -> str:
    """ "LCSW 12345, valid until July 14"."""
    what = f"{held.kind} {held.number}".strip()
    if held.valid_until is None:
        return what
    return gettext("%(what)s, valid until %(day)s", what=what, day=day(held.valid_until))


@dataclass(frozen=True, slots=True)
class Said:
    """A record on a sheet that is read: a sentence, the credentials of each, how many minutes count, and by
    person what stands beside their mark.
    """

    words: str
    credentials: tuple[tuple[str, str], ...]
    minutes: int | None
    beside: Mapping[int, str]


def said_of(page: SheetPage, records: Sequence[Record]) -> Said | None:
    """What the newest record says; none where none was kept."""
    if not records:
        return None
    record, head = records[0], page.head
    planned = [each.short_name for each in planned_leads(db.session(), head.occurrence_id)]
    names = [each.short_name for each in record.leads]
    values = {line.person_id: line.value for line in page.lines}
    return Said(
        words=held_in_words(names, record.span, head, planned),
        credentials=tuple(
            (each.short_name, ", ".join(map(credential_in_words, each.credentials)))
            for each in record.leads
            if each.credentials
        ),
        minutes=record.span.minutes if record.counted else None,
        beside={
            person: _beside(there, values[person], record.span, head)
            for person, there in record.there.items()
            if person in values
        },
    )


def corrections_of(records: Sequence[Record], head: Head) -> list[tuple[Record, str]]:
    """What was said otherwise afterwards, with what stood there; not what only followed from marks."""
    return [
        (now, gettext("%(now)s Before: %(before)s", now=_words(now, head), before=_words(before, head)))
        for now, before in pairwise(records)
        if not now.says_as(before)
    ]


def confirmed_in(record: Record) -> Confirmed:
    """What was confirmed in a record."""
    ways = {person: there.way for person, there in record.there.items()}
    common = way_of_all(ways.values())
    leads = tuple(each.person_id for each in record.leads)
    return Confirmed(leads, record.span, {who: way for who, way in ways.items() if way is not common}, common)


def record_form(page: SheetPage, records: Sequence[Record], *, sent: bool = False) -> Held:
    """The form that corrects how a session was held, on the page that corrects its sheet."""
    confirmed = confirmed_in(records[0]) if records else None
    return held_of(page, confirmed, sent=sent, seen=str(revision_of(records)))


def revision_of(records: Sequence[Record]) -> int:
    """That of the newest; 0 where none was kept."""
    return records[0].revision if records else 0


def _words(record: Record, head: Head) -> str:
    return held_in_words([each.short_name for each in record.leads], record.span, head)


def _as_said(
    leads: tuple[int, ...], span: Span, common: Way, chosen: Mapping[int, Way], there: Iterable[int]
) -> Confirmed:
    ways = {person: chosen.get(person, common) for person in there}
    shared = way_of_all(ways.values()) if ways else common
    return Confirmed(leads, span, {who: way for who, way in ways.items() if way is not shared}, shared)


def _leaders(head: Head) -> tuple[tuple[Leader, ...], tuple[Leader, ...]]:
    session = db.session()
    return planned_leads(session, head.occurrence_id), could_lead(session, head.occurrence_id)


def _data(confirmed: Confirmed, head: Head, seen: str) -> dict[str, object]:
    zone = zone_named(head.timezone)
    return {
        "leads": [str(person) for person in confirmed.leads],
        "starts": local_of(confirmed.span.starts_at, zone).time(),
        "ends": local_of(confirmed.span.ends_at, zone).time(),
        "breaks": confirmed.span.breaks,
        "way": confirmed.way.value,
        "seen": seen,
    }


def _way(confirmed: Confirmed, person_id: int, *, sent: bool) -> str:
    if sent:
        return request.form.get(f"way-{person_id}", NOT_OTHERWISE)
    return confirmed.ways.get(person_id, NOT_OTHERWISE)


def _beside(there: There, value: Value, actual: Span, head: Head) -> str:
    """ "7:08 to 8:30 PM, 82 min, by video", as far as it says more than the mark."""
    span = there_of(head.planned, actual, value)
    partly = span is not None and (value.late_minutes or value.left_minutes)
    said = [
        clock_range(*span, head.timezone) if span is not None and partly else "",
        gettext("%(minutes)d min", minutes=there.minutes) if there.minutes is not None else "",
        str(WAYS[there.way]).lower() if there.way is not Way.ROOM else "",
    ]
    return ", ".join(filter(None, said))


def _joined(names: Sequence[str]) -> str:
    return ", ".join(names)


def seen_of(text: object) -> int:
    """The revision of a record that was shown; -1, which none has, for what is no number."""
    number = whole(str(text))
    return -1 if number is None else number
