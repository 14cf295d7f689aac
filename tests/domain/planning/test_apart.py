"""Two people who are kept apart: planning warns whoever may know, and nobody else."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.people.models import KeptApart, PersonRole
from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.people.service import make_person
from scheduler.domain.planning.apart import Apart, keep_apart, kept_apart_from, lift_apart
from scheduler.domain.planning.leading import give_post, substitute
from scheduler.domain.planning.membership import enroll
from scheduler.domain.planning.reach import Reach
from scheduler.domain.roster.models import Duty
from scheduler.domain.roster.positions import Position
from scheduler.domain.schedule.conflicts import together
from scheduler.errors import Invalid, NotFound
from scheduler.store.audit import AuditEntry
from scheduler.store.transaction import transaction
from tests.domain.planning.center import FIRST, Center
from tests.support import factories

JULY_21 = date(2026, 7, 21)


def everywhere(center: Center) -> Reach:
    return Reach(center.people.coordinator.actor, None, on=center.now.date())


def at(center: Center, site_id: int) -> Actor:
    """The coordinator, with a role for this site only."""
    return replace(center.people.coordinator.actor, limits=frozenset({(Role.COORDINATOR, site_id)}))


@pytest.fixture
def pair(center: Center) -> tuple[int, int]:
    """Renee and Marcus."""
    renee, marcus = center.people.member.id, center.people.other_member.id
    center.do(keep_apart, person_id=renee, other_id=marcus)
    return renee, marcus


def test_a_pair_is_made_and_lifted_once_from_both_sides(center: Center, pair: tuple[int, int]) -> None:
    renee, marcus = pair
    center.do(keep_apart, person_id=marcus, other_id=renee)
    assert {(row.person_id, row.other_id) for row in center.rows(KeptApart)} == {pair, (marcus, renee)}
    for one, two, name in ((renee, marcus, "Marcus T."), (marcus, renee, "Renee T.")):
        found = center.ask(kept_apart_from, one, reach=everywhere(center))
        assert [(each.other_id, each.other) for each in found] == [(two, name)]
    center.do(lift_apart, person_id=marcus, other_id=renee)
    center.do(lift_apart, person_id=marcus, other_id=renee)
    assert center.rows(KeptApart) == []
    told = [(row.action, row.person_id) for row in center.rows(AuditEntry) if row.action.startswith("apart")]
    assert told == [
        ("apart.made", renee),
        ("apart.made", marcus),
        ("apart.lifted", marcus),
        ("apart.lifted", renee),
    ]


def test_nobody_is_kept_apart_from_themselves_or_from_nobody(center: Center) -> None:
    renee = center.people.member.id
    with pytest.raises(Invalid, match="Choose somebody else"):
        center.do(keep_apart, person_id=renee, other_id=renee)
    with pytest.raises(NotFound):
        center.do(keep_apart, person_id=renee, other_id=999)
    assert center.rows(KeptApart) == []


def test_enrolling_warns_where_both_would_be(center: Center, pair: tuple[int, int]) -> None:
    renee, marcus = pair
    group = center.make(members=[renee]).series_id
    enrolled = center.do(enroll, series_id=group, person_id=marcus, from_date=JULY_21)
    assert enrolled.apart == (Apart(marcus, "Marcus T.", renee, "Renee T."),)


def test_terms_that_never_meet_do_not_warn(center: Center, pair: tuple[int, int]) -> None:
    renee, marcus = pair
    group = center.make().series_id
    center.do(enroll, series_id=group, person_id=renee, from_date=JULY_21, until_date=JULY_21)
    enrolled = center.do(enroll, series_id=group, person_id=marcus, from_date=JULY_21 + timedelta(days=1))
    assert enrolled.apart == ()


def test_making_a_series_with_both_warns_once(center: Center, pair: tuple[int, int]) -> None:
    renee, marcus = pair
    assert center.make(members=[renee, marcus]).apart == (Apart(renee, "Renee T.", marcus, "Marcus T."),)


def test_who_leads_is_kept_apart_too(center: Center) -> None:
    renee, dana, femi = (
        center.people.member.id,
        center.people.facilitator.id,
        center.people.other_facilitator.id,
    )
    center.do(keep_apart, person_id=dana, other_id=renee)
    group = center.make(members=[renee], leads=[femi])
    duty = center.rows(Duty)[0]
    stands_in = center.do(substitute, duty_id=duty.id, revision=1, person_id=dana)
    assert stands_in.apart == (Apart(dana, "Dana R.", renee, "Renee T."),)
    posted = center.do(
        give_post,
        series_id=group.series_id,
        person_id=dana,
        position=Position.CO_FACILITATOR,
        from_date=JULY_21 + timedelta(days=7),
    )
    assert posted.apart == (Apart(dana, "Dana R.", renee, "Renee T."),)


def test_who_the_other_is_stays_untold_out_of_reach(center: Center, pair: tuple[int, int]) -> None:
    renee, marcus = pair
    group = center.make(members=[renee]).series_id
    with center.sessions() as session, transaction(session):
        elsewhere = factories.room(session, site="Oak Hill")
        other = factories.series(session, room_id=elsewhere, first_start=FIRST + timedelta(days=1))
        factories.enrollment(session, other, marcus)
    with center.sessions() as session, transaction(session):
        limited = at(center, 2)
        found = kept_apart_from(session, marcus, reach=Reach(limited, frozenset({2}), on=JULY_21))
        assert found == (Apart(marcus, "Marcus T.", renee, ""),)
        enrolled = enroll(
            session, actor=limited, series_id=group, person_id=marcus, from_date=JULY_21, now=center.now
        )
        assert enrolled.apart == (Apart(marcus, "Marcus T.", renee, ""),)


def test_a_colleague_who_is_there_as_a_member_is_somebody(center: Center) -> None:
    renee, dana = center.people.member.id, center.people.facilitator.id
    center.do(keep_apart, person_id=dana, other_id=renee)
    group = center.make().series_id
    with center.sessions() as session, transaction(session):
        session.add(PersonRole(person_id=dana, role=Role.MEMBER, given_at=center.now))
        factories.enrollment(session, group, dana)
    enrolled = center.do(enroll, series_id=group, person_id=renee, from_date=JULY_21)
    assert enrolled.apart == (Apart(renee, "Renee T.", dana, ""),)


@pytest.mark.parametrize("role", [Role.MEMBER, Role.FACILITATOR, Role.TRUSTED_SERVANT])
def test_others_are_not_warned(center: Center, pair: tuple[int, int], role: Role) -> None:
    renee, marcus = pair
    group = center.make(members=[renee]).series_id
    with center.sessions() as session, transaction(session):
        who = make_person(
            session,
            actor=center.people.coordinator.actor,
            name="X Y",
            email=None,
            roles=[role],
            now=center.now,
        )
        actor = Actor(who, None, frozenset({role}))
        enrolled = enroll(
            session, actor=actor, series_id=group, person_id=marcus, from_date=JULY_21, now=center.now
        )
        assert enrolled.apart == ()


PERSONS = st.integers(1, 6)


@given(
    st.sets(st.tuples(PERSONS, PERSONS).filter(lambda pair: pair[0] != pair[1])),
    st.lists(st.sets(PERSONS), max_size=5),
)
def test_a_pair_is_told_exactly_where_both_are_present(
    pairs: set[tuple[int, int]], present: list[set[int]]
) -> None:
    found = together(pairs, present)
    assert found <= pairs
    assert {frozenset(pair) for pair in found} == {
        frozenset(pair) for pair in pairs for place in present if set(pair) <= place
    }
    assert len({frozenset(pair) for pair in found}) == len(found)
