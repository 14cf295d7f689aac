"""Meeting Guide JSON, the format in which fellowships publish their meetings, read into plain rows.

Specification: https://github.com/code4recovery/spec. What real lists do beyond it is told in
docs/importing.md. Read are the fields of the meeting only: contacts, payment handles, editors and free
notes may name persons and are left where they are: names stay out of everything public.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO

from scheduler.domain.mutual_help.fellowships import Fellowship
from scheduler.domain.mutual_help.rows import MeetingList, MeetingRow, RowRemark
from scheduler.domain.mutual_help.types import CLOSED_PLACE, sorted_out
from scheduler.domain.places.zones import zone_named
from scheduler.errors import Invalid
from scheduler.formats import meeting_fields as fields
from scheduler.formats.json_list import LONGEST_ELEMENT, TooLong, elements, text_of
from scheduler.formats.published_text import clean, dialable, secure_link, without_contacts, without_mail

MOST_MEETINGS = 20_000
_DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class _Draft:
    """A row whose key is not yet known to be its own, and what of it was left out."""

    row: MeetingRow
    left_out: tuple[str, ...]


def read_meeting_guide(stream: BinaryIO, *, fellowship: Fellowship, timezone: str | None) -> MeetingList:
    """The meetings of a file, the rows that were refused and why, and what was left out of others.

    ``timezone`` is the zone of the rows that name none. Raises Invalid, with one sentence and before
    anything is kept, for a file that is too large, is not a list, or is not whole; and for a zone or a
    number of meetings that cannot be.
    """
    if timezone is not None:
        zone_named(timezone)
    drafts: list[_Draft] = []
    refused: list[RowRemark] = []
    for number, element in enumerate(elements(text_of(stream)), start=1):
        try:
            drafts += _drafts(element, number, fellowship, timezone)
        except Invalid as error:
            refused.append(RowRemark(number, _name_of(element), str(error)))
        if len(drafts) + len(refused) > MOST_MEETINGS:
            raise Invalid(f"The file has more than {MOST_MEETINGS:,} meetings. Nothing was read.")
    rows, doubles = _with_own_keys(draft.row for draft in drafts)
    remarks = (
        RowRemark(draft.row.number, draft.row.name, part) for draft in drafts for part in draft.left_out
    )
    every_refusal = sorted([*refused, *doubles], key=lambda remark: remark.number)
    return MeetingList(rows, tuple(every_refusal), tuple(dict.fromkeys(remarks)))


def _drafts(element: object, number: int, fellowship: Fellowship, timezone: str | None) -> list[_Draft]:
    """One draft for each day of the row; raises Invalid with the reason if the row cannot be taken."""
    if isinstance(element, TooLong):
        raise Invalid(f"It is longer than {LONGEST_ELEMENT // 1024} KB.")
    if not isinstance(element, dict):
        raise Invalid("It is not a meeting: a row must be an object with named fields.")
    days = fields.weekdays(element.get("day"))
    fields.require_appointed(days, element.get("time"))
    starts = fields.start(element.get("time"))
    minutes = fields.duration(starts, element.get("end_time"))
    codes, others = sorted_out(fellowship.code, fields.codes(element.get("types")))
    left_out = [f"Type {code} is not one of {fellowship.short_name}; it was kept aside." for code in others]
    row = MeetingRow(
        number=number,
        key=clean(element.get("slug"), most=150),
        name=_require_name(element),
        fellowship=fellowship.code,
        weekday=0,
        starts=starts,
        minutes=minutes or fields.ASSUMED_MINUTES,
        end_assumed=minutes is None,
        timezone=fields.zone(element.get("timezone"), timezone),
        types=codes,
        other_types=others,
        region=fields.region(element),
        place_notes=without_contacts(clean(element.get("location_notes"), most=300)),
        **_place(element, codes),
        **_online(element, left_out),
    )
    _require_held(element, row)
    return [_Draft(replace(row, weekday=day), tuple(left_out)) for day in days]


def _require_name(element: Mapping[str, object]) -> str:
    name = clean(element.get("name"), most=120)
    if not name:
        raise Invalid("It has no name.")
    return name


def _name_of(element: object) -> str:
    return clean(element.get("name"), most=120) if isinstance(element, dict) else ""


def _place(element: Mapping[str, object], codes: tuple[str, ...]) -> dict[str, str]:
    """Where to go, if anywhere. An approximate address only marks a town on a map: nobody meets there."""
    approximate = element.get("approximate") in ("yes", True)
    if approximate or element.get("attendance_option") == "online" or CLOSED_PLACE in codes:
        return {}
    return {"place": clean(element.get("location"), most=150), "address": fields.address(element)}


def _online(element: Mapping[str, object], left_out: list[str]) -> dict[str, str]:
    """The link and the number to dial, with what one must type there; says what of them could not be
    taken.
    """
    link, phone = secure_link(element.get("conference_url")), dialable(element.get("conference_phone"))
    if element.get("conference_url") and not link:
        left_out.append("The link was left out: only an https address is taken.")
    if element.get("conference_phone") and not phone:
        left_out.append("The number was left out: it cannot be dialed.")
    notes = [clean(element.get("conference_url_notes"), most=200)] if link else []
    notes += [clean(element.get("conference_phone_notes"), most=200)] if phone else []
    return {"online_link": link, "online_phone": phone, "notes": without_mail(". ".join(filter(None, notes)))}


def _require_held(element: Mapping[str, object], row: MeetingRow) -> None:
    """Lists keep meetings that nobody can go to at the moment; showing them would send people to a closed
    door.
    """
    if element.get("attendance_option") == "inactive":
        raise Invalid("The list says that it does not meet at the moment.")
    if CLOSED_PLACE in row.types and not (row.online_link or row.online_phone):
        raise Invalid("Its place is closed for now, and it names no online meeting.")


def _with_own_keys(rows: Iterable[MeetingRow]) -> tuple[tuple[MeetingRow, ...], list[RowRemark]]:
    """Gives every meeting a key of its own; refuses what stands in the list twice.

    A slug that is alone is the key. One that several meetings share (a list of days, a copied row) is
    told apart by the day, and by the hour where the day is the same too; so the order of the file never
    decides, and a new hour does not make another meeting of it.
    """
    drafts = list(rows)
    slugs = Counter(row.key for row in drafts)
    days = Counter((row.key, row.weekday) for row in drafts)
    taken: dict[str, MeetingRow] = {}
    doubles = []
    for row in drafts:
        key = _key(row, alone=slugs[row.key] == 1 and bool(row.key), own_day=days[row.key, row.weekday] == 1)
        if key in taken:
            reason = f"It is the same as row {taken[key].number}: same slug, day and time."
            doubles.append(RowRemark(row.number, row.name, reason))
        else:
            taken[key] = replace(row, key=key)
    return tuple(taken.values()), doubles


def _key(row: MeetingRow, *, alone: bool, own_day: bool) -> str:
    if alone:
        return row.key
    day = _DAY_NAMES[row.weekday]
    if row.key:
        return f"{row.key}-{day}" if own_day else f"{row.key}-{day}-{row.starts:%H%M}"
    return f"{row.name.casefold()}-{day}-{row.starts:%H%M}"
