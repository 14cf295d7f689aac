"""Whom a row may mean. Pure.

A row surely means somebody who has its name and its e-mail address or phone number. It likely means somebody
who has its name and year of birth, or its name where a year is missing, or its address or number under
another name.
"""

from __future__ import annotations

from scheduler.domain.imports.around import Index, Known
from scheduler.domain.imports.drafts import Draft, digits


def is_certain(draft: Draft, person: Known) -> bool:
    """Does the row surely mean this person?"""
    if draft.search != person.search or born_apart(draft.birth_year, person.birth_year):
        return False
    return _same_channel(draft, person)


def is_likely(draft: Draft, person: Known) -> bool:
    """Does the row perhaps mean this person?"""
    same_name = draft.search == person.search
    return (same_name and not born_apart(draft.birth_year, person.birth_year)) or _same_channel(draft, person)


def born_apart(one: int | None, two: int | None) -> bool:
    """Are these two known years, and different ones?"""
    return one is not None and two is not None and one != two


def candidates(draft: Draft, people: Index) -> list[Known]:
    """Whom the row may mean, the likeliest first."""
    found = {person.id: person for person in people.called(draft.search)}
    owner = people.by_email.get(draft.email or "")
    if owner is not None:
        found[owner.id] = owner
    if draft.phone:
        found |= {person.id: person for person in people.reached_at(draft.phone)}
    likely = [person for person in found.values() if not person.is_taboo and is_likely(draft, person)]
    return sorted(
        likely, key=lambda each: (not is_certain(draft, each), draft.search != each.search, each.id)
    )


def _same_channel(draft: Draft, person: Known) -> bool:
    if draft.email is not None and draft.email == person.email:
        return True
    return bool(draft.phone and person.phone) and digits(draft.phone or "") == digits(person.phone or "")
