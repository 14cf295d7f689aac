"""What is done once a day, in the night."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.people import service as people
from scheduler.store import outbox
from scheduler.store.transaction import transaction

KIND: Final = "daily"
AT: Final = timedelta(hours=3)
"""Local time of day: few look at their week then, and both clock changes are over in most zones."""


def name_of(now: datetime, timezone: str) -> str:
    """The name of the task of the day that began last, at three in the night of ``timezone``."""
    return f"{KIND} {(now.astimezone(ZoneInfo(timezone)).replace(tzinfo=None) - AT).date()}"


def work(sessions: sessionmaker[Database], now: datetime) -> None:
    """Clear away what is over, each in a transaction of its own; doing it twice is harmless."""
    for clean_up in (people.clean_up, outbox.clean_up):
        with sessions() as session, transaction(session):
            clean_up(session, now=now)
