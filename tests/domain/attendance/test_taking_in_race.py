"""Batches that arrive at the same moment: the same one twice, and those of two devices about one member."""

from collections.abc import Callable
from datetime import datetime
from threading import Barrier, Thread

from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.attendance.merging import Wanted
from scheduler.domain.attendance.models import MarkChange, SentMark
from scheduler.domain.attendance.sent_rows import Batch, Sender
from scheduler.domain.attendance.statuses import Status, Value
from scheduler.domain.attendance.sync import Sent
from scheduler.domain.attendance.taking_in import take_in
from scheduler.store.transaction import transaction
from tests.domain.attendance.test_race import occurrences
from tests.support import factories
from tests.support.evenings import Group
from tests.support.people import Everybody, Someone

Sessions = sessionmaker[Database]
ROUNDS = 6


def at_once(*acts: Callable[[], str]) -> list[str]:
    """What each says that is done at the same moment."""
    said: list[str] = []
    threads = [Thread(target=lambda act=act: said.append(act())) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(said)


def taken(sessions: Sessions, who: Someone, device: int, occurrence: int, sent: Sent, now: datetime) -> str:
    with sessions() as session, transaction(session):
        sender, batch = Sender(actor=who.actor, device_id=device, since=now), Batch(occurrence, (sent,))
        (decided,) = take_in(session, sender=sender, batch=batch, now=now).marks
    return f"{decided.outcome}{' again' if decided.again else ''}"


def test_the_same_mark_twice_at_once_is_saved_once(
    sessions: Sessions, people: Everybody, group: Group
) -> None:
    with sessions() as session, transaction(session):
        device = factories.device(session, people.facilitator.id)
    said = []
    for number, occurrence in enumerate(occurrences(sessions, group, ROUNDS)):
        sent = Sent(f"uid {number}", Wanted(people.member.id, Value(Status.PRESENT)), group.during)

        def act(occurrence: int = occurrence, sent: Sent = sent) -> str:
            return taken(sessions, people.facilitator, device, occurrence, sent, group.during)

        said.append(at_once(act, act))
    assert said == [["applied", "applied again"]] * ROUNDS
    with sessions() as session:
        assert (session.query(MarkChange).count(), session.query(SentMark).count()) == (ROUNDS, ROUNDS)


def test_of_two_devices_the_first_is_saved_and_the_second_is_shown_both(
    sessions: Sessions, people: Everybody, group: Group
) -> None:
    with sessions() as session, transaction(session):
        devices = [factories.device(session, each.id) for each in (people.facilitator, people.coordinator)]
    said = []
    for number, occurrence in enumerate(occurrences(sessions, group, ROUNDS)):
        acts = [
            lambda who=who, status=status, device=device, occurrence=occurrence, number=number: taken(
                sessions,
                who,
                device,
                occurrence,
                Sent(f"{number} {status}", Wanted(people.member.id, Value(status)), group.during),
                group.during,
            )
            for who, status, device in (
                (people.facilitator, Status.PRESENT, devices[0]),
                (people.coordinator, Status.ABSENT, devices[1]),
            )
        ]
        said.append(at_once(*acts))
    assert said == [["applied", "conflict"]] * ROUNDS


def test_without_taking_the_sheet_first_one_of_two_has_no_answer(
    sessions: Sessions, people: Everybody, group: Group
) -> None:
    """Looked for, not found, and then kept: which shows that the tests above can fail."""
    looked = Barrier(2)

    def act() -> str:
        with sessions() as session:
            session.scalars(select(SentMark.uid).where(SentMark.uid == "one")).all()
            looked.wait(timeout=30)
            try:
                session.execute(
                    insert(SentMark).values(
                        uid="one",
                        sent_by=people.facilitator.id,
                        occurrence_id=group.occurrence,
                        what="mark",
                        fills=False,
                        made_at=group.during,
                        received_at=group.during,
                        outcome="applied",
                    )
                )
                session.commit()
            except DBAPIError as error:
                return type(error).__name__
        return "applied"

    assert at_once(act, act) in (["IntegrityError", "applied"], ["OperationalError", "applied"])
