"""The sheet: who is expected, and a button for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.attendance import queries
from scheduler.domain.attendance.adding import could_add
from scheduler.domain.attendance.assembly import NAMED, WALK_INS, Change, Entry, Head, LastCount, SheetPage
from scheduler.domain.attendance.held import records_of
from scheduler.domain.attendance.merging import Outcome, Wanted
from scheduler.domain.attendance.opening import Phase
from scheduler.domain.attendance.service import Counted, Result
from scheduler.domain.attendance.statuses import LONGEST
from scheduler.domain.attendance.walking_in import takes_names
from scheduler.domain.people.roles import Role
from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.wall_time import local_of
from scheduler.extensions import db
from scheduler.web import guard
from scheduler.web.count_words import people_off
from scheduler.web.display import day, day_and_clock
from scheduler.web.facilitator.blueprint import blueprint
from scheduler.web.facilitator.held import Held, corrections_of, record_form, said_of
from scheduler.web.facilitator.rows import (
    UNMARKED,
    Row,
    Typed,
    rows_of,
    saved_by,
    typed_of,
    whole_word_of,
    with_typed,
)
from scheduler.web.facilitator.script_words import script_words
from scheduler.web.facilitator.walk_in_rows import Walking, walk_in_row
from scheduler.web.language import gettext
from scheduler.web.sheet_locks import locks

TAKERS = (Role.FACILITATOR, Role.COORDINATOR, Role.TRUSTED_SERVANT)


@dataclass(frozen=True, slots=True)
class Question:
    """Two people marked the same person: what stands, and what came second."""

    row: Row
    word: str
    mine: Typed
    mine_status: str
    mine_word: str
    seen: int


@dataclass(frozen=True, slots=True)
class Correcting:
    """A sheet that was handed in is being changed: the reason as typed, and what is wrong with it."""

    reason: str = ""
    error: str = ""


@blueprint.get("/sheets/<int:occurrence_id>")
@guard.allow(*TAKERS)
def sheet(occurrence_id: int) -> str:
    """The sheet of an occurrence; for a meeting counted by heads, its number."""
    return show(occurrence_id)


def show(
    occurrence_id: int,
    *,
    conflicts: Sequence[tuple[Wanted, Result]] = (),
    typed: Mapping[int, Typed] | None = None,
    errors: Mapping[int, str] | None = None,
    warning: str = "",
    counted: Counted | None = None,
    number: int | str | None = None,
    correcting: Correcting | None = None,
    held: Held | None = None,
    walking: Walking | None = None,
    not_met: Correcting | None = None,
) -> str:
    """The page as it now stands, with what somebody typed or has to decide. The read is put on record.

    With ``correcting`` a sheet that was handed in can be changed on it. Raises NotFound.
    """
    found = queries.sheet(db.session(), actor=guard.actor(), occurrence_id=occurrence_id)
    now = clock.now()
    others = could_add(db.session(), actor=guard.actor(), page=found, now=now)
    on_it = [*(line.person_id for line in found.lines if line.person_id), *others]
    guard.log_read(subject="sheet", subject_id=occurrence_id, persons=on_it)
    head, rows = found.head, _rows(found, typed or {}, errors or {})
    phase = head.phase(now, locks())
    records = records_of(db.session(), occurrence_id) if head.is_recorded and head.submitted_at else ()
    if head.is_recorded and correcting is not None and phase is Phase.CLOSED:
        held = held or record_form(found, records)
    return render_template(
        _template(head, phase, correcting),
        page=found,
        head=head,
        phase=phase,
        correcting=correcting,
        locks_at=head.locks_at(locks()),
        corrections=_corrections(found),
        recounts=[*corrections_of(records, head), *((each, _number_word(each)) for each in found.recounts)],
        said=said_of(found, records),
        held=held,
        now=now,
        today=local_of(now, zone_named(head.timezone)).date(),
        rows=rows,
        walk_ins=[walk_in_row(line, head) for line in found.walk_ins],
        walking=walking or Walking(),
        others=others,
        not_met=not_met or (Correcting() if _could_be_empty(found, now) else None),
        takes_names=takes_names(head.kind, by_heads=head.is_by_heads),
        questions=_questions(rows, head, conflicts),
        history=saved_by(found.history, head),
        warning=warning,
        counted=counted,
        number=number,
        alike=[line for line in found.lines if line.is_alike],
        beside=people_off(head.counts, found.people_off, found.present),
        below=below_number(found.last_count, head),
        last_saved=last_saved(head),
        back=back(occurrence_id),
        words=script_words(head),
        longest=LONGEST,
    )


def _rows(found: SheetPage, typed: Mapping[int, Typed], errors: Mapping[int, str]) -> list[Row]:
    """The rows as they stand, or as somebody just typed them."""
    rows = rows_of(found.lines, found.head)
    if not typed and not errors:
        return rows
    return [with_typed(row, typed.get(row.person_id, row.typed), errors) for row in rows]


def _could_be_empty(found: SheetPage, now: datetime) -> bool:
    """Whether it has begun and nothing says that anybody came: then nobody may have met."""
    head = found.head
    came = found.tally.marked or found.walk_ins or head.walk_ins or head.headcount
    return now >= head.starts_at and not came


def _questions(rows: Sequence[Row], head: Head, conflicts: Sequence[tuple[Wanted, Result]]) -> list[Question]:
    there = {row.person_id: row for row in rows}
    wanted = [each for each, _ in conflicts if each.person_id in there]
    return [_question(there[each.person_id], head, each) for each in wanted]


def _corrections(found: SheetPage) -> list[tuple[Change, str, str]]:
    """Each with what the mark said before, and what it says."""
    head = found.head
    return [
        (each, whole_word_of(each.before, head), whole_word_of(each.value, head))
        for each in found.corrections
    ]


def _template(head: Head, phase: Phase, correcting: Correcting | None) -> str:
    if phase is Phase.CLOSED and correcting is not None:
        return "facilitator/correct.html"
    return "facilitator/headcount.html" if head.is_by_heads else "facilitator/sheet.html"


def _number_word(entry: Entry) -> str:
    before, number = entry.before or 0, entry.number or 0
    if entry.what == NAMED and before == number:
        return gettext("What is said of a walk-in")
    if entry.what == NAMED:
        return gettext("Walk-ins with a row: %(number)d, before %(before)d", number=number, before=before)
    if entry.what == WALK_INS:
        return gettext("Guests without a name: %(number)d, before %(before)d", number=number, before=before)
    return gettext("People in the room: %(number)d, before %(before)d", number=number, before=before)


def back(occurrence_id: int) -> str:
    """Where somebody goes who is done with a sheet: a coordinator came from the session's page."""
    if guard.actor().has(Role.FACILITATOR):
        return url_for("facilitator.today")
    if not guard.actor().has(Role.COORDINATOR):
        return url_for("servant.groups")
    return url_for("coordinator.occurrence", occurrence_id=occurrence_id)


