"""Two records of one human become one, and every count stays true."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.access.models import Passkey
from scheduler.domain.attendance.models import Mark, MarkChange, Sheet, WalkIn
from scheduler.domain.attendance.queries import lines
from scheduler.domain.calendars.models import Feed, FeedBody, FeedKind, FeedMissing
from scheduler.domain.calendars.service import Choices, make_feed
from scheduler.domain.calendars.sources import OfKind, Titles
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.finding import found_by
from scheduler.domain.people.models import (
    Account,
    Identity,
    KeptApart,
    Person,
    PersonRole,
    RoleSite,
    SignIn,
)
from scheduler.domain.people.names import JOINED
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.places.models import Site
from scheduler.domain.privacy.joining import Joined
from scheduler.domain.privacy.marking import MarkedTwice
from scheduler.domain.privacy.merge import APART, STAFF_ONLY_BY_ADMINISTRATORS, Merged, merge
from scheduler.domain.privacy.models import Inquiry
from scheduler.domain.stays.models import Hold, Stay
from scheduler.errors import Invalid, NotFound, Refused
from scheduler.store.audit import AuditEntry, AuditPerson
from scheduler.store.transaction import transaction
from tests.support import factories
from tests.support.people import Everybody

Sessions = sessionmaker[Database]
JAN, MAR, MAY, JUL = date(2026, 1, 1), date(2026, 3, 1), date(2026, 5, 1), date(2026, 7, 1)


def merged(sessions: Sessions, first: int, second: int, now: datetime, **more: Any) -> Merged:
    with sessions() as session, transaction(session):
        return merge(session, **{"actor": SYSTEM, **more}, first_id=first, second_id=second, now=now)


@pytest.fixture
def pair(people: Everybody) -> tuple[int, int]:
    """Renee, and the second record of her, which is called Marcus."""
    return people.member.id, people.other_member.id


def test_stays_and_what_belongs_to_them_go_over_and_overlapping_ones_become_one(
    sessions: Sessions, pair: tuple[int, int], now: datetime
) -> None:
    first, second = pair
    with sessions() as session, transaction(session):
        site = Site(name="Elm Street", timezone="America/New_York", changed_at=now)
        session.add(site)
        session.flush()
        own = Stay(person_id=first, admitted_on=JAN, discharged_on=MAY, reason="left", changed_at=now)
        over = Stay(person_id=second, admitted_on=MAR, site_id=site.id, changed_at=now)
        session.add_all([own, over])
        session.flush()
        session.add(Hold(stay_id=over.id, person_id=second, from_date=MAY, places="kept", made_at=now))
    done = merged(sessions, first, second, now)
    assert (done.stays, done.holds) == (Joined(0, 1), Joined(1, 0))
    with sessions() as session:
        stay, hold = session.scalars(select(Stay)).one(), session.scalars(select(Hold)).one()
        assert (stay.person_id, stay.admitted_on, stay.discharged_on) == (first, JAN, None)
        assert (stay.reason, stay.site_id) == (None, site.id)
        assert (hold.person_id, hold.stay_id) == (first, stay.id)


def test_places_in_one_series_become_one_and_those_in_another_go_over(
    sessions: Sessions, pair: tuple[int, int], now: datetime
) -> None:
    first, second = pair
    with sessions() as session, transaction(session):
        tuesday, skills = factories.series(session), factories.series(session, "Job skills")
        factories.enrollment(session, tuesday, first, JAN, MAR)
        factories.enrollment(session, tuesday, second, MAR, MAY)
        factories.enrollment(session, tuesday, second, JUL)
        factories.enrollment(session, skills, second, JAN)
        session.flush()
    assert merged(sessions, first, second, now).enrollments == Joined(2, 1)
    query = select(Enrollment.series_id, Enrollment.from_date, Enrollment.until_date, Enrollment.person_id)
    with sessions() as session:
        rows = session.execute(query.order_by(Enrollment.series_id, Enrollment.from_date)).all()
    assert [tuple(row) for row in rows] == [
        (tuesday, JAN, MAY, first),
        (tuesday, JUL, None, first),
        (skills, JAN, None, first),
    ]


def test_on_a_sheet_that_has_both_the_first_s_mark_stays_and_the_sheet_counts_one_human(
    sessions: Sessions, pair: tuple[int, int], people: Everybody, now: datetime
) -> None:
    first, second = pair
    with sessions() as session, transaction(session):
        group = factories.series(session)
        days = [factories.occurrence(session, group, datetime(2026, 7, day, 19)) for day in (7, 14, 21)]
        sheets = [Sheet(occurrence_id=day, opened_at=now) for day in days]
        session.add_all(sheets)
        session.flush()
        for sheet, person, status in (
            (sheets[0], first, "present"),
            (sheets[0], second, "absent"),
            (sheets[1], second, "late"),
            (sheets[2], first, None),
            (sheets[2], second, "excused"),
        ):
            mark = Mark(sheet_id=sheet.id, person_id=person, status=status, marked_at=now)
            session.add(mark)
            session.flush()
            session.add(MarkChange(mark_id=mark.id, revision=1, status=status, marked_at=now))
    done = merged(sessions, first, second, now, actor=people.administrator.actor)
    twice = MarkedTwice("Tuesday evening group", datetime(2026, 7, 7, 19), "present", "absent")
    assert (done.marks, done.marked_twice) == (1, (twice,))
    with sessions() as session:
        said = select(Sheet.occurrence_id, Mark.person_id, Mark.status)
        counted = said.join(Mark, Mark.sheet_id == Sheet.id).where(Mark.status.is_not(None))
        rows = session.execute(counted.order_by(Sheet.id)).all()
        assert [tuple(row) for row in rows] == [
            (days[0], first, "present"),
            (days[1], first, "late"),
            (days[2], first, "excused"),
        ]
        for day in days:
            assert [line.person_id for line in lines(session, day)] == [first]
        taken_back = select(MarkChange.status, MarkChange.marked_by).where(MarkChange.revision == 2)
        assert {tuple(row) for row in session.execute(taken_back)} == {
            (None, people.administrator.id),
            ("excused", people.administrator.id),
        }


def test_the_first_takes_the_channels_and_the_way_to_sign_in_that_it_lacks(
    sessions: Sessions, people: Everybody, now: datetime
) -> None:
    second = people.other_member.id
    with sessions() as session, transaction(session):
        first = factories.member(session, "Renee Second")
        identity = session.get_one(Identity, second)
        identity.phone, identity.birth_year = "555 0134", 1980
        session.add(Account(person_id=second, password_hash="hash", changed_at=now))
    done = merged(sessions, first, second, now)
    assert (done.takes_sign_in, done.lost_email) == (True, False)
    with sessions() as session:
        one, gone = session.get_one(Identity, first), session.get_one(Identity, second)
        assert (one.name, one.email, one.phone) == ("Renee Second", "other.member@example.org", "555 0134")
        assert (one.birth_year, one.email_confirmed_at is not None) == (1980, True)
        assert (gone.name, gone.search_name, gone.email, gone.phone) == (JOINED, "", None, None)
        assert session.get(Account, first) is not None
        assert found_by(session, "marcus") == []


def test_what_the_first_has_it_keeps_and_both_are_signed_out(
    sessions: Sessions, pair: tuple[int, int], now: datetime
) -> None:
    first, second = pair
    key = {"public_key": b"2", "user_handle": b"3", "name": "Phone", "made_at": now}
    with sessions() as session, transaction(session):
        for number, person in enumerate(pair):
            session.add(Passkey(person_id=person, credential_id=bytes([number]), **key))
    done = merged(sessions, first, second, now)
    assert (done.takes_sign_in, done.lost_email) == (False, True)
    with sessions() as session:
        assert session.scalars(select(Passkey.person_id)).all() == [first]
        assert session.get_one(Identity, first).email == "member@example.org"
        signed_in = select(SignIn.id).where(SignIn.person_id.in_(pair))
        assert session.scalars(signed_in).all() == []


def test_calendars_pairs_calls_and_roles_go_over(
    sessions: Sessions, pair: tuple[int, int], people: Everybody, now: datetime
) -> None:
    (first, second), dana = pair, people.facilitator.id
    with sessions() as session, transaction(session):
        site = Site(name="Elm Street", timezone="America/New_York", changed_at=now)
        session.add_all([site, PersonRole(person_id=second, role="facilitator", given_at=now)])
        session.flush()
        session.add(RoleSite(person_id=second, role="facilitator", site_id=site.id))
        choices = Choices("My phone", Titles.PLAIN, kinds={"skills": OfKind(shown=False)})
        make_feed(session, actor=SYSTEM, person_id=second, choices=choices, now=now)
        body = {"wording": "", "etag": "", "last_modified": now, "body": b""}
        session.add(FeedBody(feed_id=1, calendar_revision=1, feed_revision=1, **body))
        session.add(FeedMissing(feed_id=1, series_id=1))
        session.add_all(
            KeptApart(person_id=a, other_id=b, made_at=now) for a, b in ((second, dana), (dana, second))
        )
        sheet = Sheet(occurrence_id=factories.occurrence(session, factories.series(session)), opened_at=now)
        session.add(sheet)
        session.flush()
        session.add(WalkIn(sheet_id=sheet.id, status="present", marked_at=now, person_id=second))
        session.add(Inquiry(at=now, taken_by=dana, asker="A brother", person_id=second, answer="neither"))
        session.add(
            Stay(person_id=people.coordinator.id, admitted_on=JAN, counselor_id=second, changed_at=now)
        )
    done = merged(sessions, first, second, now)
    assert (done.feeds, done.roles) == (1, (Role.FACILITATOR,))
    with sessions() as session:
        assert session.scalars(select(Feed.person_id)).all() == [first]
        assert [session.query(each).count() for each in (FeedBody, FeedMissing, FeedKind)] == [0, 0, 1]
        pairs = {(row.person_id, row.other_id) for row in session.scalars(select(KeptApart))}
        assert pairs == {(first, dana), (dana, first)}
        assert session.scalars(select(Inquiry.person_id)).all() == [first]
        assert session.scalars(select(WalkIn.person_id)).all() == [first]
        assert session.scalars(select(RoleSite.person_id)).all() == [first]
        assert session.scalars(select(Stay.counselor_id)).all() == [first]


def test_the_second_number_leads_to_the_first_and_it_is_on_record(
    sessions: Sessions, pair: tuple[int, int], people: Everybody, now: datetime
) -> None:
    first, second = pair
    with sessions() as session, transaction(session):
        third = factories.member(session, "Renee Third")
    merged(sessions, second, third, now)
    merged(sessions, first, second, now, actor=people.administrator.actor)
    with sessions() as session:
        ways = select(Person.id, Person.merged_into).where(Person.merged_into.is_not(None))
        assert {tuple(row) for row in session.execute(ways)} == {(second, first), (third, first)}
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "person.merged", AuditEntry.person_id == first)
        ).one()
        assert entry.detail == {"second": second, "marks": 0, "marked_twice": 0}
        concerned = select(AuditPerson.person_id).where(AuditPerson.entry_id == entry.id)
        assert set(session.scalars(concerned)) == {first, second}
    with pytest.raises(NotFound):
        merged(sessions, first, second, now)


def test_two_who_are_kept_apart_or_lead_at_once_or_are_the_same_are_not_one(
    sessions: Sessions, pair: tuple[int, int], people: Everybody, now: datetime
) -> None:
    first, second = pair
    with sessions() as session, transaction(session):
        session.add_all(KeptApart(person_id=a, other_id=b, made_at=now) for a, b in (pair, pair[::-1]))
        for person in (people.facilitator.id, people.other_facilitator.id):
            series = factories.series(session)
            met = factories.occurrence(session, series)
            factories.duty(session, met, factories.post(session, series, person))
    with pytest.raises(Refused, match=APART):
        merged(sessions, first, second, now)
    with pytest.raises(Refused, match="Both lead sessions"):
        merged(sessions, people.facilitator.id, people.other_facilitator.id, now)
    with pytest.raises(Invalid):
        merged(sessions, first, first, now)


def test_a_coordinator_joins_members_only(
    sessions: Sessions, pair: tuple[int, int], people: Everybody, now: datetime
) -> None:
    odile = people.coordinator.actor
    with pytest.raises(Refused, match=STAFF_ONLY_BY_ADMINISTRATORS):
        merged(sessions, pair[0], people.administrator.id, now, actor=odile)
    assert merged(sessions, *pair, now, actor=odile).marks == 0
