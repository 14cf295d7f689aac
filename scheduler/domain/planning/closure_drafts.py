"""What is typed about a closure, and whether it makes sense. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.closing_plan import Choice, Does, Span
from scheduler.domain.planning.looking import reason_of
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.wall_time import instant_of, require_existing
from scheduler.errors import Invalid

LONGEST_CLOSURE: Final = timedelta(days=2 * 366)
FURTHEST: Final = timedelta(days=2 * 366)
NO_ANSWER: Final = "Say what becomes of medication visits."


@dataclass(frozen=True, slots=True)
class ClosureDraft:
    """A site, or one room, is shut between two naive wall times in the zone of its site, the end left out.

    `timezone` counts only for a room without a site. What becomes of a kind that is not in `choices` nobody
    said: it is left. Medication is a kind of its own, and never included in others.
    """

    reason: str
    local_start: datetime
    local_end: datetime
    site_id: int | None = None
    room_id: int | None = None
    timezone: str = "UTC"
    choices: Mapping[Kind, Choice] = field(default_factory=dict)


def all_but_medication(choice: Choice) -> dict[Kind, Choice]:
    """The same choice for every kind except medication visits, which are asked about separately."""
    return {kind: choice for kind in Kind if kind is not Kind.MEDICATION}


def checked_draft(draft: ClosureDraft, *, now: datetime) -> tuple[ClosureDraft, Span]:
    """With clean words, and the instants of its span. Raises Invalid with every field that is wrong."""
    wrong: dict[str, str] = {}
    if (draft.site_id is None) is (draft.room_id is None):
        wrong["place"] = "Choose a site or a room."
    try:
        draft = replace(draft, reason=reason_of(draft.reason, field="reason", needed=True))
    except Invalid as error:
        wrong |= error.fields
    try:
        span = span_of(draft.local_start, draft.local_end, draft.timezone, now=now)
    except Invalid as error:
        raise Invalid.many(wrong | error.fields) from error
    if any(
        kind is not Kind.MEDICATION and choice.does is Does.KEEP for kind, choice in draft.choices.items()
    ):
        wrong["choices"] = "Only medication visits may go on in a closed place."
    if wrong:
        raise Invalid.many(wrong)
    return draft, span


def span_of(local_start: datetime, local_end: datetime, timezone: str, *, now: datetime) -> Span:
    """The instants between two naive wall times in a zone.

    Raises Invalid on `local_start` for a skipped time and one that is too far away, on `local_end` for a
    skipped time, one that is not after the start, one that is past, and one more than two years later.
    """
    zone = zone_named(timezone)
    for field_name, at in (("local_start", local_start), ("local_end", local_end)):
        if not now.year - 4 < at.year < now.year + 6:
            raise Invalid("This date is too far away.", field=field_name)
        require_existing(at, zone, field=field_name)
    span = Span(instant_of(local_start, zone), instant_of(local_end, zone))
    if span.ends_at <= span.starts_at:
        raise Invalid("The end is before the start.", field="local_end")
    if span.ends_at - span.starts_at > LONGEST_CLOSURE:
        raise Invalid("A closure lasts two years at most. Then make another one.", field="local_end")
    if span.ends_at <= now:
        raise Invalid("This is over already. Choose a later end.", field="local_end")
    if span.starts_at > now + FURTHEST:
        raise Invalid("This date is too far away.", field="local_start")
    return span
