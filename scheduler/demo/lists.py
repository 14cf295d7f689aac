"""A list that waits to be looked at: somebody new, somebody likely known, and a row that cannot be read."""

from __future__ import annotations

from sqlalchemy.orm import Session as Database

from scheduler.demo.accounts import MEMBER
from scheduler.demo.setting import Setting
from scheduler.domain.imports.stage import stage
from scheduler.domain.imports.table import Row, Table


def bring(session: Database, setting: Setting) -> None:
    """The coordinator has read it and decided nothing yet."""
    rows = (
        ("Ines Calder", "1994", "555-0161", "Aftercare"),
        (MEMBER.name, "1988", "555-0117", "Aftercare"),
        ("Theo Brandvold", "next May", "555-0172", "Aftercare"),
    )
    table = Table(
        ("Name", "Year of birth", "Phone", "Program"),
        tuple(Row(number, cells) for number, cells in enumerate(rows, 2)),
    )
    stage(session, actor=setting.coordinator, table=table, now=setting.now)
