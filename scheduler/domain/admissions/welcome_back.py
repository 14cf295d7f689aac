"""Welcoming a member back: the end of a hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session as Database

from scheduler.domain.admissions.belonging import Belonging, remember, take_hold
from scheduler.domain.admissions.outcome import Effect, Outcome, Verb, What
from scheduler.domain.enrollment.queries import beside
from scheduler.domain.enrollment.service import add_enrollment, change_last_date, without_place
from scheduler.domain.people.roles import Actor
from scheduler.domain.schedule.terms import Term
from scheduler.domain.stays.models import Hold
from scheduler.domain.stays.reasons import Places
from scheduler.domain.stays.service import end_hold, load_hold
from scheduler.errors import Conflict, Invalid, Refused
from scheduler.store.audit import record
from scheduler.store.base import require_revision
from scheduler.store.revisions import raise_calendars

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """A hold as it was before its end: what it is compared with. `was` are the dates it was to have."""

    was: Term
    made_at: datetime
    back_on: date

    @property
    def never_was(self) -> bool:
        """Does the return leave no day of it?"""
        return self.back_on <= self.was.from_date


def welcome_back(
    session: Database, *, actor: Actor, hold_id: int, revision: int, back_on: date, now: datetime
) -> Outcome:
    """Everything is expected again from the local date `back_on` on, but for what has changed since.

    Back on the first day of the hold or before, it is called off: there never was one.
    Where the place was freed and somebody else has it, that enrollment ends the day before the hold; if the
    hold was to end by itself, it goes on after that. Raises NotFound, Conflict where `revision` of the hold
    is not the newest, Invalid on `back_on` after the hold's own end.
    """
    row = load_hold(session, hold_id)
    held = take_hold(session, row.person_id)
    row = load_hold(session, hold_id)
    require_revision(row, revision)
    pause = Pause(Term(row.from_date, row.until_date), row.made_at, back_on)
    if row.until_date is not None and back_on > row.until_date + _DAY:
        raise Invalid("The pause is over by then. Choose an earlier day.", field="back_on")
    person_id, stay_id = row.person_id, row.stay_id
    is_freed = row.places == Places.FREED
    verb = Verb.CALL_OFF if pause.never_was else Verb.WELCOME_BACK
    with remember(session, verb, person_id=person_id, actor=actor, now=now) as memory:
        effects = [_ended(session, row, back_on), *_meanwhile(held, pause)]
        lost = without_place(session, person_id=person_id, on=_early(pause)) if is_freed else ()
        for each in held:
            if each.term.holds_from(back_on):
                effects += _restored(session, each, pause, is_lost=each.enrollment.id in lost, now=now)
        session.flush()
    ids = {each.series.id for each in held}
    raise_calendars(session, {person_id} | beside(session, ids), now=now)
    record(
        session,
        actor=actor,
        at=now,
        action="hold.ended",
        subject="stay",
        subject_id=stay_id,
        person_id=person_id,
        detail={
            "back_on": back_on.isoformat(),
            "lost": len(lost),
        },
    )
    return Outcome(memory.id, stay_id, tuple(effects))


def _ended(session: Database, row: Hold, back_on: date) -> Effect:
    first = row.from_date
    if end_hold(session, hold=row, last=back_on - _DAY):
        return Effect(What.RESUMED, day=back_on)
    return Effect(What.NEVER_PAUSED, day=first)


def _early(pause: Pause) -> Term:
    """The dates on which the member takes their places again because of the return."""
    first = max(pause.back_on, pause.was.from_date)
    last = pause.was.until_date
    return Term(first, None if last is None else max(first, last))


def _meanwhile(held: Sequence[Belonging], pause: Pause) -> Iterator[Effect]:
    """What was changed about the groups since the hold was made."""
    for each in held:
        row, series = each.enrollment, each.series
        is_over = row.until_date is not None and pause.was.from_date - _DAY <= row.until_date < pause.back_on
        goes_on = any(_continues(other, each) for other in held)
        if is_over and not goes_on and row.changed_at > pause.made_at:
            yield each.effect(What.ENDED_MEANWHILE, day=row.until_date)
        elif not each.term.holds_from(pause.back_on):
            continue
        elif any(_continues(each, other) for other in held) and row.from_date >= pause.was.from_date:
            yield each.effect(What.MOVED_MEANWHILE, day=row.from_date)
        elif series.changed_at > pause.made_at:
            yield each.effect(What.CHANGED_MEANWHILE)


def _continues(later: Belonging, earlier: Belonging) -> bool:
    """Is the one what the other was carried into by a split of the series?"""
    return (
        later.series.lineage_id == earlier.series.lineage_id
        and later.series.id != earlier.series.id
        and earlier.enrollment.until_date is not None
        and later.enrollment.from_date == earlier.enrollment.until_date + _DAY
    )


def _restored(
    session: Database, each: Belonging, pause: Pause, *, is_lost: bool, now: datetime
) -> Iterator[Effect]:
    if not is_lost:
        first = max(pause.back_on, each.enrollment.from_date)
        yield each.effect(What.PLACE_BACK, day=None if pause.never_was else first)
        return
    until = each.enrollment.until_date
    _end(session, each, pause.was.from_date - _DAY, now)
    last = pause.was.until_date
    if last is not None and (until is None or until > last):
        try:  # nobody could have it for longer than the pause
            again = add_enrollment(
                session,
                series=each.series,
                person_id=each.enrollment.person_id,
                term=Term(last + _DAY, until),
                now=now,
            )
        except (Conflict, Refused):
            yield each.effect(What.PLACE_TAKEN, day=pause.was.from_date - _DAY)
        else:
            yield each.effect(What.PLACE_LATER, day=again.from_date)
    else:
        yield each.effect(What.PLACE_TAKEN, day=pause.was.from_date - _DAY)


def _end(session: Database, each: Belonging, last: date, now: datetime) -> None:
    if each.enrollment.from_date > last:
        session.delete(each.enrollment)
        session.flush()
        return
    each.enrollment.revision += 1
    change_last_date(session, enrollment=each.enrollment, series=each.series, until=last, now=now)
