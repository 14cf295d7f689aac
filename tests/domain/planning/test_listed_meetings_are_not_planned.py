from collections.abc import Callable

import pytest

from scheduler.domain.planning.editing import edit_series
from scheduler.domain.planning.ending import end_series
from scheduler.domain.planning.leading import give_post
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.planning.stopping import cancel_occurrence, restore_occurrence
from scheduler.domain.roster.positions import Position
from scheduler.errors import NotFound
from scheduler.store.transaction import transaction
from tests.domain.planning.center import EVENING, FIRST, Center
from tests.support import factories

ACTS: list[Callable[[Center, int, int], object]] = [
    lambda center, series, _: center.do(edit_series, series_id=series, revision=1, plan=EVENING),
    lambda center, series, _: center.do(end_series, series_id=series, revision=1, last=FIRST.date()),
    lambda center, series, _: center.do(
        give_post,
        series_id=series,
        person_id=center.people.facilitator.id,
        position=Position.LEAD,
        from_date=FIRST.date(),
    ),
    lambda center, _, number: center.do(
        move_occurrence, occurrence_id=number, revision=1, local_start=FIRST, room_id=None, reason="x"
    ),
    lambda center, _, number: center.do(cancel_occurrence, occurrence_id=number, revision=1, reason="x"),
    lambda center, _, number: center.do(restore_occurrence, occurrence_id=number, revision=1),
]


@pytest.mark.parametrize("act", ACTS)
def test_a_meeting_that_no_center_runs_is_not_found(
    center: Center, act: Callable[[Center, int, int], object]
) -> None:
    with center.sessions() as session, transaction(session):
        series = factories.series(session, first_start=FIRST, listed=True)
        number = factories.occurrence(session, series, FIRST)
    with pytest.raises(NotFound):
        act(center, series, number)
