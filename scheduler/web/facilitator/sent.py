"""What a device sends, read: marks, numbers and walk-ins for several sheets, made by another clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from scheduler.domain.attendance.assembly import HEADCOUNT, WALK_INS
from scheduler.domain.attendance.merging import Wanted
from scheduler.domain.attendance.sent_rows import Batch, about_of
from scheduler.domain.attendance.service import MOST_PEOPLE
from scheduler.domain.attendance.statuses import Excuse, Status, Value
from scheduler.domain.attendance.sync import WALK_IN, Sent, SentNumber, SentWalkIn
from scheduler.domain.attendance.walking_in import first_and_initial, require_there
from scheduler.errors import Invalid
from scheduler.web.facilitator.typed import number
from scheduler.web.language import gettext

MOST: Final = 500
"""Marks, numbers and walk-ins of one batch."""
EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2500, 1, 1, tzinfo=UTC)
"""What a clock says before and after is taken for these: there is room to reckon with them."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One that makes no sense, as it was named, and why."""

    uid: str
    sheet: int | None
    person: int | None
    what: str | None
    reason: str


@dataclass(slots=True)
class Arrived:
    """What a device sent, by sheet, and what of it is refused at once."""

    ticket: str
    marks: dict[int, list[Sent]] = field(default_factory=dict)
    numbers: dict[int, list[SentNumber]] = field(default_factory=dict)
    walk_ins: dict[int, list[SentWalkIn]] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    named: dict[str, tuple[int, int | str]] = field(default_factory=dict)
    """What each uid names: a sheet, and whom or what it is about."""

    def batches(self) -> list[Batch]:
        """The sheets in the order of their numbers."""
        sheets = sorted(self.marks.keys() | self.numbers.keys() | self.walk_ins.keys())
        return [
            Batch(
                sheet,
                tuple(self.marks.get(sheet, ())),
                tuple(self.numbers.get(sheet, ())),
                tuple(self.walk_ins.get(sheet, ())),
            )
            for sheet in sheets
        ]


def arrived(body: Any, now: datetime, *, sent_at: object = None) -> Arrived:
    """Read a batch. ``sent_at``: the device's clock when it was sent, where the body has another.

    Raises Invalid for what is no batch, or too large a one.
    """
    if not isinstance(body, dict):
        raise Invalid(gettext("There are no marks in this."))
    marks, numbers, walk_ins = (_list(body.get(name)) for name in ("marks", "numbers", "walk_ins"))
    if not 0 < len(marks) + len(numbers) + len(walk_ins) <= MOST:
        raise Invalid(gettext("There are no marks in this."))
    here = now - _instant(sent_at or body.get("sent_at"))
    ticket = body.get("ticket")
    found = Arrived(ticket if isinstance(ticket, str) else "")
    for each in marks:
        _sort_in(found, each, found.marks, lambda each: _mark(each, now, here))
    for each in numbers:
        _sort_in(found, each, found.numbers, lambda each: _number(each, now, here))
    for each in walk_ins:
        _sort_in(found, each, found.walk_ins, lambda each: _walk_in(each, now, here), WALK_IN)
    return found


def _sort_in(
    found: Arrived,
    each: Any,
    to: dict[int, list[Any]],
    read: Callable[[Mapping[str, Any]], Sent | SentNumber | SentWalkIn],
    kind: str = "",
) -> None:
    given: Mapping[str, Any] = each if isinstance(each, dict) else {}
    sheet = number(given.get("sheet"))
    try:
        at = _sheet(sheet)
        one = read(given)
        _require_one(found, one, at)
        to.setdefault(at, []).append(one)
    except (Invalid, OverflowError) as error:
        uid, person = str(given.get("uid", ""))[:100], number(given.get("person"))
        what = kind or given.get("what")
        found.refused.append(
            Refusal(uid, sheet, person, what if isinstance(what, str) else None, gettext(str(error)))
        )


def _require_one(found: Arrived, one: Sent | SentNumber | SentWalkIn, sheet: int) -> None:
    named = (sheet, about_of(one))
    if found.named.setdefault(one.uid, named) != named:
        raise Invalid(gettext("There is no such mark."))


def _sheet(sheet: int | None) -> int:
    if not sheet:
        raise Invalid(gettext("There is no such sheet."))
    return sheet


def _mark(given: Mapping[str, Any], now: datetime, here: timedelta) -> Sent:
    person = number(given.get("person"))
    if not person:
        raise Invalid(gettext("A mark is for nobody."))
    value = _value(given)
    fills = given.get("only_if_unmarked") is True
    wanted = Wanted(person, value, seen=number(given.get("seen")) or 0, only_if_unmarked=fills)
    return Sent(_uid(given), wanted, **_made(given, now, here))


def _value(given: Mapping[str, Any]) -> Value:
    status = _one_of(Status, given.get("status"), "There is no such mark.")
    late, left = (_minutes(given.get(f"{name}_minutes")) for name in ("late", "left"))
    return Value(status, late, left, _one_of(Excuse, given.get("excuse"), "There is no such reason."))


def _walk_in(given: Mapping[str, Any], now: datetime, here: timedelta) -> SentWalkIn:
    name, value = given.get("name"), _value(given)
    require_there(value)
    name = first_and_initial(name if isinstance(name, str) else "")
    return SentWalkIn(_uid(given), name, value, **_made(given, now, here))


def _number(given: Mapping[str, Any], now: datetime, here: timedelta) -> SentNumber:
    what, count = given.get("what"), number(given.get("number"))
    if not isinstance(what, str) or what not in {WALK_INS, HEADCOUNT} or count is None or count > MOST_PEOPLE:
        raise Invalid(gettext("Give a number from 0 to 9999."))
    seen = number(given.get("seen"))
    if what == WALK_INS:
        seen = seen or 0
    return SentNumber(_uid(given), what, count, seen, **_made(given, now, here))


def _made(given: Mapping[str, Any], now: datetime, here: timedelta) -> dict[str, Any]:
    """When it was made by the device's clock, and by the server's, which is ``here`` ahead: never after now.

    With the uid of what the same hand made before.
    """
    made_at = _instant(given.get("made_at"))
    return {"made_at": made_at, "at": min(now, made_at + here), "after": _named(given.get("after")) or ""}


def _instant(text: object) -> datetime:
    try:
        found = datetime.fromisoformat(text if isinstance(text, str) else "")
        found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(gettext("When it was made is not said.")) from error
    return min(max(found, EARLIEST), LATEST)


def _uid(given: Mapping[str, Any]) -> str:
    uid = _named(given.get("uid"))
    if uid is None:
        raise Invalid(gettext("There is no such mark."))
    return uid


def _named(text: object) -> str | None:
    if not isinstance(text, str) or not text:
        return None
    try:
        return str(UUID(text))
    except ValueError:
        return None


def _list(found: object) -> list[Any]:
    return found if isinstance(found, list) else []


def _minutes(sent: object) -> int | None:
    if sent is None or sent == "":
        return None
    minutes = number(sent)
    if not minutes:
        raise Invalid(gettext("Give the minutes as a number above 0."))
    return minutes


def _one_of(known: Any, text: object, error: str) -> Any:
    # The error is said in the reader's language where it is told: hundreds of marks make none.
    if text is None or text == "":
        return None
    if not isinstance(text, str):
        raise Invalid(error)
    try:
        return known(text)
    except ValueError:
        raise Invalid(error) from None
