"""The members, or the series, as a file with the columns that a list is read by; the series as a calendar."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

from flask import current_app, make_response, request
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.config import Settings
from scheduler.domain.calendars.sources import Wording
from scheduler.domain.imports.export import export
from scheduler.domain.imports.series_export import export_calendar, export_series
from scheduler.domain.people.roles import Role
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.formats.ics import CONTENT_TYPE, calendar_bytes
from scheduler.formats.table_files import TYPES, FileKind, write_table
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.guard import actor, allow, reach
from scheduler.web.language import reader_zone

CALENDAR: Final = "ics"
"""The end of a calendar file's name."""


@blueprint.post("/people/export")
@allow(Role.COORDINATOR)
def people_export() -> Response:
    """A file of all members within reach; on record as exported before it is sent."""
    kind = request.form.get("as", "")
    if kind not in set(FileKind):
        raise NotFound
    now = clock.now()
    today = now.astimezone(reader_zone()).date()
    with transaction(db.session) as session:
        found = export(session, actor=actor(), kind=kind, reach=reach(), today=today, now=now)
    return file_answer(FileKind(kind), found.headings, found.rows)


@blueprint.post("/series/export")
@allow(Role.COORDINATOR)
def series_export() -> Response:
    """A file of all series within reach that still meet; on record as exported before it is sent."""
    kind = request.form.get("as", "")
    if kind not in {*FileKind, CALENDAR}:
        raise NotFound
    now = clock.now()
    today = now.astimezone(reader_zone()).date()
    if kind == CALENDAR:
        return _calendar_answer(today, now)
    with transaction(db.session) as session:
        found = export_series(session, actor=actor(), kind=kind, reach=reach(), today=today, now=now)
    return file_answer(FileKind(kind), found.headings, found.rows)


def _calendar_answer(today: date, now: datetime) -> Response:
    settings: Settings = current_app.extensions["settings"]
    wording = Wording(settings.calendar_name, settings.plain_title)
    with transaction(db.session) as session:
        content = export_calendar(
            session, actor=actor(), reach=reach(), wording=wording, today=today, now=now
        )
    answer = make_response(calendar_bytes(content))
    answer.headers["Content-Type"] = CONTENT_TYPE
    answer.headers["Content-Disposition"] = f'attachment; filename="calendar.{CALENDAR}"'
    return answer


def file_answer(kind: FileKind, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """A list as a file to keep, with a name that tells nothing."""
    answer = make_response(write_table(kind, headings, rows))
    answer.headers["Content-Type"] = TYPES[kind]
    answer.headers["Content-Disposition"] = f'attachment; filename="list.{kind.value}"'
    return answer
