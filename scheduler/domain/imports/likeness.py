"""Whom of those who are here a row may mean. Pure."""

from __future__ import annotations

from scheduler.domain.imports.around import Index, Known
from scheduler.domain.imports.drafts import Draft
from scheduler.domain.people.likeness import is_certain, is_likely


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
