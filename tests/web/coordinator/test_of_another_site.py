"""A session of another site's series, held here: whoever plans for this site has only that one."""

import re

import pytest

from scheduler.domain.people.models import RoleSite
from scheduler.domain.people.roles import Role
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.roster.models import Duty
from scheduler.store.transaction import transaction
from tests.domain.planning.center import FIRST, Center
from tests.support import factories
from tests.web.coordinator.desk import Desk, toasts


@pytest.fixture
def page(center: Center) -> str:
    """The first session of an Oak Hill series, moved to Elm Street, for which alone the coordinator plans."""
    with center.sessions() as session, transaction(session):
        attic = factories.room(session, site="Oak Hill")
    made = center.make(title="Oak group", room_id=attic, leads=[center.people.facilitator.id])
    center.do(
        move_occurrence,
        occurrence_id=made.occurrences[0],
        revision=1,
        local_start=FIRST,
        room_id=center.room,
        reason="Painting",
    )
    with center.sessions() as session, transaction(session):
        session.add(RoleSite(person_id=center.people.coordinator.id, role=Role.COORDINATOR, site_id=1))
    return f"/coordinator/occurrences/{made.occurrences[0]}"


def number(page: str) -> int:
    return int(page.rpartition("/")[2])


def test_nothing_of_its_series_is_offered(desk: Desk, page: str) -> None:
    for shown in (desk.get(page), desk.get(f"{page}/change")):
        assert re.findall(r'value="(?:following|all)"', shown) == []
        assert re.findall(r"/coordinator/series/\d+", shown) == []


@pytest.mark.parametrize("how_far", ["following", "all"])
def test_its_series_stays_as_it_is(desk: Desk, center: Center, page: str, how_far: str) -> None:
    [duty] = center.rows(Duty, occurrence_id=number(page))
    femi = str(center.people.other_facilitator.id)
    lead = {f"duty{duty.id}-person": femi, f"duty{duty.id}-how_far": how_far}
    for action, typed in (
        ("move", {"move-at": "09:00", "move-how_far": how_far, "move-reason": "Ours"}),
        ("substitute", lead),
    ):
        assert desk.send(page, f"{page}/{action}", **typed).status_code == 404
    form = desk.get(f"{page}/change")
    for typed in ({"at": "09:00"}, {"lead": femi}):
        sent = desk.send_from(form, f"{page}/change", **typed, scope=how_far, reason="Ours")
        assert sent.status_code == 404
    assert {each.hour for each in center.starts(1)} == {19}
    assert {person for _, person in center.leaders(1)} == {center.people.facilitator.id}


def test_this_one_alone_is_moved_and_led_by_somebody_else(desk: Desk, center: Center, page: str) -> None:
    after = desk.saved(page, f"{page}/move", **{"move-at": "18:00", "move-reason": "Earlier"})
    assert toasts(after) == ["Moved to Tuesday, July 21, 6:00 PM, Elm Street, room 2."]
    assert center.starts(1)[:2] == [FIRST.replace(hour=18), FIRST.replace(day=28)]
    assert desk.send_from(after, "/coordinator/plan/undo", toast=True).status_code == 303
    assert center.starts(1)[:2] == [FIRST, FIRST.replace(day=28)]
    [duty] = center.rows(Duty, occurrence_id=number(page))
    femi = center.people.other_facilitator.id
    desk.saved(page, f"{page}/substitute", **{f"duty{duty.id}-person": str(femi)})
    assert [person for _, person in center.leaders(1)][:2] == [femi, center.people.facilitator.id]
