"""Who did what, and who saw whom: a page, and the same as a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Response, render_template, request, stream_with_context, url_for

from scheduler.domain.people.queries import PersonPage, person_page
from scheduler.domain.people.queries import people as found_people
from scheduler.domain.people.roles import Role
from scheduler.domain.privacy.readers import Entry, Wish, actions, all_entries, entries
from scheduler.extensions import db
from scheduler.formats.csv_tables import streamed_csv
from scheduler.web import guard
from scheduler.web.admin.blueprint import blueprint
from scheduler.web.audit_words import act_of, choices, details_of, subject_of
from scheduler.web.forms import YEARS
from scheduler.web.language import reader_zone
from scheduler.web.numbers import whole

PAGE = 50
"""Entries on a page."""
OFFERED = 10
"""Persons offered where what was typed means several."""
HEADINGS = (
    "at_utc",
    "actor",
    "by",
    "sign_in",
    "action",
    "subject",
    "subject_id",
    "person_id",
    "persons",
    "detail",
)


@dataclass(frozen=True, slots=True)
class Named:
    """What was typed for a person, whom it means, and who is offered where that is not one."""

    typed: str
    person: PersonPage | None = None
    offered: tuple[PersonPage, ...] = ()

    @property
    def misses(self) -> bool:
        """Whether something was typed that does not mean one person."""
        return bool(self.typed) and self.person is None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; nonsense asks for nothing. Both dates count, on the reader's clock."""

    person: Named
    actor: Named
    action: str
    first: date | None
    last: date | None
    before: int | None

    @property
    def misses(self) -> bool:
        """Whether a name was typed that means nobody, or several: then nothing is shown."""
        return self.person.misses or self.actor.misses

    @property
    def wish(self) -> Wish:
        """The same for the query."""
        return Wish(
            person_id=self.person.person.id if self.person.person else None,
            actor=self.actor.person.id if self.actor.person else None,
            action=self.action,
            since=_midnight(self.first) if self.first else None,
            until=_midnight(self.last + timedelta(days=1)) if self.last else None,
        )

    def address(self, endpoint: str, **more: Any) -> str:
        """The address of the same question on another page."""
        wish = self.wish
        values: dict[str, Any] = {
            "person": wish.person_id,
            "actor": wish.actor,
            "action": self.action or None,
        }
        return url_for(endpoint, **values, **more, first=self.first, last=self.last)


@blueprint.get("/audit")
@guard.allow(Role.ADMINISTRATOR)
def audit() -> str:
    """What is on record, the newest first; the read is put on record itself."""
    session, asked = db.session(), _asked()
    page = None if asked.misses else entries(session, asked.wish, most=PAGE, before=asked.before)
    shown = page.entries if page else ()
    offered = (*asked.person.offered, *asked.actor.offered)
    concerned = {*(each.person_id for each in shown), *(each.id for each in offered)} - {None}
    guard.log_read(
        subject="audit",
        person_id=asked.wish.person_id,
        persons=[each for each in concerned if each is not None],
    )
    return render_template(
        "admin/audit.html",
        asked=asked,
        shown=[(each, act_of(each), subject_of(each), details_of(each)) for each in shown],
        known=choices(actions(session)),
        older=asked.address("admin.audit", before=page.older) if page and page.older else None,
    )


@blueprint.get("/audit.csv")
@guard.allow(Role.ADMINISTRATOR)
def audit_csv() -> Response:
    """The same as a file, all of it; made while it is sent."""
    asked = _asked()
    guard.log_read(subject="audit_file", person_id=asked.wish.person_id)
    rows = () if asked.misses else _rows(asked.wish)
    body = stream_with_context(streamed_csv(HEADINGS, rows))
    return Response(
        body, mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=entries.csv"}
    )


def _rows(wish: Wish) -> Iterator[tuple[str, ...]]:
    return map(_row, all_entries(db.session(), wish))


def _row(entry: Entry) -> tuple[str, ...]:
    """Numbers, and of names only who acted: whom it concerns, a number says as well."""
    values = (entry.actor, entry.by, entry.sign_in, entry.action, entry.subject, entry.subject_id)
    detail = " ".join(f"{name}={value}" for name, value in sorted(entry.detail.items()))
    said = (entry.at.isoformat(), *values, entry.person_id, entry.persons, detail)
    return tuple("" if value is None else str(value) for value in said)


def _asked() -> Asked:
    action, before = request.args.get("action", ""), request.args.get("before", "")
    return Asked(
        person=_named(request.args.get("person", "")),
        actor=_named(request.args.get("actor", "")),
        action=action if action.replace(".", "").replace("_", "").isalnum() and len(action) < 60 else "",
        first=_day(request.args.get("first", "")),
        last=_day(request.args.get("last", "")),
        before=whole(before),
    )


def _named(text: str) -> Named:
    """By number (somebody erased is found by nothing else), by name or by address."""
    typed = text.strip()[:200]
    number = whole(typed)
    if number is not None:
        return Named(typed, person_page(db.session(), number))
    if not typed:
        return Named("")
    found = found_people(db.session(), typed=typed, limit=OFFERED, skip=0)
    return Named(typed, found.shown[0]) if found.total == 1 else Named(typed, None, found.shown)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), reader_zone())
