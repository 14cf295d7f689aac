"""People of one display name on a sheet: told apart by what staff chose, or by a number. Pure.

Never by a last name (DOMAIN, Privacy): what is chosen has room for an initial or a number.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from scheduler.domain.people.names import clean, search_name
from scheduler.errors import Invalid

LONGEST: Final = 3
"""Letters of what tells somebody apart."""


@dataclass(frozen=True, slots=True)
class Called:
    """A person by their display name and what was chosen to tell them apart (empty: nothing)."""

    person_id: int
    short_name: str
    distinction: str = ""


def names_of(people: Iterable[Called]) -> dict[int, str]:
    """What a sheet calls each: "Maria G.", or where two are called so, "Maria G. (B.)" and "Maria G. (2)".

    The number is their place among those, in the order of their ids, so that it stays theirs.
    """
    alike: dict[str, list[Called]] = defaultdict(list)
    for each in sorted(people, key=lambda one: one.person_id):
        alike[search_name(each.short_name)].append(each)
    return {
        person: name for same in alike.values() for person, name in zip(_ids(same), _names(same), strict=True)
    }


def checked(text: str) -> str:
    """What was typed, without what nobody sees. Raises Invalid on field ``distinction``."""
    chosen = clean(text)
    if len(chosen) > LONGEST:
        raise Invalid(f"Use at most {LONGEST} letters: an initial or a number.", "distinction")
    return chosen


def _ids(same: list[Called]) -> list[int]:
    return [each.person_id for each in same]


def _names(same: list[Called]) -> list[str]:
    if len(same) == 1:
        return [same[0].short_name]
    chosen = Counter(search_name(each.distinction) for each in same)
    marks = [
        each.distinction if each.distinction and chosen[search_name(each.distinction)] == 1 else ""
        for each in same
    ]
    taken = {search_name(mark) for mark in marks if mark}
    numbers = (str(number) for number in range(1, 3 * len(same) + 1) if str(number) not in taken)
    return [f"{each.short_name} ({mark or next(numbers)})" for each, mark in zip(same, marks, strict=True)]
