"""Sign-in sheets as a file: made with nothing held open, under a name that tells nothing."""

from __future__ import annotations

from collections.abc import Collection

from flask import Response

from scheduler.config import FILES
from scheduler.domain.attendance.on_paper import PaperSheet, paper_sheets
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.formats.sign_in_pdf import TEMPLATE, OnPaper, sign_in_pdf
from scheduler.web import guard
from scheduler.web.display import clock_range, full_date, zone_name


def paper_file(occurrences: Collection[int]) -> Response:
    """The file with these sessions' sheets; the read of each is on record.

    Raises NotFound where none of them has names and is the actor's to take, Invalid for too many.
    """
    sheets = paper_sheets(db.session(), actor=guard.actor(), occurrences=occurrences)
    if not sheets:
        raise NotFound("There is no such sheet.")
    for sheet in sheets:
        guard.log_read(subject="sheet", subject_id=sheet.occurrence_id, persons=sheet.persons)
    db.session.rollback()  # laid out with nothing held open
    body = sign_in_pdf(map(_on_paper, sheets), template=FILES / TEMPLATE)
    named = {"Content-Disposition": "attachment; filename=sheet.pdf"}
    return Response(body, mimetype="application/pdf", headers=named)


def _on_paper(sheet: PaperSheet) -> OnPaper:
    times = clock_range(sheet.local_start, sheet.local_end)
    return OnPaper(
        number=f"{sheet.occurrence_id}-{sheet.local_start:%m-%d}",
        session=sheet.title,
        called=sheet.discreet_title,
        date=full_date(sheet.local_start.date()),
        time=f"{times} ({zone_name(sheet.timezone)})",
        place=sheet.place,
        leads=", ".join(sheet.leads),
        names=sheet.names,
        taken=sheet.taken,
    )
