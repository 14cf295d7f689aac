"""What a backup says of itself, before its data."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from scheduler.errors import Refused

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Rows:
    """How many rows a table has, and the SHA-256 over all of them in the order of their key."""

    count: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Data:
    """The data of the backup as a file: its name in the backup, its length in bytes, its SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """``name`` is random, and what the ledger knows the backup by; ``schema`` the last migration run.

    ``made_at`` is aware UTC: the data is what was committed then.
    """

    name: str
    program: str
    schema: str
    dialect: str
    made_at: datetime
    tables: Mapping[str, Rows]
    data: Data

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(table.count for table in self.tables.values())

    def written(self) -> bytes:
        """The manifest as JSON."""
        values = {"format": FORMAT, **asdict(self), "made_at": self.made_at.isoformat()}
        return json.dumps(values, indent=1, sort_keys=True).encode()

    @classmethod
    def read(cls, text: bytes) -> Self:
        """The manifest that was written so.

        Raises :class:`Refused` for a later format, ``ValueError`` for nonsense.
        """
        values: dict[str, Any] = json.loads(text)
        try:
            if values.pop("format") > FORMAT:
                raise Refused(
                    "The backup was made by a newer version than this program. Install that version."
                )
            tables = {name: Rows(**rows) for name, rows in values.pop("tables").items()}
            made_at = datetime.fromisoformat(values.pop("made_at"))
            return cls(tables=tables, made_at=made_at, data=Data(**values.pop("data")), **values)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("no manifest") from error


def difference(said: Mapping[str, Rows], found: Mapping[str, Rows]) -> str:
    """The first table in which two databases differ, in words; empty where none does."""
    for name in sorted(said.keys() | found.keys()):
        one, other = said.get(name), found.get(name)
        if one is None or other is None:
            return f"the table {name} is {'not expected' if one is None else 'missing'}"
        if one.count != other.count:
            return f"the table {name} has {other.count} rows in place of {one.count}"
        if one != other:
            return f"rows of the table {name} are not what they were"
    return ""
