"""What a service may refuse with. The web layer answers each with its own status."""

from collections.abc import Mapping


class SchedulerError(Exception):
    """The parent of everything that a person may be told."""


class Invalid(SchedulerError):
    """The input makes no sense (422). ``fields`` maps a field's name to what is wrong with it.

    The empty name stands for the form as a whole.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.fields: dict[str, str] = {field: message}

    @classmethod
    def many(cls, fields: Mapping[str, str]) -> "Invalid":
        """Several fields at once; ``fields`` must not be empty."""
        error = cls("; ".join(fields.values()))
        error.fields = dict(fields)
        return error


class NotFound(SchedulerError):
    """It does not exist, or not for this person (404, the same page for both)."""


class Refused(SchedulerError):
    """It exists, the person may see it, and the rules say no (422 with the reason)."""


class Conflict(SchedulerError):
    """Somebody or something else got there first (409).

    ``theirs`` and ``mine`` hold both versions by field, where a stale form is the cause.
    """

    def __init__(
        self,
        message: str,
        *,
        theirs: Mapping[str, str] | None = None,
        mine: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.theirs = dict(theirs or {})
        self.mine = dict(mine or {})
