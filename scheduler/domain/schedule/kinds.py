"""The kinds of session. Labels may be renamed; behavior hangs on the kind."""

from enum import StrEnum


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
