"""Who may be the same human as somebody who is only being typed."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Session as Database

from scheduler.domain.people import names
from scheduler.domain.people.finding import EVERYBODY, Sight
from scheduler.domain.people.models import Identity, Person

MOST = 10


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody who is known already; ``active`` is false for who is disabled."""

    person_id: int
    name: str
    birth_year: int | None
    email: str | None
    phone: str | None
    active: bool


def alike(
    session: Database,
    *,
    name: str,
    birth_year: int | None,
    email: str = "",
    phone: str = "",
    sight: Sight = EVERYBODY,
) -> tuple[Alike, ...]:
    """Those with the same name and year of birth, accents and case aside, or with the same channel.

    A year that nobody told may be the same. At most ten, by name; one statement. Erased and merged records
    are nobody's any more. Of colleagues whose member side is not the viewer's business only the name is told.
    """
    year = Identity.birth_year
    named = Identity.search_name == names.search_name(names.clean(name))
    if birth_year is not None:
        named &= or_(year.is_(None), year == birth_year)
    ways = [named]
    if email:
        ways.append(Identity.email == names.clean_email(email))
    if digits := _digits(phone):
        ways.append(_digits_in(Identity.phone) == digits)
    shown = [_told(column, sight) for column in (year, Identity.email, Identity.phone)]
    query = (
        select(Person.id, Identity.name, *shown, Person.disabled_at.is_(None))
        .join(Identity, Identity.person_id == Person.id)
        .where(or_(*ways), Person.erased_at.is_(None), Person.merged_into.is_(None))
        .order_by(Identity.search_name, Person.id)
        .limit(MOST)
    )
    if sight.among is not None:
        query = query.where(Person.id.in_(sight.among))
    return tuple(Alike(*row) for row in session.execute(query))


def _told(column: Any, sight: Sight) -> Any:
    """The column, empty for who is private."""
    return column if sight.private is None else case((Person.id.in_(sight.private), None), else_=column)


def _digits(phone: str) -> str:
    return "".join(each for each in phone if each in "0123456789")


def _digits_in(column: InstrumentedAttribute[str | None]) -> ColumnElement[str]:
    """The digits of a number as it was typed, which has nothing else but these signs between them."""
    found: ColumnElement[str] = func.coalesce(column, "")
    for sign in "+ ().-/":
        found = func.replace(found, sign, "")
    return found
