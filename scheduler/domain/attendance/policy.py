"""Who may take a sheet."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, ColumnElement, Integer, bindparam, column, exists, false, func, or_, table

from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.planning.reach import occurrences_at
from scheduler.domain.roster.models import Duty
from scheduler.domain.roster.positions import SERVANTS
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.models import Occurrence, Series

ACTING: Final = "acting"
"""The parameter that says who acts: one in all of a statement."""
# What a hosted group decided; its package stands above this one.
_CONSCIENCE = table("conscience", column("lineage_id"), column("share_headcount", Boolean))


def may_take(actor: Actor) -> ColumnElement[bool]:
    """Whether this actor may take the sheet of an Occurrence of its Series.

    Coordinators may within their reach, but not where the group keeps its number to itself; facilitators
    where they have a duty; and who serves a mutual-help meeting as chair or secretary may count its heads.
    The duty decides, not the post: a substitute may, and whom they stand in for may not.
    """
    return or_(may_reopen(actor), leads(actor))


def leads(actor: Actor) -> ColumnElement[bool]:
    """Whether a duty of this actor opens the sheet: they see everybody on it, colleagues too."""
    duty = exists().where(Duty.occurrence_id == Occurrence.id, Duty.person_id == _acting(actor))
    if actor.has(Role.FACILITATOR):
        return duty.correlate(Occurrence)
    if actor.has(Role.TRUSTED_SERVANT):
        serves = duty.where(Duty.position.in_(SERVANTS)).correlate(Occurrence)
        return serves & (Series.kind == Kind.MUTUAL_HELP) & (Series.counting == Counting.HEADS)
    return false()


def asked_by(actor: Actor) -> dict[str, int | None]:
    """What a statement with these conditions is asked with, where it was written for somebody like them."""
    return {ACTING: actor.person_id}


def like(actor: Actor) -> Actor:
    """Anybody with the same roles: a statement that is written for them once serves all of these."""
    return Actor(None, None, actor.roles, actor.limits)


def _acting(actor: Actor) -> ColumnElement[int]:
    return bindparam(ACTING, actor.person_id, Integer)


def is_shared() -> ColumnElement[bool]:
    """Whether the center sees the headcount of a Series: the group decides, and shares it until it did."""
    of_it = _CONSCIENCE.c.lineage_id == func.coalesce(Series.lineage_id, Series.id)
    hidden = exists().where(of_it, _CONSCIENCE.c.share_headcount.is_(False))
    return ~hidden.correlate(Series)


def may_reopen(actor: Actor) -> ColumnElement[bool]:
    """Whether this actor may open the sheet of an Occurrence of its Series again: a coordinator in reach."""
    if not actor.has(Role.COORDINATOR):
        return false()
    sites = actor.sites_as(Role.COORDINATOR)
    return is_shared() if sites is None else is_shared() & occurrences_at(sites)


def checks_in() -> ColumnElement[bool]:
    """Whether members of a Series come in by themselves: where that was chosen, and names are taken.

    Never at mutual help. The fellowships keep no record of who attends, and a phone held up at the door of
    one would be such a record.
    """
    return Series.check_in & (Series.counting != Counting.HEADS) & (Series.kind != Kind.MUTUAL_HELP)
