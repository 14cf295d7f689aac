"""How many places are taken on the fullest date. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta

from scheduler.domain.schedule.terms import Term


def most_at_once(terms: Iterable[Term]) -> int:
    """The greatest number of terms that hold the same date: one sweep over their first and last dates."""
    steps: list[tuple[date, int]] = []
    for term in terms:
        steps.append((term.from_date, 1))
        if term.until_date is not None and term.until_date < date.max:
            steps.append((term.until_date + timedelta(days=1), -1))
    most = standing = 0
    for _, step in sorted(steps):
        standing += step
        most = max(most, standing)
    return most


def most_within(term: Term, others: Iterable[Term]) -> int:
    """The same for the dates of `term` only; it counts itself."""
    last = term.until_date or date.max
    parts = [
        Term(max(term.from_date, other.from_date), min(last, other.until_date or date.max))
        for other in others
        if other.overlaps(term)
    ]
    return most_at_once([term, *parts])
