"""The part of a review that one page shows. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic

from scheduler.domain.imports.judging import Outcome
from scheduler.domain.imports.reviewed import AnyRow, Reviewed
from scheduler.domain.schedule.written_dates import ColumnDates


@dataclass(frozen=True, slots=True)
class Wish:
    """Rows of which outcome (none: what asks for attention first), and which page of them.

    ``page`` counts from 1, ``size`` is rows on a page.
    """

    show: Outcome | None
    page: int
    size: int


@dataclass(frozen=True, slots=True)
class Extract(Generic[AnyRow]):
    """One page of a review.

    ``known`` are the names of those whom its rows mean, by id; ``doing`` is how many rows would be applied,
    ``undecided`` how many likely duplicates wait for a decision. The rest is as in Reviewed.
    """

    show: Outcome
    page: int
    pages: int
    rows: tuple[AnyRow, ...]
    known: Mapping[int, str]
    counts: Mapping[str, int]
    doing: int
    undecided: int
    note: str
    revision: int
    dates: tuple[ColumnDates, ...]
    is_lenient: bool
    could_do_without: int


def extract(seen: Reviewed[AnyRow], wish: Wish) -> Extract[AnyRow]:
    """The rows that are wished for, with what is said of all of them."""
    show = wish.show or next((outcome for outcome in Outcome if seen.of(outcome)), Outcome.NEW)
    rows = seen.of(show)
    shown = rows[(wish.page - 1) * wish.size : wish.page * wish.size]
    return Extract(
        show=show,
        page=wish.page,
        pages=-(-len(rows) // wish.size),
        rows=shown,
        known={row.known: seen.known[row.known] for row in shown if row.known is not None},
        counts=seen.counts,
        doing=sum(row.does is not Outcome.SAME for row in seen.rows),
        undecided=sum(row.choice is None for row in seen.of(Outcome.DUPLICATE)),
        note=seen.note,
        revision=seen.revision,
        dates=seen.dates,
        is_lenient=seen.is_lenient,
        could_do_without=seen.could_do_without,
    )
