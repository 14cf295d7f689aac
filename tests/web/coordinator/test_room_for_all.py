"""A word where more places are given than a room holds."""

import pytest

from tests.domain.planning.center import Center
from tests.web.coordinator.desk import Desk, text_of, toasts
from tests.web.coordinator.test_new_series import NEW, SMALL, preview

WORD = "Elm Street, room 2 holds 14, and there are 20 places."


def test_the_preview_and_the_saved_page_say_that_the_room_is_small(desk: Desk, center: Center) -> None:
    typed = {**SMALL, "room": str(center.room), "capacity": "20"}
    assert WORD in preview(desk, **typed)
    assert toasts(desk.saved(NEW, NEW, **typed)) == ["Evening skills is saved.", WORD]


@pytest.mark.parametrize("capacity", ["14", ""])
def test_nothing_is_said_where_all_find_room(desk: Desk, center: Center, capacity: str) -> None:
    typed = {**SMALL, "room": str(center.room), "capacity": capacity}
    assert "room 2 holds" not in preview(desk, **typed)
    assert toasts(desk.saved(NEW, NEW, **typed)) == ["Evening skills is saved."]


def test_changing_a_series_says_it_too(desk: Desk, center: Center) -> None:
    page = f"/coordinator/series/{center.make().series_id}/edit"
    assert "holds 14, and" not in text_of(desk.get(page))
    assert toasts(desk.saved(page, page, capacity="20"))[-1] == WORD
    assert WORD in text_of(desk.get(page))
