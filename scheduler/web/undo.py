"""Saying what was done, with the way back."""

from flask import flash, url_for

CATEGORY = "undo"
"""The category that ``base.html`` shows with an Undo button."""


def flash_with_undo(text: str, endpoint: str, *, sends: dict[str, int | str], **values: int | str) -> None:
    """Say on the next page what was done; Undo posts ``sends`` to the endpoint at ``values``."""
    flash({"text": text, "url": url_for(endpoint, **values), "values": sends}, CATEGORY)  # type: ignore[arg-type]  # a message may be any JSON; the template takes it apart
