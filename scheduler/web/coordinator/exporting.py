"""The members as a file, with the columns that a list is read by."""

from collections.abc import Iterable, Sequence

from flask import make_response, request
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.imports.export import export
from scheduler.domain.people.roles import Role
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.formats.table_files import TYPES, FileKind, write_table
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.guard import actor, allow, reach
from scheduler.web.language import reader_zone


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


def file_answer(kind: FileKind, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """A list as a file to keep, with a name that tells nothing."""
    answer = make_response(write_table(kind, headings, rows))
    answer.headers["Content-Type"] = TYPES[kind]
    answer.headers["Content-Disposition"] = f'attachment; filename="list.{kind.value}"'
    return answer
