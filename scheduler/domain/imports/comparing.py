"""What the rows of a list mean for who is here: new, changed, the same, likely the same, or refused. Pure.

A likely duplicate is asked about, unless the row says nothing new of the person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from scheduler.domain.imports import effects
from scheduler.domain.imports.around import Around, Group, Known
from scheduler.domain.imports.drafts import Draft
from scheduler.domain.imports.judging import Choice, Effect, Judged, Outcome
from scheduler.domain.imports.likeness import candidates
from scheduler.domain.imports.reading import Slip
from scheduler.domain.people.likeness import born_apart, digits, is_certain
from scheduler.domain.people.names import search_name
from scheduler.domain.schedule.terms import Term

TAKEN = "This e-mail address cannot be used. Ask an administrator."
"""Said of an address whose owner is none of the importer's business: not that there is one."""
NO_SITE = "Name the site."


def compare(
    drafts: Iterable[Draft],
    around: Around,
    choices: Mapping[int, Choice] | None = None,
    *,
    is_lenient: bool = False,
) -> tuple[Judged, ...]:
    """What each row means, in their order; ``choices`` are what was decided of likely duplicates, by number.

    A row counts for those after it: it takes an address, a number, a name and places in groups. One with a
    cell that it can be taken without is refused, or taken without it where the comparison ``is_lenient``.
    """
    comparison = _Comparison(around, choices or {}, is_lenient=is_lenient)
    return tuple(map(comparison.judge, drafts))


