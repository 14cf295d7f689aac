"""The same list brought twice, and one list taken over from two pages, at one moment: everybody is made once.

The twins show what each race is without its guard. No address is in the list: the database itself lets only
one have it, guarded or not.
"""

from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.imports import apply as applying
from scheduler.domain.imports.apply import apply
from scheduler.domain.imports.judging import Choice
from scheduler.domain.imports.models import ImportBatch
from scheduler.domain.imports.review import reviewed
from scheduler.domain.imports.reviewed import Prepared, Reviewed
from scheduler.domain.imports.series_columns import SERIES
from scheduler.domain.people.models import Identity
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.schedule.models import Series
from scheduler.errors import Refused
from tests.domain.imports.lists import TODAY, Desk
from tests.domain.planning.racing import Act, race

LINES = ("Name | Born | Phone", "Ada Lovelace | 1985 | +1 555 010 0000")
SOME = 3


def test_of_many_who_bring_the_same_list_at_once_one_makes_its_people(desk: Desk) -> None:
    lists = [desk.bring(*LINES) for _ in range(SOME)]
    answers = race(desk.sessions, [taking(desk, each) for each in lists])
    assert sorted(map(str, answers)) == ["0", "0", "1"]
    assert len(called(desk, "Ada Lovelace")) == 1


@pytest.mark.databases("postgresql")
def test_the_twin_where_lists_do_not_wait_for_each_other_makes_somebody_for_each(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = [desk.bring(*LINES) for _ in range(SOME)]
    monkeypatch.setattr(applying, "_one_at_a_time", lambda _session: None)
    compare_together(monkeypatch)
    answers = race(desk.sessions, [taking(desk, each) for each in lists])
    assert answers == [1] * SOME
    assert len(called(desk, "Ada Lovelace")) == SOME


def test_of_many_who_take_one_list_over_at_once_one_does(desk: Desk) -> None:
    batch = another_ada(desk)
    answers = race(desk.sessions, [taking(desk, batch)] * SOME)
    assert sorted(map(str, answers)) == ["0", "0", "1"]
    assert len(called(desk, "Ada Lovelace")) == 1 + 1


@pytest.mark.databases("postgresql")
def test_the_twin_that_does_not_hold_the_list_takes_it_over_several_times(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, looked = another_ada(desk), Barrier(SOME, timeout=30)
    monkeypatch.setattr(applying, "_one_at_a_time", lambda _session: None)
    monkeypatch.setattr(applying, "hold", lambda session, number: seen(session, looked, number))
    assert race(desk.sessions, [taking(desk, batch)] * SOME) == [1] * SOME
    assert len(called(desk, "Ada Lovelace")) == 1 + SOME


def another_ada(desk: Desk) -> int:
    """A list with somebody of whom it was decided that they are not the one who is here."""
    desk.take("Name | Born", "Ada Lovelace | 1985")
    return desk.bring("Name", "Ada Lovelace", choices={2: Choice.NEW})


def seen(session: Database, looked: Barrier, batch: int) -> ImportBatch:
    """What `hold` must not be: all look before anybody writes."""
    found = session.get_one(ImportBatch, batch)
    looked.wait()
    return found


def taking(desk: Desk, batch: int) -> Act[int]:
    """Somebody looks at a list and takes it over; how many persons that made."""

    def act(session: Database) -> int:
        try:
            prepared = desk.prepare(session, batch)
            seen = reviewed(session, prepared, reach=desk.reach, today=TODAY)
            return apply(
                session,
                actor=SYSTEM,
                batch_id=batch,
                prepared=prepared,
                seen=seen,
                reach=desk.reach,
                today=TODAY,
                now=desk.now,
            ).new
        except Refused:
            return 0

    return act


def called(desk: Desk, name: str) -> list[int]:
    with desk.sessions() as session:
        return list(session.scalars(select(Identity.person_id).where(Identity.name == name)))


def compare_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """All compare before anybody writes."""
    compared = Barrier(SOME, timeout=30)

    def together(session: Database, prepared: Prepared, **words: Any) -> Reviewed[Any]:
        found = reviewed(session, prepared, **words)
        compared.wait()
        return found

    monkeypatch.setattr(applying, "reviewed", together)


SERIES_LINES = ("Title | Day | Time | Length", "Choir | Tuesday | 7 PM | 60")


def test_of_many_who_bring_the_same_series_at_once_one_makes_them(desk: Desk) -> None:
    desk = replace(desk, kind=SERIES)
    lists = [desk.bring(*SERIES_LINES) for _ in range(SOME)]
    answers = race(desk.sessions, [taking(desk, each) for each in lists])
    assert sorted(map(str, answers)) == ["0", "0", "1"]
    assert titled(desk, "Choir") == 1


@pytest.mark.databases("postgresql")
def test_the_twin_where_lists_of_series_do_not_wait_makes_one_for_each(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = replace(desk, kind=SERIES)
    lists = [desk.bring(*SERIES_LINES) for _ in range(SOME)]
    monkeypatch.setattr(applying, "_one_at_a_time", lambda _session: None)
    compare_together(monkeypatch)
    assert race(desk.sessions, [taking(desk, each) for each in lists]) == [1] * SOME
    assert titled(desk, "Choir") == SOME


def titled(desk: Desk, title: str) -> int:
    with desk.sessions() as session:
        return len(session.scalars(select(Series.id).where(Series.title == title)).all())
