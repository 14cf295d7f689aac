"""The kinds of session. Labels may be renamed; behavior hangs on the kind."""

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a series is."""

    GROUP = "group"
    INDIVIDUAL = "individual"
    MUTUAL_HELP = "mutual_help"
    ASSESSMENT = "assessment"
    FAMILY = "family"
    SKILLS = "skills"
    MEDICATION = "medication"
    OTHER = "other"


OF_ONE_MEMBER = frozenset({Kind.INDIVIDUAL, Kind.ASSESSMENT, Kind.FAMILY})
"""Sessions that are about one member, whose name coordinators type into the title."""


class Counting(StrEnum):
    """How attendance is kept: clinical minutes, names alone, or a number without names."""

    MINUTES = "minutes"
    NAMES = "names"
    HEADS = "heads"


class CauseType(StrEnum):
    """Why an occurrence does not take place."""

    COORDINATOR = "coordinator"
    CLOSURE = "closure"
    HOLIDAY = "holiday"
    CHANGED = "changed"
    """Left over by a change of the series' rule, with something hanging on it."""
    TAKEN = "taken"
    """What stopped it is over, but its room or who leads was taken by then."""


BY_COORDINATORS: Final = frozenset({CauseType.COORDINATOR, CauseType.TAKEN})
"""Causes that a coordinator takes back, one by one."""
