"""Who may take a sheet."""

from __future__ import annotations

from scheduler.domain.people.roles import Actor, Role


def may_take(actor: Actor, *, has_duty: bool) -> bool:
    """Whoever has a duty at the occurrence, and coordinators.

    The duty decides, not the post: a substitute may, and whom they stand in for may not.
    """
    return actor.has(Role.COORDINATOR) or (has_duty and actor.has(Role.FACILITATOR))
