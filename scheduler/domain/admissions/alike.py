"""Who may be the same human as somebody who is only being typed."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, Select, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Session as Database

from scheduler.domain.people import names
from scheduler.domain.people.finding import EVERYBODY, Sight
from scheduler.domain.people.likeness import Description, digits, is_likely
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
    """Those whom this likely means (:func:`~scheduler.domain.people.likeness.is_likely`).

    At most ten, by name; one statement. Erased and merged records are nobody's any more. Of colleagues whose
    member side is not the viewer's business only the name is told.
    """
    folded = names.search_name(names.clean(name))
    typed = Description(folded, birth_year, names.clean_email(email) or None, phone)
    rows = session.execute(_perhaps(typed, sight)).all()
    return tuple([_told(row) for row in rows if is_likely(typed, _described(row))][:MOST])


def _perhaps(typed: Description, sight: Sight) -> Select[Identity, bool, bool]:
    """Everybody who shares the name, the address or the digits of the number, and a few more."""
    ways = [Identity.search_name == typed.search]
    if typed.email:
        ways.append(Identity.email == typed.email)
    if number := digits(typed.phone or ""):
        ways.append(_digits_in(Identity.phone).contains(number))
    is_private: ColumnElement[bool] = false() if sight.private is None else Person.id.in_(sight.private)
    query = (
        select(Identity, Person.disabled_at.is_(None).label("active"), is_private.label("is_private"))
        .join(Person, Identity.person_id == Person.id)
        .where(or_(*ways), Person.erased_at.is_(None), Person.merged_into.is_(None))
        .order_by(Identity.search_name, Person.id)
    )
    return query if sight.among is None else query.where(Person.id.in_(sight.among))


def _described(row: Row[Identity, bool, bool]) -> Description:
    who: Identity = row.Identity
    return Description(who.search_name, who.birth_year, who.email, who.phone)


def _told(row: Row[Identity, bool, bool]) -> Alike:
    who: Identity = row.Identity
    told = (None, None, None) if row.is_private else (who.birth_year, who.email, who.phone)
    return Alike(who.person_id, who.name, *told, active=row.active)


def _digits_in(column: InstrumentedAttribute[str | None]) -> ColumnElement[str]:
    """A number as it was typed without the signs that may stand between its digits."""
    found: ColumnElement[str] = func.coalesce(column, "")
    for sign in "+ ().-/":
        found = func.replace(found, sign, "")
    return found
