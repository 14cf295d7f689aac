"""Spans of dates that become one where they overlap. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar


class Spanned(Protocol):
    """Anything with a first and a last local date, both included; no last one: open."""

    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date | None: ...


AnySpan = TypeVar("AnySpan", bound=Spanned)


def overlapping(spans: Iterable[AnySpan]) -> list[list[AnySpan]]:
    """The spans in groups by their first dates: those of one group overlap, those of two do not."""
    groups: list[list[AnySpan]] = []
    for span in sorted(spans, key=lambda each: each.first):
        last = last_of(groups[-1]) if groups else date.min
        if groups and (last is None or span.first <= last):
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def last_of(spans: Iterable[Spanned]) -> date | None:
    """The last date of all of them; none where one is open."""
    lasts = [span.last for span in spans]
    return None if None in lasts else max(last for last in lasts if last is not None)
