"""Asking past the ORM."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.store.asking import plan_for_values
from scheduler.store.transaction import transaction


@pytest.mark.databases("postgresql")
def test_only_the_rest_of_a_transaction_is_planned_for_its_values(sessions: sessionmaker[Database]) -> None:
    modes = []
    with sessions() as session:
        for _ in range(2):
            with transaction(session):
                modes.append(session.scalar(text("SHOW plan_cache_mode")))
                if len(modes) == 1:
                    plan_for_values(session)
                    modes.append(session.scalar(text("SHOW plan_cache_mode")))
    assert modes == ["auto", "force_custom_plan", "auto"]


@pytest.mark.databases("sqlite")
def test_on_sqlite_nothing_is_asked(sessions: sessionmaker[Database]) -> None:
    with sessions() as session, transaction(session):
        plan_for_values(session)
        assert session.scalar(text("SELECT 1")) == 1
