"""What taking a row does, to somebody who is made or to somebody who is here. Pure.

An empty cell changes nothing; what a person confirmed is not changed by a list; a stay that lasts is left as
it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from scheduler.domain.imports.around import Around, Group, Known
from scheduler.domain.imports.drafts import Draft
from scheduler.domain.imports.judging import Admission, Change, Effect, Place
from scheduler.domain.people.likeness import digits
from scheduler.domain.people.names import search_name
from scheduler.domain.schedule.terms import Term

DISABLED = "This person is disabled here."
WITHOUT_EMAIL = "Without the e-mail address: somebody else has it."
KEEPS_EMAIL = "The e-mail address stays: they confirmed theirs."
HAS_STAY = "The stay is left as it is: they have one at that time."
NO_STAY = "The first day in the group lies outside the stay."
HAS_GROUP_TWICE = "The group is named twice."


def of_new(draft: Draft, around: Around) -> Effect:
    """What making this person does."""
    told = draft.admitted_on or draft.program or draft.site
    admission = _admission(draft, around) if told else None
    return _with_places(_Made(draft, around, admission=admission), person_id=-draft.number)


def on_known(draft: Draft, person: Known, around: Around, *, has_email: bool) -> Effect:
    """What the row changes of somebody; ``has_email``: its address is somebody else's."""
    made = _Made(draft, around, stays=person.stays)
    made.changes.extend(_changes(draft, person, has_email=has_email))
    if draft.email and draft.email != person.email:
        if has_email:
            made.remarks.append(WITHOUT_EMAIL)
        elif person.keeps_email:
            made.remarks.append(KEEPS_EMAIL)
    if draft.admitted_on is not None:
        made.admission = _admission(draft, around)
        wanted = Term(draft.admitted_on, draft.discharged_on)
        if any(own.holds_from(draft.admitted_on) for own in person.stays):
            made.admission = None
            if wanted not in person.stays:
                made.remarks.append(HAS_STAY)
    effect = _with_places(made, person_id=person.id)
    if not person.is_active and not effect.is_nothing:
        return Effect(reasons=(DISABLED,))
    return effect


@dataclass(slots=True)
class _Made:
    """An effect as it grows."""

    draft: Draft
    around: Around
    stays: tuple[Term, ...] = ()
    admission: Admission | None = None
    changes: list[Change] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def all_stays(self) -> tuple[Term, ...]:
        """With the one that is made."""
        if self.admission is None:
            return self.stays
        return (*self.stays, Term(self.admission.admitted_on, self.admission.discharged_on))

    def first_day(self) -> date:
        """From when on somebody belongs to a group of whom the row does not say it: not in what is past."""
        begins = self.admission.admitted_on if self.admission else self.around.today
        return self.draft.from_date or max(begins, self.around.today)


def _admission(draft: Draft, around: Around) -> Admission:
    return Admission(
        program_id=around.programs[search_name(draft.program)] if draft.program else None,
        site_id=around.sites[search_name(draft.site)] if draft.site else None,
        admitted_on=draft.admitted_on or around.today,
        discharged_on=draft.discharged_on,
    )


def _changes(draft: Draft, person: Known, *, has_email: bool) -> Iterator[Change]:
    if draft.search != person.search:
        yield Change("name", person.name, draft.name)
    if draft.birth_year is not None and draft.birth_year != person.birth_year:
        yield Change("birth_year", str(person.birth_year or ""), str(draft.birth_year))
    if draft.email and draft.email != person.email and not has_email and not person.keeps_email:
        yield Change("email", person.email or "", draft.email)
    if draft.phone and digits(draft.phone) != digits(person.phone or ""):
        yield Change("phone", person.phone or "", draft.phone)
    if not person.is_member:
        yield Change("role", "", "member")


def _with_places(made: _Made, *, person_id: int) -> Effect:
    places: list[Place] = []
    reasons: list[str] = []
    for title in made.draft.groups:
        (group,) = made.around.groups[search_name(title)]
        first = made.first_day()
        stays = made.all_stays()
        stay = next((own for own in stays if own.holds(first)), None)
        term = Term(first).ended_by(stay.until_date if stay else None)
        if group.has(person_id, term):
            continue
        if stays and stay is None:
            reasons.append(f"{title}: {NO_STAY}")
        elif any(place.series_id == group.series_id for place in places):
            reasons.append(f"{title}: {HAS_GROUP_TWICE}")
        elif refusal := group.refusal(term):
            reasons.append(f"{title}: {refusal}")
        else:
            places.append(_place(group, term))
    return Effect(tuple(made.changes), made.admission, tuple(places), tuple(reasons), tuple(made.remarks))


def _place(group: Group, term: Term) -> Place:
    return Place(group.series_id, term.ended_by(group.ends_on))
