"""The ledger applied to a database that is older: each kind of line, twice, and about somebody else."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.access.beginning import begin_sign_in
from scheduler.domain.access.models import Passkey, RecoveryCode, SecondFactor
from scheduler.domain.calendars.models import Feed
from scheduler.domain.calendars.service import Choices, make_feed
from scheduler.domain.calendars.sources import Titles
from scheduler.domain.people.models import (
    Account,
    Device,
    Identity,
    OneTimeLink,
    Person,
    PersonRole,
    RoleSite,
    SignIn,
)
from scheduler.domain.people.roles import Role
from scheduler.domain.people.sign_ins import hash_of
from scheduler.domain.places.models import Site
from scheduler.domain.privacy.models import Erasure, Review
from scheduler.domain.privacy.reapplying import reapply
from scheduler.store.ledger import Ended, Line
from scheduler.store.transaction import transaction
from tests.support.people import Everybody

Sessions = sessionmaker[Database]
LATER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Older:
    """A database as it was before anything ended: Dana has every means to sign in, and her calendar."""

    sessions: Sessions
    people: Everybody
    now: datetime
    secrets: tuple[str, str]

    @property
    def dana(self) -> int:
        return self.people.facilitator.id

    def of_dana(self, what: Ended, *, key: str = "", at: timedelta = LATER, **more: Any) -> Line:
        return Line(what, self.now + at, key, self.dana, self.now, **more)

    def apply(self, *lines: Line) -> None:
        for _twice in range(2):
            with self.sessions() as session, transaction(session):
                reapply(session, lines)

    def all(self, query: Any) -> list[Any]:
        with self.sessions() as session:
            return list(session.scalars(query))

    def one(self, query: Any) -> Any:
        (found,) = self.all(query)
        return found


@pytest.fixture
def older(sessions: Sessions, people: Everybody, now: datetime) -> Older:
    dana = people.facilitator.id
    with sessions() as session, transaction(session):
        secrets = [begin_sign_in(session, person_id=dana, lasts=timedelta(days=1), now=now) for _ in range(2)]
        choices = Choices("Phone", Titles.PLAIN)
        make_feed(session, actor=people.facilitator.actor, person_id=dana, choices=choices, now=now)
        for site in (1, 2, 3):
            session.add(Site(name=f"site {site}", timezone="America/New_York", changed_at=now))
        for purpose in ("reset", "invitation"):
            session.add(
                OneTimeLink(
                    person_id=dana, purpose=purpose, created_at=now, expires_at=now + timedelta(days=9)
                )
            )
        session.add(Account(person_id=dana, password_hash="old", changed_at=now))
        session.add(
            Passkey(
                person_id=dana, credential_id=b"c", public_key=b"k", user_handle=b"h", name="Key", made_at=now
            )
        )
        session.add(SecondFactor(person_id=dana, sealed_secret="s", made_at=now, confirmed_at=now))
        session.add(RecoveryCode(person_id=dana, code_hash="printed"))
        today = now.date()
        session.add(
            Review(person_id=dana, span_from=today, span_until=today, access_until=today, made_at=now)
        )
    return Older(sessions, people, now, (secrets[0], secrets[1]))


def test_one_device_and_all_but_one(older: Older) -> None:
    dana_s = select(SignIn.secret_hash).where(SignIn.person_id == older.dana)
    first, second = map(hash_of, older.secrets)
    older.apply(Line(Ended.SIGN_IN, older.now + LATER, first))
    assert first not in older.all(dana_s)
    assert second in older.all(dana_s)
    older.apply(older.of_dana(Ended.SIGN_INS, key=second))
    assert older.all(dana_s) == [second]
    older.apply(older.of_dana(Ended.SIGN_INS, at=-LATER))
    assert older.all(dana_s) == [second]
    older.apply(older.of_dana(Ended.SIGN_INS))
    assert older.all(dana_s) == []


@pytest.mark.parametrize("days", [None, 3, 30])
def test_a_calendar_is_never_longer_alive_than_it_was(older: Older, days: int | None) -> None:
    token = older.one(select(Feed.token_hash))
    until = older.now + timedelta(days=14)
    after = older.now + timedelta(days=days) if days else None
    lines = [
        Line(Ended.FEED, older.now + LATER, token, until=until),
        Line(Ended.FEED, older.now + 2 * LATER, token, until=after),
    ]
    for order in (lines, lines[::-1], lines[:1]):
        older.apply(*order)
        feed = older.one(select(Feed))
        assert (feed.revoked_at, feed.farewell_until) == (
            older.now + LATER,
            min(until, after) if after else None,
        )


@pytest.mark.parametrize(
    ("said", "ended"),
    [
        ([(Ended.FEED, 1), (Ended.FEED_BACK, 2)], None),
        ([(Ended.FEED, 1), (Ended.FEED_BACK, 2), (Ended.FEED, 3)], 3),
        ([(Ended.FEED, 1), (Ended.FEED_BACK, 1)], 1),  # of one instant what takes away counts
    ],
)
def test_a_calendar_whose_end_was_taken_back_goes_by_what_came_after(
    older: Older, said: list[tuple[Ended, int]], ended: int | None
) -> None:
    token = older.one(select(Feed.token_hash))
    lines = [Line(what, older.now + hours * LATER, token) for what, hours in said]
    other = Line(Ended.FEED_BACK, older.now + 9 * LATER, "another")
    older.apply(*lines[::-1], other)
    assert older.one(select(Feed.revoked_at)) == (older.now + ended * LATER if ended else None)


def test_links_one_and_by_purpose(older: Older) -> None:
    unused = select(OneTimeLink.purpose).where(OneTimeLink.used_at.is_(None))
    reset = older.one(select(OneTimeLink.id).where(OneTimeLink.purpose == "reset"))
    older.apply(Line(Ended.LINK, older.now + LATER, str(reset), made_at=older.now - LATER))
    assert len(older.all(unused)) == 2  # another link, which had the same id
    older.apply(older.of_dana(Ended.LINKS, key="invitation"))
    assert older.all(unused) == ["reset"]
    older.apply(Line(Ended.LINK, older.now + LATER, str(reset), made_at=older.now))
    assert older.all(unused) == []
    used = select(OneTimeLink.used_at).where(OneTimeLink.id == reset)
    assert older.one(used) == older.now + LATER


def test_all_links_of_a_person(older: Older) -> None:
    older.apply(older.of_dana(Ended.LINKS))
    assert older.all(select(OneTimeLink.id).where(OneTimeLink.used_at.is_(None))) == []


@pytest.mark.parametrize("at", [timedelta(), LATER])
def test_an_old_password_opens_nothing_and_a_new_one_stays(older: Older, at: timedelta) -> None:
    older.apply(older.of_dana(Ended.PASSWORD, at=at))
    assert older.all(select(Account.password_hash)) == ([] if at else ["old"])


@pytest.mark.parametrize(("key", "counts"), [("email", False), ("phone", True)])
def test_an_address_that_was_changed_counts_no_longer(older: Older, key: str, counts: bool) -> None:
    older.apply(older.of_dana(Ended.CHANNEL, key=key))
    dana = older.one(select(Identity).where(Identity.person_id == older.dana))
    assert (dana.email_confirmed_at is not None) is counts
    assert dana.email == older.people.facilitator.email


def test_passkey_second_step_and_recovery_code(older: Older) -> None:
    older.apply(Line(Ended.PASSKEY, older.now, hashlib.sha256(b"another").hexdigest()))
    assert older.all(select(Passkey.name)) == ["Key"]
    older.apply(
        Line(Ended.PASSKEY, older.now, hashlib.sha256(b"c").hexdigest()),
        older.of_dana(Ended.SECOND_STEP),
        Line(Ended.RECOVERY_CODE, older.now + LATER, "printed"),
    )
    assert older.all(select(Passkey.id)) == []
    assert older.all(select(SecondFactor.person_id)) == []
    assert older.all(select(RecoveryCode.used_at)) == [older.now + LATER]


def test_a_review_that_was_ended(older: Older) -> None:
    review = older.one(select(Review.id))
    older.apply(Line(Ended.REVIEW, older.now + LATER, str(review), made_at=older.now))
    assert older.all(select(Review.ended_at)) == [older.now + LATER]


@pytest.mark.parametrize(
    ("whats", "disabled"),
    [
        ([Ended.DISABLED], True),
        ([Ended.DISABLED, Ended.ENABLED], False),
        ([Ended.DISABLED, Ended.ENABLED, Ended.DISABLED], True),
    ],
)
def test_the_last_that_was_said_of_a_person_counts(older: Older, whats: list[Ended], disabled: bool) -> None:
    lines = [older.of_dana(what, at=LATER * number) for number, what in enumerate(whats, 1)]
    older.apply(*lines[::-1])
    found = older.all(select(Person.id).where(Person.disabled_at.is_not(None)))
    assert found == ([older.dana] if disabled else [])


@pytest.mark.parametrize("swapped", [False, True])
def test_a_role_given_for_a_site_in_one_step_is_for_that_site_in_whichever_order_it_was_copied(
    older: Older, *, swapped: bool
) -> None:
    lines = [
        older.of_dana(Ended.ROLE_GIVEN, key=Role.FACILITATOR),
        older.of_dana(Ended.ROLE_LIMITED, key=f"{Role.FACILITATOR}:1"),
    ]
    older.apply(*(reversed(lines) if swapped else lines))
    assert older.all(select(RoleSite.site_id).where(RoleSite.person_id == older.dana)) == [1]


@pytest.mark.parametrize(
    ("said", "before", "held", "sites"),
    [
        ([(Ended.ROLE_TAKEN, "")], [], False, []),
        ([(Ended.ROLE_TAKEN, ""), (Ended.ROLE_GIVEN, "")], [1], True, [1]),
        ([(Ended.ROLE_LIMITED, ":1,2")], [], True, [1, 2]),
        ([(Ended.ROLE_LIMITED, ":1,2")], [2, 3], True, [2]),
        ([(Ended.ROLE_LIMITED, ":1")], [2], False, []),
        ([(Ended.ROLE_LIMITED, ":")], [2], True, [2]),
        ([(Ended.ROLE_LIMITED, ":1"), (Ended.ROLE_TAKEN, "")], [], False, []),
    ],
)
def test_a_role_is_only_ever_narrowed(
    older: Older, said: list[tuple[Ended, str]], before: list[int], held: bool, sites: list[int]
) -> None:
    role = Role.FACILITATOR
    with older.sessions() as session, transaction(session):
        session.add_all(RoleSite(person_id=older.dana, role=role, site_id=site) for site in before)
    older.apply(
        *(
            older.of_dana(what, key=f"{role}{limits}", at=LATER * number)
            for number, (what, limits) in enumerate(said, 1)
        )
    )
    with older.sessions() as session:
        assert (session.get(PersonRole, (older.dana, role)) is not None) is held
    assert sorted(older.all(select(RoleSite.site_id).where(RoleSite.person_id == older.dana))) == sites


def test_the_erased_stay_erased_even_the_last_administrator(older: Older) -> None:
    administrator = older.people.administrator.id
    until = datetime(2033, 7, 15, tzinfo=UTC)
    older.apply(
        older.of_dana(Ended.ERASED, until=until),
        Line(Ended.ERASED, older.now + LATER, person_id=administrator, made_at=older.now, until=until),
    )
    assert [(row.person_id, row.kept_until) for row in older.all(select(Erasure))] == [
        (older.dana, until.date()),
        (administrator, until.date()),
    ]
    gone = (older.dana, administrator)
    assert older.all(select(Identity.email).where(Identity.person_id.in_(gone))) == [None, None]
    assert older.all(select(SignIn.id).where(SignIn.person_id.in_(gone))) == []


@pytest.mark.parametrize("change", [lambda line: (404, line.made_at), lambda line: (line.person_id, None)])
@pytest.mark.parametrize("what", [Ended.DISABLED, Ended.ERASED, Ended.PASSWORD, Ended.SIGN_INS, Ended.LINKS])
def test_a_line_about_somebody_who_had_the_same_number_changes_nothing(
    older: Older, what: Ended, change: Callable[[Line], tuple[int, datetime | None]]
) -> None:
    line = older.of_dana(what)
    person_id, made_at = change(line)
    older.apply(Line(what, line.at, line.key, person_id, made_at or older.now - timedelta(days=1)))
    assert older.all(select(Person.id).where(Person.disabled_at.is_not(None))) == []
    assert older.all(select(Account.password_hash)) == ["old"]
    assert len(older.all(select(SignIn.id).where(SignIn.person_id == older.dana))) == 3
    assert len(older.all(select(OneTimeLink.id).where(OneTimeLink.used_at.is_(None)))) == 2


def test_a_device_that_keeps_sheets_stays_ended_and_ends_with_its_person(older: Older) -> None:
    def live() -> list[int]:
        return older.all(select(Device.id).where(Device.ended_at.is_(None)).order_by(Device.id))

    with older.sessions() as session, transaction(session):
        for number in (1, 2):
            at = older.now + number * timedelta(minutes=1)
            device = Device(
                id=number, person_id=older.dana, secret_hash=f"{number}", program="", first_at=at, seen_at=at
            )
            session.add(device)
    older.apply(Line(Ended.DEVICE, older.now + LATER, "1"), Line(Ended.DEVICE, older.now + LATER, "3"))
    assert live() == [2]
    older.apply(older.of_dana(Ended.DISABLED, at=timedelta()))
    assert live() == [2]  # it is younger
    older.apply(older.of_dana(Ended.DISABLED))
    assert live() == []


def test_behind_a_device_stands_no_sign_in_that_was_ended_from_elsewhere(older: Older) -> None:
    dana_s = older.all(select(SignIn.id).where(SignIn.person_id == older.dana).order_by(SignIn.id))
    kept = older.one(select(SignIn.secret_hash).where(SignIn.id == dana_s[1]))
    with older.sessions() as session, transaction(session):
        for number, sign_in in enumerate(dana_s[:2]):
            device = {
                "person_id": older.dana,
                "secret_hash": f"{number}",
                "program": "",
                "first_at": older.now,
            }
            session.add(Device(**device, seen_at=older.now, sign_in_id=sign_in))

    def behind() -> list[int | None]:
        return older.all(select(Device.sign_in_id).order_by(Device.id))

    older.apply(older.of_dana(Ended.SIGN_INS, at=-LATER))
    assert behind() == dana_s[:2]
    older.apply(older.of_dana(Ended.SIGN_INS, key=kept))
    assert behind() == [None, dana_s[1]]
    older.apply(older.of_dana(Ended.SIGN_INS))
    assert behind() == [None, None]
