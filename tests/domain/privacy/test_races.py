"""The same person erased, and the same two joined, at one moment: once each, and nothing is lost."""

from datetime import date, datetime
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.models import Person
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.privacy.erase import erase
from scheduler.domain.privacy.merge import Merged, merge
from scheduler.domain.privacy.models import Erasure
from scheduler.errors import NotFound
from scheduler.store.audit import AuditEntry
from scheduler.store.transaction import transaction
from tests.domain.planning.racing import race
from tests.support import factories
from tests.support.people import Everybody

Sessions = sessionmaker[Database]


def test_a_person_who_is_erased_from_two_pages_at_once_is_erased_once(
    sessions: Sessions, people: Everybody, now: datetime
) -> None:
    given = {"actor": SYSTEM, "now": now, "kept_until": date(2033, 7, 15)}
    act = partial(erase, person_id=people.member.id, **given)
    answers = race(sessions, [act] * 4)
    assert len({repr(answer) for answer in answers}) == 1
    with sessions() as session:
        noted = select(func.count()).where(AuditEntry.action == "person.erased")
        assert (session.scalar(noted), len(session.scalars(select(Erasure)).all())) == (1, 1)


def test_two_records_joined_both_ways_at_once_are_one_and_keep_everything(
    sessions: Sessions, people: Everybody, now: datetime
) -> None:
    first, second = people.member.id, people.other_member.id
    with sessions() as session, transaction(session):
        for person in (first, second):
            factories.enrollment(session, factories.series(session), person)

    def joined(one: int, other: int, session: Database) -> Merged | None:
        try:
            return merge(session, actor=SYSTEM, first_id=one, second_id=other, now=now)
        except NotFound:
            return None

    answers = race(sessions, [partial(joined, first, second), partial(joined, second, first)])
    assert [answer is None for answer in answers].count(True) == 1
    with sessions() as session:
        gone = session.scalars(select(Person.merged_into).where(Person.merged_into.is_not(None))).all()
        assert session.scalars(select(Enrollment.person_id)).all() == gone * 2
