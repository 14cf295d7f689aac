"""What lists can be of. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from scheduler.domain.imports.mapping import ListKind
from scheduler.domain.imports.people_columns import PEOPLE
from scheduler.domain.imports.series_columns import SERIES

KINDS: Final[Mapping[str, ListKind]] = {kind.name: kind for kind in (PEOPLE, SERIES)}
