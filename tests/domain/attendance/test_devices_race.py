"""A device that is in contact at the moment at which its sign-in is ended from elsewhere."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from threading import Event, Thread
from time import sleep

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.access.linking import set_password
from scheduler.domain.attendance import devices
from scheduler.domain.people.models import Device, SignIn
from scheduler.domain.people.roles import SYSTEM, Actor
from scheduler.store.transaction import transaction
from tests.support import factories
from tests.support.people import Everybody

Seen = Callable[[Database, int, Actor, datetime], None]


def guarded(session: Database, device_id: int, actor: Actor, now: datetime) -> None:
    devices.seen(session, device_id, actor=actor, now=now)


def unguarded(session: Database, device_id: int, actor: Actor, now: datetime) -> None:
    """The same without asking for the sign-in, which shows that the test can fail."""
    here = update(Device).where(Device.id == device_id)
    session.execute(here.values(seen_at=now, sign_in_id=actor.sign_in_id))


@pytest.mark.parametrize(("seen", "stands"), [(guarded, False), (unguarded, True)])
def test_no_sign_in_stands_behind_it_afterwards(
    sessions: sessionmaker[Database],
    people: Everybody,
    now: datetime,
    seen: Seen,
    stands: bool,
) -> None:
    dana, ended = people.facilitator, Event()
    with sessions() as session, transaction(session):
        sign_in = session.scalars(select(SignIn.id).where(SignIn.person_id == dana.id)).one()
        device = factories.device(session, dana.id)
        session.execute(update(Device).values(sign_in_id=sign_in))
    actor = replace(dana.actor, sign_in_id=sign_in)

    def end() -> None:
        with sessions() as session, transaction(session):
            set_password(session, actor=SYSTEM, person_id=dana.id, password_hash="new", now=now)
            ended.set()
            sleep(0.3)  # now the device waits for what was taken

    def contact() -> None:
        ended.wait(timeout=30)
        with sessions() as session, transaction(session):
            seen(session, device, actor, now)

    threads = [Thread(target=end), Thread(target=contact)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    with sessions() as session:
        assert session.get_one(Device, device).sign_in_id == (sign_in if stands else None)
