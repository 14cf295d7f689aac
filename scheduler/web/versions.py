"""Both versions of what two people changed at once: what was typed, and what stands now."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from wtforms import Field, HiddenField, SelectField, SelectFieldBase

from scheduler.web.display import clock as clock_of
from scheduler.web.display import day
from scheduler.web.forms import Clock, Day, Form
from scheduler.web.language import gettext


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that the two say otherwise, in words."""

    label: str
    mine: str
    theirs: str


def taken_up(mine: Form, theirs: Form) -> tuple[Difference, ...] | None:
    """Both versions, where the form was made from an older state than ``theirs``; none where it was not.

    The form then carries the newer revision, so that sending it again is a decision.
    """
    if mine.conflict is None or mine["revision"].seen == theirs["revision"].seen:
        return None
    mine["revision"].data = theirs["revision"].data
    return differences(mine, theirs)


def differences(mine: Form, theirs: Form) -> tuple[Difference, ...]:
    """Where a form that was sent differs from the same form made of what stands now."""
    return tuple(
        Difference(str(field.label.text), words_of(field), words_of(theirs[field.short_name]))
        for field in mine
        if not isinstance(field, HiddenField) and words_of(field) != words_of(theirs[field.short_name])
    )


def words_of(field: Field) -> str:
    """What a field says, as people read it."""
    if isinstance(field, SelectFieldBase):
        return ", ".join(str(label) for _, label, chosen, _ in _offered(field) if chosen)
    if isinstance(field.data, bool):
        return gettext("Yes") if field.data else gettext("No")
    if isinstance(field, Day):
        return day(field.data) if field.data else ""
    if isinstance(field, Clock):
        return clock_of(field.data) if field.data else ""
    return "" if field.data is None else str(field.data)


def _offered(field: SelectFieldBase) -> Iterator[tuple[str, str, bool, dict[str, object]]]:
    if isinstance(field, SelectField) and field.has_groups():
        return chain.from_iterable(options for _, options in field.iter_groups())
    return iter(field.iter_choices())
