"""Who read a member's record, for the member's page."""

from typing import Final

from scheduler.domain.privacy.readers import Entry, Wish, entries
from scheduler.extensions import db
from scheduler.web.audit_words import act_of, subject_of

MOST: Final = 10
"""Lines on a person's page; administrators have all of them."""


def readers_part(person_id: int) -> dict[str, list[tuple[Entry, str, str]]]:
    """The newest of what was read and done about a member."""
    found = entries(db.session(), Wish(person_id=person_id), most=MOST).entries
    return {"readers": [(each, act_of(each), subject_of(each)) for each in found]}