def below_number(last: LastCount | None, head: Head) -> str:
    """What helps to count: the number of last time, and how many the room holds."""
    holds = (
        gettext("Room holds %(number)d.", number=head.room_holds)
        if head.is_by_heads and head.room_holds
        else ""
    )
    return " ".join(said for said in (_last_words(last, head), holds) if said)


def _last_words(last: LastCount | None, head: Head) -> str:
    """ "Last week: 15", or on which day that was."""
    if last is None:
        return ""
    if (head.local_start.date() - last.local_start.date()).days == 7:
        return gettext("Last week: %(number)d.", number=last.number)
    return gettext("%(day)s: %(number)d.", day=day(last.local_start.date()), number=last.number)


def last_saved(head: Head) -> str:
    """Who counted last, and when."""
    if head.counted_at is None:
        return ""
    return gettext(
        "Last saved by %(name)s, %(time)s.",
        name=head.counted_by or gettext("the system"),
        time=day_and_clock(head.counted_at, head.timezone),
    )


def _question(row: Row, head: Head, wanted: Wanted) -> Question:
    return Question(
        row=row,
        word=whole_word_of(row.value, head),
        mine=typed_of(wanted.value, head),
        mine_status=wanted.value.status or UNMARKED,
        mine_word=whole_word_of(wanted.value, head),
        seen=wanted.seen,
    )


def conflicts_of(wanted: Sequence[Wanted], results: Sequence[Result]) -> list[tuple[Wanted, Result]]:
    """The marks that somebody else was faster with."""
    pairs = zip(wanted, results, strict=True)
    return [(one, result) for one, result in pairs if result.outcome is Outcome.CONFLICT]


def to_sheet(occurrence_id: int, person: int | None = None) -> Response:
    """On to the sheet, or to a person's row on it, after something of it was saved."""
    anchor = f"row-{person}" if person else None
    return redirect(url_for("facilitator.sheet", occurrence_id=occurrence_id, _anchor=anchor), code=303)
