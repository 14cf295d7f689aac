"""One sheet, to be read."""

from flask import render_template

from scheduler.domain.attendance.held import records_of
from scheduler.domain.people.roles import Role
from scheduler.domain.privacy.reviews import reviewed_sheet
from scheduler.extensions import db
from scheduler.web import guard
from scheduler.web.facilitator.held import said_of
from scheduler.web.facilitator.rows import rows_of
from scheduler.web.facilitator.walk_in_rows import walk_in_row
from scheduler.web.reviewer.blueprint import blueprint
from scheduler.web.reviewer.reviews import open_review, today


@blueprint.get("/reviews/<int:review_id>/sheets/<int:occurrence_id>")
@guard.allow(Role.REVIEWER)
def sheet(review_id: int, occurrence_id: int) -> str:
    """What was submitted; the read is on record with everybody on it."""
    found = reviewed_sheet(
        db.session(), actor=guard.actor(), review_id=review_id, occurrence_id=occurrence_id, today=today()
    )
    guard.log_read(
        subject="sheet", subject_id=occurrence_id, persons=[line.person_id for line in found.lines]
    )
    rows = rows_of(found.lines, found.head)
    said = said_of(found, records_of(db.session(), occurrence_id))
    return render_template(
        "reviewer/sheet.html",
        review=open_review(review_id),
        page=found,
        head=found.head,
        rows=rows,
        said=said,
        walk_ins=[walk_in_row(line, found.head) for line in found.walk_ins],
    )