class _Comparison:
    """One list as it is compared."""

    def __init__(self, around: Around, choices: Mapping[int, Choice], *, is_lenient: bool) -> None:
        self._around, self._choices, self._is_lenient = around, choices, is_lenient
        self._emails: dict[str, int] = {}
        self._phones: dict[str, int] = {}
        self._names: dict[str, list[Draft]] = {}
        self._meant: set[int] = set()
        self._groups = {each.series_id: each for found in around.groups.values() for each in found}

    def judge(self, draft: Draft) -> Judged:
        """What a row means."""
        draft = self._without_known_places(draft)
        slips = (*map(Slip, draft.reasons), *draft.slips, *self._unknown(draft))
        owner = self._around.people.by_email.get(draft.email or "")
        if owner is not None and owner.is_taboo and self._is_for_a_site_here(draft):
            slips = (*slips, Slip(TAKEN))
        could_do_without = all(slip.without for slip in slips)
        if slips and not (self._is_lenient and could_do_without):
            effect = Effect(reasons=tuple(slip.reason for slip in slips))
            return Judged(draft, Outcome.REFUSED, could_do_without=could_do_without, effect=effect)
        judged = self._decided(self._meaning(self._without_unknown(draft)))
        if judged.outcome is Outcome.SAME or judged.does is not Outcome.SAME:
            self._remember(judged)
        said = (*(slip.remark for slip in slips), *judged.effect.remarks)
        return replace(judged, effect=replace(judged.effect, remarks=said)) if slips else judged

    def _is_for_a_site_here(self, draft: Draft) -> bool:
        """Is the site none, or one that is there? Nothing is told of a row that is refused for its site."""
        if not draft.site:
            return not self._around.needs_site
        return search_name(draft.site) in self._around.sites

    def _without_known_places(self, draft: Draft) -> Draft:
        """The row without titles of several groups of which the only one it can mean belongs to one.

        They are in place, whichever is meant: so a list of who is here, brought again, changes nothing.
        """
        if not any(len(self._called(title)) > 1 for title in draft.groups):
            return draft
        found = candidates(draft, self._around.people)
        if len(found) != 1 or self._choices.get(draft.number) is Choice.NEW:
            return draft
        lasting = Term(self._around.today)
        kept = [
            title
            for title in draft.groups
            if len(self._called(title)) == 1
            or not any(group.has(found[0].id, lasting) for group in self._called(title))
        ]
        return replace(draft, groups=tuple(kept))

    def _without_unknown(self, draft: Draft) -> Draft:
        """The row without the program and the groups that are not there."""
        program = draft.program if search_name(draft.program) in self._around.programs else ""
        groups = tuple(each for each in draft.groups if len(self._called(each)) == 1)
        return replace(draft, program=program, groups=groups)

    def _called(self, title: str) -> tuple[Group, ...]:
        return self._around.groups.get(search_name(title), ())

    def _unknown(self, draft: Draft) -> Iterator[Slip]:
        """What the row names that is not there, or not once."""
        around = self._around
        if draft.program and search_name(draft.program) not in around.programs:
            yield Slip(_none_called("program", draft.program, around.program_names), "program")
        if draft.site and search_name(draft.site) not in around.sites:
            yield Slip(_none_called("site", draft.site, around.site_names))
        if around.needs_site and not draft.site:
            yield Slip(NO_SITE)
        for title in draft.groups:
            found = self._called(title)
            if len(found) != 1:
                many = f"Several groups are called “{title}”."
                yield Slip(many if found else f"There is no group “{title}”.", "group")

    def _meaning(self, draft: Draft) -> Judged:
        """Whom the row means, before anybody decided."""
        found = candidates(draft, self._around.people)
        certain = [person for person in found if is_certain(draft, person)]
        if len(certain) == 1 and certain[0].id not in self._meant:
            return self._on_known(draft, certain[0])
        twin = self._twin(draft)
        if twin is not None:
            return Judged(draft, Outcome.DUPLICATE, twin=twin)
        if not found:
            return self._as_new(draft)
        likely = next((person for person in found if person.id not in self._meant), found[0])
        judged = self._on_known(draft, likely)
        if len(found) == 1 and _says_nothing_new(judged, likely):
            return judged
        return Judged(draft, Outcome.DUPLICATE, person_id=likely.id, if_same=judged.effect)

    def _decided(self, judged: Judged) -> Judged:
        """The same, with what was decided of a likely duplicate."""
        draft, choice = judged.draft, self._choices.get(judged.draft.number)
        if judged.outcome is not Outcome.DUPLICATE or choice is None:
            return judged
        if choice is Choice.NEW:
            made = self._as_new(replace(draft, email=None) if self._is_taken(draft) else draft)
            remarks = (effects.WITHOUT_EMAIL,) if made.draft.email != draft.email else ()
            effect = replace(made.effect, remarks=(*remarks, *made.effect.remarks))
            return replace(judged, draft=made.draft, does=made.does, choice=choice, effect=effect)
        if choice is Choice.OUT:
            return replace(judged, choice=choice)
        likely = self._around.people.by_id.get(judged.person_id or 0)
        if likely is None or likely.id in self._meant:
            return judged  # nobody to be the same as: it stays undecided, and is said to be
        changed = self._on_known(draft, likely)
        return replace(judged, does=changed.does, choice=choice, effect=changed.effect)

    def _as_new(self, draft: Draft) -> Judged:
        effect = effects.of_new(draft, self._around)
        if effect.reasons:
            return Judged(draft, Outcome.REFUSED, effect=effect)
        return Judged(draft, Outcome.NEW, Outcome.NEW, effect=effect)

    def _on_known(self, draft: Draft, person: Known) -> Judged:
        effect = effects.on_known(draft, person, self._around, has_email=self._is_taken(draft, person.id))
        if effect.reasons:
            return Judged(draft, Outcome.REFUSED, person_id=person.id, effect=effect)
        outcome = Outcome.SAME if effect.is_nothing else Outcome.CHANGED
        return Judged(draft, outcome, outcome, person_id=person.id, effect=effect)

    def _is_taken(self, draft: Draft, by_other_than: int = 0) -> bool:
        """Has somebody else the row's address, here or in the list?"""
        owner = self._around.people.by_email.get(draft.email or "")
        return draft.email in self._emails or (owner is not None and owner.id != by_other_than)

    def _twin(self, draft: Draft) -> int | None:
        """The number of an earlier row that likely means the same person."""
        if draft.email in self._emails:
            return self._emails[draft.email or ""]
        if draft.phone and digits(draft.phone) in self._phones:
            return self._phones[digits(draft.phone)]
        same = (
            other.number
            for other in self._names.get(draft.search, ())
            if not born_apart(draft.birth_year, other.birth_year)
        )
        return next(same, None)

    def _remember(self, judged: Judged) -> None:
        """What later rows are held against."""
        draft = judged.draft
        if draft.email:
            self._emails.setdefault(draft.email, draft.number)
        if draft.phone:
            self._phones.setdefault(digits(draft.phone), draft.number)
        self._names.setdefault(draft.search, []).append(draft)
        known = judged.person_id if judged.does is not Outcome.NEW else None
        if known is not None:
            self._meant.add(known)
        for place in judged.effect.places:
            self._groups[place.series_id].take(known or -draft.number, place.term)


def _says_nothing_new(judged: Judged, likely: Known) -> bool:
    """Is the row what is known of this person already, name and year of birth and all?"""
    draft, effect = judged.draft, judged.effect
    same = draft.search == likely.search and draft.birth_year == likely.birth_year
    return same and judged.outcome is Outcome.SAME and not effect.remarks


def _none_called(what: str, name: str, known: Sequence[str]) -> str:
    there_are = f" There are: {', '.join(known)}." if known else ""
    return f"There is no {what} “{name}”.{there_are}"
