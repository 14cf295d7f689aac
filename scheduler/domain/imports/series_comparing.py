"""What the rows of a list of series mean: new, the same, likely the same, or refused. Pure.

Likely the same is a series with the row's title, days, time and place that differs in something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from scheduler.domain.imports.judging import Change, Choice, Outcome
from scheduler.domain.imports.reading import Slip
from scheduler.domain.imports.series_around import Meets, SeriesAround, Standing, by_meeting, days_of
from scheduler.domain.imports.series_drafts import SeriesDraft
from scheduler.domain.imports.series_judging import JudgedSeries, Making, SeriesEffect
from scheduler.domain.imports.series_same import differences
from scheduler.domain.people.names import search_name
from scheduler.domain.places.queries import RoomView, SiteView
from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.plans import Plan, checked
from scheduler.domain.schedule.recurrence import SINGLE, occurrences
from scheduler.domain.schedule.wall_time import local_of
from scheduler.errors import Invalid

TOLD: Final = 12
"""Names that are told of what there is."""


def compare_series(
    drafts: Iterable[SeriesDraft],
    around: SeriesAround,
    choices: Mapping[int, Choice] | None = None,
    *,
    is_lenient: bool = False,
) -> tuple[JudgedSeries, ...]:
    """What each row means, in their order, before anything is looked at that may stand in its way.

    ``choices`` are what was decided of those that are likely the same, by number.
    """
    comparison = _Comparison(around, choices or {}, is_lenient=is_lenient)
    return tuple(map(comparison.judge, drafts))


class _Comparison:
    """One list as it is compared."""

    def __init__(self, around: SeriesAround, choices: Mapping[int, Choice], *, is_lenient: bool) -> None:
        self._around, self._choices, self._is_lenient = around, choices, is_lenient
        self._standing = by_meeting(around.standing)
        self._meant: set[int] = set()
        self._rows: dict[Meets, list[SeriesDraft]] = {}

    def judge(self, draft: SeriesDraft) -> JudgedSeries:
        """What a row means."""
        if draft.reasons:
            return _refused(draft, tuple(map(Slip, draft.reasons)) + draft.slips)
        alike, key = self._alike(draft), _meets(draft, self._around)
        same = next((each for each, changes in alike if not changes), None)
        if same is not None and not draft.slips:
            self._meant.add(same.id)
            return JudgedSeries(draft, Outcome.SAME, series_id=same.id)
        judged = self._other(draft, alike, self._rows.get(key, ()))
        if judged.outcome is not Outcome.REFUSED:
            self._rows.setdefault(key, []).append(draft)
        return judged

    def _alike(self, draft: SeriesDraft) -> list[tuple[Standing, tuple[Change, ...]]]:
        """The series that the row may mean, with what it says otherwise of each."""
        there = self._standing.get(_meets(draft, self._around), ())
        return [
            (each, tuple(differences(draft, each, self._around.today)))
            for each in there
            if each.id not in self._meant and each.is_at(draft.site, draft.room)
        ]

    def _other(
        self,
        draft: SeriesDraft,
        alike: Sequence[tuple[Standing, tuple[Change, ...]]],
        earlier: Sequence[SeriesDraft],
    ) -> JudgedSeries:
        """Of a row that is not just what is here."""
        site, rooms, leads, slips = self._resolved(draft)
        could_do_without = bool(slips) and all(slip.without for slip in slips)
        if slips and not (self._is_lenient and could_do_without):
            return _refused(draft, slips)
        remarks = tuple(slip.remark for slip in slips)
        choice = self._choices.get(draft.number)
        likely = JudgedSeries(draft, Outcome.DUPLICATE, choice=choice, effect=SeriesEffect(remarks=remarks))
        twin = next((other.number for other in earlier if _same_place(other, draft)), None)
        if alike:
            changes = alike[0][1]
            likely = replace(likely, series_id=alike[0][0].id, effect=replace(likely.effect, changes=changes))
        elif twin is not None:
            likely = replace(likely, twin=twin)
        if (alike or twin is not None) and choice is not Choice.NEW:
            return likely
        try:
            making = self._making(draft, site, rooms, leads)
        except Invalid as error:
            return _refused(draft, tuple(map(Slip, error.fields.values())))
        effect = SeriesEffect(making=making, remarks=remarks)
        if alike or twin is not None:
            return replace(likely, does=Outcome.NEW, effect=effect)
        return JudgedSeries(draft, Outcome.NEW, Outcome.NEW, effect=effect)

    def _resolved(
        self, draft: SeriesDraft
    ) -> tuple[SiteView | None, RoomView | None, tuple[int, ...], tuple[Slip, ...]]:
        """What the row names, and what of it is not there, or not once."""
        around, slips = self._around, list(draft.slips)
        site = around.sites.get(search_name(draft.site)) if draft.site else None
        if draft.site and site is None:
            names = [each.name for each in around.sites.values()]
            slips.append(Slip(_none_called("site", draft.site, names)))
            return None, None, (), tuple(slips)
        called = around.rooms_called(draft.room, site) if draft.room else []
        if draft.room and len(called) != 1:
            slips.append(Slip(self._no_room(draft.room, site, called), "room"))
        leads: dict[int, None] = {}
        for text in draft.leads:
            found = around.facilitators_called(text)
            if len(found) == 1:
                leads[found[0].id] = None
            else:
                slips.append(Slip(_no_lead(text, len(found)), "lead"))
        return site, called[0] if len(called) == 1 else None, tuple(leads), tuple(slips)

    def _no_room(self, text: str, site: SiteView | None, called: Sequence[RoomView]) -> str:
        if called:
            places = ", ".join(each.full_name for each in called[:TOLD])
            return f"Several rooms are called “{text}”: {places}. Name the site."
        names = [each.name if site else each.full_name for each in self._around.rooms]
        if site is not None:
            names = [each.name for each in self._around.rooms if each.site_id == site.id]
        return _none_called("room", text, names, f" at {site.name}" if site else "")

    def _making(
        self, draft: SeriesDraft, site: SiteView | None, room: RoomView | None, leads: tuple[int, ...]
    ) -> Making:
        """The series that the row would make. Raises Invalid."""
        around = self._around
        kind = draft.kind or (Kind.MUTUAL_HELP if draft.fellowship else Kind.GROUP)
        usual = Counting.HEADS if kind is Kind.MUTUAL_HELP else Counting.MINUTES
        plan = checked(
            Plan(
                kind=kind,
                title=draft.name,
                first_start=draft.first(around.today),
                minutes=draft.minutes or 0,
                timezone=self._zone(site, room),
                rule=draft.rule or SINGLE,
                discreet_title=draft.discreet_title,
                room_id=room.id if room else None,
                capacity=draft.places,
                counting=draft.counting or usual,
                closed=bool(draft.closed),
                fellowship=draft.fellowship,
                counts=draft.counts,
                check_in=bool(draft.check_in),
            ),
            now=around.now,
        )
        names = {each.id: each.short_name for each in around.facilitators}
        begun = local_of(around.now, zone_named(plan.timezone))
        return Making(
            plan,
            leads,
            place=room.full_name if room else "",
            lead_names=tuple(names[each] for each in leads),
            next_at=next(iter(occurrences(plan.rule, plan.first_start, begun, limit=1)), None),
        )

    def _zone(self, site: SiteView | None, room: RoomView | None) -> str:
        if site is None and room is not None:
            site = next((each for each in self._around.sites.values() if each.id == room.site_id), None)
        return site.timezone if site else self._around.zone


def _meets(draft: SeriesDraft, around: SeriesAround) -> Meets:
    first = draft.first(around.today)
    return draft.search, first.time(), days_of(draft.rule or SINGLE, first.date())


def _same_place(one: SeriesDraft, other: SeriesDraft) -> bool:
    return (search_name(one.site), search_name(one.room)) == (
        search_name(other.site),
        search_name(other.room),
    )


def _refused(draft: SeriesDraft, slips: Sequence[Slip]) -> JudgedSeries:
    without = all(slip.without for slip in slips)
    effect = SeriesEffect(reasons=tuple(slip.reason for slip in slips))
    return JudgedSeries(draft, Outcome.REFUSED, could_do_without=without, effect=effect)


def _no_lead(text: str, many: int) -> str:
    if many:
        return f"Several facilitators are called “{text}”. Give the e-mail address."
    return f"There is no facilitator “{text}”."


def _none_called(what: str, name: str, known: Sequence[str], where: str = "") -> str:
    named = ", ".join(known[:TOLD]) + (" …" if len(known) > TOLD else "")
    return f"There is no {what} “{name}”{where}." + (f" There are: {named}." if known else "")
