"""The demonstration center, made once for all who look at it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import sessionmaker

from scheduler.demo.accounts import ACCOUNTS
from scheduler.demo.center import make_center
from scheduler.store.transaction import transaction
from tests.support import databases


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A database file that only readers may share, and the instant at which it was made."""

    url: str
    now: datetime


def made_in(folder: Path, now: datetime) -> Demonstration:
    """Make it in a new SQLite file of this folder. The accounts' passwords are not usable: sign in by row."""
    url = f"sqlite:///{folder / 'demonstration.sqlite3'}"
    databases.migrate(url)
    fill(url, now)
    return Demonstration(url, now)


def fill(url: str, now: datetime) -> None:
    """Make it in an empty, migrated database."""
    engine = databases.engine_for(url)
    with sessionmaker(engine, expire_on_commit=False)() as session, transaction(session):
        hashes = {account.email: "unusable" for account in ACCOUNTS}
        make_center(session, hashes=hashes, timezone="America/New_York", now=now)
    engine.dispose()
