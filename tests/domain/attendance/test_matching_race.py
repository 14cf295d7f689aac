"""Two people who say at the same moment who a walk-in was."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.attendance import service
from scheduler.domain.attendance.matching import mark_member
from scheduler.domain.attendance.merging import Outcome, Wanted
from scheduler.domain.attendance.models import Mark, WalkIn
from scheduler.domain.attendance.statuses import Status, Value
from scheduler.domain.attendance.walking_in import add_walk_in
from scheduler.domain.people.finding import EVERYBODY
from scheduler.errors import Conflict
from scheduler.store.transaction import transaction
from tests.domain.planning.racing import Act, race
from tests.support.evenings import Group
from tests.support.people import Everybody, Someone

Sessions = sessionmaker[Database]
ROUNDS = 8
PRESENT = Value(Status.PRESENT)


def comes(sessions: Sessions, people: Everybody, group: Group) -> int:
    """Somebody is written down; nobody knows yet who it is."""
    with sessions() as session, transaction(session):
        given = {"actor": people.facilitator.actor, "occurrence_id": group.occurrence, "now": group.during}
        return add_walk_in(session, name="Renee T.", value=PRESENT, **given)


def taken_off(sessions: Sessions, people: Everybody, group: Group) -> None:
    """Nobody has a mark any more."""
    with sessions() as session, transaction(session):
        revisions = {row.person_id: row.revision for row in session.scalars(select(Mark))}
        given = {"actor": people.facilitator.actor, "occurrence_id": group.occurrence, "now": group.during}
        wanted = [Wanted(person, Value(), seen=revision) for person, revision in revisions.items()]
        service.save_marks(session, marks=wanted, **given)


def marked(sessions: Sessions) -> list[int]:
    with sessions() as session:
        return sorted(session.scalars(select(Mark.person_id).where(Mark.status.is_not(None))))


def matching(group: Group, walk_in: int, who: Someone, name: str) -> Act[int]:
    def act(session: Database) -> int:
        matched = mark_member(
            session,
            actor=who.actor,
            occurrence_id=group.occurrence,
            name=name,
            sight=EVERYBODY,
            now=group.during,
            walk_in_id=walk_in,
        )
        assert matched.outcome is Outcome.APPLIED
        return matched.member.person_id

    return act


def test_the_first_is_saved_and_the_second_is_told_every_time(
    sessions: Sessions, people: Everybody, group: Group
) -> None:
    for _round in range(ROUNDS):
        walk_in = comes(sessions, people, group)
        acts = [
            matching(group, walk_in, people.facilitator, "Renee Tamm"),
            matching(group, walk_in, people.coordinator, "Marcus Tull"),
        ]
        answers = race(sessions, acts)
        [person] = [answer for answer in answers if isinstance(answer, int)]
        [told] = [str(answer) for answer in answers if isinstance(answer, Conflict)]
        assert told == "Somebody matched this walk-in already."
        assert marked(sessions) == [person]
        with sessions() as session:
            assert session.get_one(WalkIn, walk_in).person_id == person
        taken_off(sessions, people, group)


def test_the_twin_that_looks_before_it_takes_the_sheet_marks_two_people_for_one(
    sessions: Sessions, people: Everybody, group: Group
) -> None:
    """It shows that the test above can fail."""
    walk_in, looked = comes(sessions, people, group), Barrier(2)

    def careless(person_id: int) -> bool:
        with sessions() as session:
            is_nobody_s = session.get_one(WalkIn, walk_in).person_id is None
        looked.wait(timeout=30)
        given = {"actor": people.facilitator.actor, "occurrence_id": group.occurrence, "now": group.during}
        with sessions() as session, transaction(session):
            if is_nobody_s:
                session.get_one(WalkIn, walk_in).person_id = person_id
                service.save_marks(session, marks=[Wanted(person_id, PRESENT)], **given)
        return is_nobody_s

    both = [people.member.id, people.other_member.id]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(careless, both)) == [True, True]
    assert marked(sessions) == sorted(both)
