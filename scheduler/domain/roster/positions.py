"""The positions that a post may have. What a fellowship calls them is a label."""

from enum import StrEnum


class Position(StrEnum):
    LEAD = "lead"
    CO_FACILITATOR = "co_facilitator"
    COUNSELOR = "counselor"
    CHAIR = "chair"
    SECRETARY = "secretary"
    GREETER = "greeter"
    SPEAKER = "speaker"
