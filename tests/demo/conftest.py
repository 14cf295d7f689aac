"""One center for all tests of this folder, which only read it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from tests.support.databases import engine_for
from tests.support.demonstration import Demonstration, made_in


@pytest.fixture(scope="package")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """Made on a Thursday at 16:00 in New York."""
    return made_in(tmp_path_factory.mktemp("demonstration"), datetime(2026, 7, 16, 20, tzinfo=UTC))


@pytest.fixture
def center(demonstration: Demonstration) -> Iterator[Database]:
    engine = engine_for(demonstration.url)
    with sessionmaker(engine)() as session:
        yield session
    engine.dispose()
