"""What became of a row of a list of series, as values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scheduler.domain.imports.judging import Change, Choice, Outcome
from scheduler.domain.imports.series_drafts import SeriesDraft
from scheduler.domain.schedule.plans import Plan


@dataclass(frozen=True, slots=True)
class Making:
    """The series that taking a row makes: its plan with the rule's own first date, and who leads it.

    ``next_at`` is its next local start; none where all is past.
    """

    plan: Plan
    leads: tuple[int, ...] = ()
    place: str = ""
    lead_names: tuple[str, ...] = ()
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeriesEffect:
    """What taking a row does; ``reasons`` say why it cannot be taken, ``changes`` what is otherwise here."""

    making: Making | None = None
    changes: tuple[Change, ...] = ()
    reasons: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedSeries:
    """A row and what it means.

    ``series_id`` is the series that it is, or likely is; ``twin`` the number of an earlier row that likely
    means the same. ``does`` is what applying it does: NEW, or SAME for nothing. One for which something is
    taken ``is_in_the_way``: with an ``override``, the reason for it, it is taken all the same. A refused one
    that ``could_do_without`` can be taken without the cells that are to blame.
    """

    draft: SeriesDraft
    outcome: Outcome
    does: Outcome = Outcome.SAME
    series_id: int | None = None
    twin: int | None = None
    choice: Choice | None = None
    could_do_without: bool = False
    is_in_the_way: bool = False
    override: str = ""
    effect: SeriesEffect = SeriesEffect()

    @property
    def known(self) -> int | None:
        """Who or what of those that are here is meant."""
        return self.series_id
