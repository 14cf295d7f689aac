"""The words for what a list may hold and what becomes of it."""

from typing import Final

from scheduler.domain.imports.dates import Order
from scheduler.domain.imports.judging import Outcome
from scheduler.domain.imports.mapping import Field
from scheduler.domain.imports.queries import State
from scheduler.web.language import lazy_gettext

FIELDS: Final[dict[Field, str]] = {
    Field.NAME: lazy_gettext("Full name"),
    Field.FIRST: lazy_gettext("First name"),
    Field.LAST: lazy_gettext("Last name"),
    Field.BORN: lazy_gettext("Year or date of birth"),
    Field.EMAIL: lazy_gettext("E-mail"),
    Field.PHONE: lazy_gettext("Phone"),
    Field.PROGRAM: lazy_gettext("Program"),
    Field.SITE: lazy_gettext("Site"),
    Field.ADMITTED: lazy_gettext("Admitted on"),
    Field.DISCHARGED: lazy_gettext("Discharged on"),
    Field.GROUP: lazy_gettext("Group, by its title"),
    Field.FROM: lazy_gettext("In the group from"),
}
ORDERS: Final[dict[Order, str]] = {
    Order.MONTH: lazy_gettext("month/day/year"),
    Order.DAY: lazy_gettext("day/month/year"),
}
STATES: Final[dict[State, str]] = {
    State.STAGED: lazy_gettext("Not applied yet"),
    State.LEFT: lazy_gettext("Not used"),
    State.APPLIED: lazy_gettext("Applied"),
    State.UNDONE: lazy_gettext("Taken back"),
}
OUTCOMES: Final[dict[Outcome, str]] = {
    Outcome.DUPLICATE: lazy_gettext("Likely duplicates"),
    Outcome.NEW: lazy_gettext("New"),
    Outcome.CHANGED: lazy_gettext("Changed"),
    Outcome.REFUSED: lazy_gettext("Refused"),
    Outcome.SAME: lazy_gettext("Same as here"),
}

CHANGES: Final[dict[str, str]] = {
    "name": lazy_gettext("Name"),
    "birth_year": lazy_gettext("Year of birth"),
    "email": lazy_gettext("E-mail"),
    "phone": lazy_gettext("Phone"),
    "role": lazy_gettext("Role"),
}
