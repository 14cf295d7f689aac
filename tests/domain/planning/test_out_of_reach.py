"""What somebody limited to sites reads of what stands in the way elsewhere: busy, and no more."""

from dataclasses import replace

import pytest

from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.planning.foreseeing import foresee
from scheduler.domain.planning.leading import give_post
from scheduler.domain.roster.positions import Position
from scheduler.domain.schedule.clashes import Taken
from scheduler.store.transaction import transaction
from tests.domain.planning.center import EVENING, FIRST, Center
from tests.support import factories


@pytest.fixture
def limited(center: Center) -> Actor:
    """The coordinator for Elm Street only; Dana leads another group at Oak Hill at the same time."""
    with center.sessions() as session, transaction(session):
        elsewhere = factories.room(session, site="Oak Hill")
    center.make(title="Women in recovery", room_id=elsewhere, leads=[center.people.facilitator.id])
    return replace(center.people.coordinator.actor, limits=frozenset({(Role.COORDINATOR, 1)}))


def test_a_leader_who_is_elsewhere_is_busy(center: Center, limited: Actor) -> None:
    here = center.make(title="Evening group").series_id
    dana = center.people.facilitator.id
    with center.sessions() as session, pytest.raises(Taken) as taken, transaction(session):
        give_post(
            session,
            actor=limited,
            series_id=here,
            person_id=dana,
            position=Position.LEAD,
            from_date=FIRST.date(),
            now=center.now,
        )
    assert str(taken.value).startswith("Dana R. is busy on July 21, ")
    assert "Women" not in str(taken.value)
    assert {(clash.title, clash.occurrence_id) for clash in taken.value.clashes} == {("", None)}


@pytest.mark.parametrize("is_limited", [True, False])
def test_a_preview_says_the_same(center: Center, limited: Actor, is_limited: bool) -> None:
    viewer = limited if is_limited else center.people.coordinator.actor
    leads, plan = [center.people.facilitator.id], replace(EVENING, room_id=center.room)
    found = center.ask(foresee, plan=plan, leads=leads, viewer=viewer, now=center.now)
    assert {clash.title for clash in found.clashes} == {"" if is_limited else "Women in recovery"}
