"""Everything held about a person as a readable paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from scheduler.domain.privacy.held import Held, Row, Value
from scheduler.formats.pdf import Paper, Section, as_pdf

TITLE: Final = "Record"
"""Neutral: it stands in the window of whoever reads the file."""
TEMPLATE: Final = "templates/print/record.typ"
"""Below the folder of the installed files."""
NOTICE: Final = "42 CFR part 2 prohibits unauthorized disclosure of these records."


@dataclass(frozen=True, slots=True)
class Shape:
    """How the rows of a table are printed: what they are called, and which values under which heads."""

    title: str
    columns: Mapping[str, str]


SHAPES: Final[Mapping[str, Shape]] = {
    "identity": Shape(
        "Name and channels",
        {"name": "Name", "email": "E-mail", "phone": "Telephone", "birth_year": "Year of birth"},
    ),
    "person": Shape("Record", {"id": "Number", "created_at": "Made", "disabled_at": "Disabled"}),
    "person_role": Shape("Roles", {"role": "Role", "given_at": "Given"}),
    "stay": Shape(
        "Stays",
        {
            "program": "Program",
            "site": "Site",
            "counselor": "Counselor",
            "admitted_on": "From",
            "discharged_on": "Until",
            "reason": "Reason",
        },
    ),
    "hold": Shape("Holds", {"from_date": "From", "until_date": "Until", "places": "Places"}),
    "enrollment": Shape("Belongs to", {"series": "Series", "from_date": "From", "until_date": "Until"}),
    "mark": Shape(
        "Attendance",
        {
            "session_at": "Session",
            "session": "Title",
            "status": "Mark",
            "late_minutes": "Late, min",
            "left_minutes": "Left, min",
            "excuse": "Excused for",
            "marked_by_name": "Marked by",
        },
    ),
    "mark_change": Shape(
        "What each mark became",
        {"session_at": "Session", "status": "Mark", "marked_by_name": "By", "marked_at": "At"},
    ),
    "correction": Shape("Why marks were corrected", {"session_at": "Session", "reason": "Reason"}),
    "sent_mark": Shape(
        "Marks that came from a device",
        {
            "session_at": "Session",
            "status": "Mark",
            "sent_by_name": "By",
            "made_at": "Made",
            "received_at": "Received",
            "outcome": "What became of it",
            "reason": "Reason",
        },
    ),
    "device": Shape(
        "Devices that keep sheets",
        {"program": "Program", "first_at": "Since", "seen_at": "Last used", "ended_at": "Ended"},
    ),
    "device_sheet": Shape(
        "Sheets that they held",
        {"session_at": "Session", "first_at": "Since", "last_at": "Until"},
    ),
    "absence_notice": Shape(
        "Said that they can't make it",
        {
            "session_at": "Session",
            "session": "Title",
            "reason": "Reason",
            "said_by_name": "Said by",
            "said_at": "At",
            "taken_back_at": "Taken back",
        },
    ),
    "post": Shape(
        "Posts", {"series": "Series", "position": "Position", "from_date": "From", "until_date": "Until"}
    ),
    "duty": Shape("Duties", {"session_at": "Session", "session": "Title", "position": "Position"}),
    "feed": Shape(
        "Calendars",
        {
            "name": "Name",
            "titles": "Titles",
            "created_at": "Made",
            "fetched_at": "Last looked at",
            "fetched_by": "By",
            "revoked_at": "Turned off",
        },
    ),
    "feed_kind": Shape(
        "Kinds in calendars",
        {"feed_id": "Calendar", "kind": "Kind", "shown": "Shown", "alarm_minutes": "Reminder, min"},
    ),
    "sign_in": Shape(
        "Signed in",
        {"device": "Device", "method": "How", "created_at": "Since", "seen_at": "Last used"},
    ),
    "inquiry": Shape("Calls about them", {"at": "At", "asker": "Who asked", "taken_by_name": "Taken by"}),
}
FIRST: Final = tuple(SHAPES)


def record_pdf(held: Held, *, zone: str, template: Path) -> bytes:
    """The paper as PDF/UA; times are on the clock of ``zone``."""
    return as_pdf(paper_of(held, zone=zone), template=template)


def paper_of(held: Held, *, zone: str) -> Paper:
    """What is printed: a section for each table, those with a shape of their own first, reads by the day."""
    clock = ZoneInfo(zone)
    names = sorted(held.tables.keys() - {"audit_entry"}, key=lambda name: (_place(name), name))
    sections = [_section(name, held.tables[name], clock) for name in names]
    sections.append(_reads(held.tables.get("audit_entry", ()), clock))
    if held.acts:
        counts = tuple((name, str(count)) for name, count in sorted(held.acts.items()))
        note = "These rows are about other people, so they are counted here and not copied."
        sections.append(Section("Done as staff", ("What", "How often"), counts, note))
    intro = (
        f"Everything held under number {held.person_id}, on {_said(held.at.isoformat(), clock)}.",
        f"Times are those of {zone.replace('_', ' ')}. The JSON file of the same has every value.",
        NOTICE,
    )
    return Paper(TITLE, intro, tuple(sections))


def _place(name: str) -> int:
    return FIRST.index(name) if name in SHAPES else len(FIRST)


def _section(name: str, rows: Sequence[Row], clock: ZoneInfo) -> Section:
    shape = SHAPES.get(name) or _any_shape(name, rows)
    if not shape.columns:
        return Section(shape.title, note=f"{len(rows)} rows.")
    cells = tuple(tuple(_said(row.get(column), clock) for column in shape.columns) for row in rows)
    return Section(shape.title, tuple(shape.columns.values()), cells)


def _any_shape(name: str, rows: Sequence[Row]) -> Shape:
    """A table that has no shape: as many of its values as a page is wide for."""
    told = [column for column in rows[0] if column not in {"id", "person_id", "revision"}][:6]
    return Shape(_words(name).capitalize(), {column: _words(column).capitalize() for column in told})


def _reads(rows: Sequence[Row], clock: ZoneInfo) -> Section:
    """Who looked and what was done, counted by the day: a year of reads fits on some pages."""
    counts = Counter(
        (
            _said(row["at"], clock)[:10],
            _said(row.get("by"), clock) or "the system",
            _words(str(row["action"])),
            _words(str(row["subject"])),
        )
        for row in rows
    )
    cells = tuple((*key, str(counts[key])) for key in sorted(counts))
    return Section("Who read and changed it", ("Day", "Who", "What", "Where", "Times"), cells)


def _said(value: Value | None, clock: ZoneInfo) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return _instant(value, clock) or (_words(value) if value.isidentifier() else value)
    return str(value)


def _instant(text: str, clock: ZoneInfo) -> str:
    if len(text) < 16 or text[10] != "T":
        return ""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return f"{at.astimezone(clock) if at.tzinfo else at:%Y-%m-%d %H:%M}"


def _words(name: str) -> str:
    return name.replace("_", " ").replace(".", " ")
