"""The positions that a post may have. What a fellowship calls them is a label."""

from enum import StrEnum
from typing import Final


class Position(StrEnum):
    LEAD = "lead"
    CO_FACILITATOR = "co_facilitator"
    COUNSELOR = "counselor"
    CHAIR = "chair"
    SECRETARY = "secretary"
    GREETER = "greeter"
    SPEAKER = "speaker"


SERVANTS: Final = frozenset({Position.CHAIR, Position.SECRETARY})
"""Who speaks for a mutual-help group: its headcount, its service positions and its conscience."""
SERVICE: Final = frozenset({Position.CHAIR, Position.SECRETARY, Position.GREETER, Position.SPEAKER})
"""Positions of a mutual-help group, which a trusted servant may hold."""
