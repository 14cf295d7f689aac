"""The list of one's sign-ins, ending them, and sign-ins of staff that nobody uses."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session as Database

from scheduler.domain.access.beginning import begin_sign_in
from scheduler.domain.access.ending import end_others, end_own, mark_seen
from scheduler.domain.access.queries import SignInView, sign_ins_of
from scheduler.domain.people.queries import SignedIn, signed_in
from scheduler.domain.people.roles import Actor
from scheduler.domain.people.sign_ins import Method, Way, hash_of
from scheduler.errors import NotFound
from tests.support.people import LONG, Everybody, Someone

HOUR = timedelta(hours=1)


def begun(session: Database, person: Someone, now: datetime, device: str = "") -> SignedIn:
    way = Way(Method.CODE, device)
    secret = begin_sign_in(session, person_id=person.id, lasts=12 * HOUR, now=now, way=way)
    found = signed_in(session, secret_hash=hash_of(secret), now=now)
    assert found is not None
    return found


def listed(session: Database, person: Someone, now: datetime) -> list[int]:
    return [each.id for each in sign_ins_of(session, person.id, now=now, idle=HOUR)]


def test_the_list_tells_device_method_and_use(people: Everybody, session: Database, now: datetime) -> None:
    actor = begun(session, people.member, now, "Chrome on Android").actor
    first, second = sign_ins_of(session, people.member.id, now=now, idle=HOUR)
    assert second == SignInView(actor.sign_in_id or 0, Method.CODE, "Chrome on Android", False, now, now)
    assert (first.method, first.seen_at) == (Method.PASSWORD, now + LONG)


def test_one_ends_one_s_own_and_no_other(people: Everybody, session: Database, now: datetime) -> None:
    mine = begun(session, people.member, now).actor
    theirs = begun(session, people.other_member, now).actor
    assert theirs.sign_in_id
    assert mine.sign_in_id
    with pytest.raises(NotFound):
        end_own(session, actor=mine, sign_in_id=theirs.sign_in_id, now=now)
    end_own(session, actor=mine, sign_in_id=mine.sign_in_id, now=now)
    assert mine.sign_in_id not in listed(session, people.member, now)
    assert theirs.sign_in_id in listed(session, people.other_member, now)
    with pytest.raises(NotFound):
        end_own(session, actor=mine, sign_in_id=mine.sign_in_id, now=now)


def test_all_others_end_and_this_one_stays(people: Everybody, session: Database, now: datetime) -> None:
    here = begun(session, people.member, now).actor
    begun(session, people.member, now)
    end_others(session, actor=here, now=now)
    assert listed(session, people.member, now) == [here.sign_in_id]
    with pytest.raises(NotFound):
        end_others(session, actor=Actor(None, None, frozenset()), now=now)


@pytest.mark.parametrize(("who", "ends"), [("member", False), ("coordinator", True)])
def test_what_nobody_uses_ends_for_staff(
    people: Everybody, session: Database, now: datetime, who: str, ends: bool
) -> None:
    person: Someone = getattr(people, who)
    secret = begin_sign_in(session, person_id=person.id, lasts=12 * HOUR, now=now)

    def lives(at: datetime) -> bool:
        return signed_in(session, secret_hash=hash_of(secret), now=at, idle=HOUR) is not None

    assert lives(now + HOUR - timedelta(seconds=1))
    assert lives(now + HOUR) is not ends
    found = signed_in(session, secret_hash=hash_of(secret), now=now)
    assert found is not None
    mark_seen(session, sign_in_id=found.actor.sign_in_id or 0, now=now + HOUR / 2)
    assert lives(now + HOUR)
    assert (found.actor.sign_in_id in listed(session, person, now + 2 * HOUR)) is not ends
