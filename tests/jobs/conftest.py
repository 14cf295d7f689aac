"""A worker with a clock of the test's own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from scheduler.config import Settings, load
from scheduler.jobs.worker import Worker


@dataclass
class Time:
    """A clock that goes on when the test says so."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def time(now: datetime) -> Time:
    return Time(now)


@pytest.fixture
def workers(engine: Engine, tmp_path: Path, time: Time) -> Callable[..., Worker]:
    """Makes workers on the test's database; settings can be given."""

    def make(**given: Any) -> Worker:
        return Worker(engine, settings_for(tmp_path, **given), now=time)

    return make


def settings_for(folder: Path, **given: Any) -> Settings:
    return load({"instance_path": str(folder / "instance"), **given}, {})
