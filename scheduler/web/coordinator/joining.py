"""Joining two records of one human: for coordinators and administrators. The preview is a rehearsal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.privacy.merge import Merged, merge
from scheduler.errors import Invalid, NotFound, Refused
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.coordinator.rehearsal import rehearsal
from scheduler.web.language import gettext
from scheduler.web.numbers import whole

Answer = Response | tuple[str, int]


class Known(Protocol):
    """A person as both audiences see them."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Audience:
    """Whose page it is: its blueprint, the endpoint of a person's page, who may be seen and found."""

    blueprint: str
    person: str
    load: Callable[[int], Known]
    find: Callable[[str], Sequence[Known]]


def page(audience: Audience, person_id: int) -> Answer:
    """Look for the second record (``?find=``), show what joining it (``?second=``) does; by POST, join it."""
    first = audience.load(person_id)
    second = _second(audience, first)
    if request.method == "POST" and second is not None:
        return _join(audience, first, second)
    return _shown(audience, first, second)


def _join(audience: Audience, first: Known, second: Known) -> Answer:
    try:
        with transaction(db.session) as session:
            merge(session, actor=guard.actor(), first_id=first.id, second_id=second.id, now=clock.now())
    except (Refused, Invalid) as refusal:
        return _shown(audience, first, second, str(refusal))
    flash(gettext("The two records are one now."))
    return redirect(url_for(audience.person, person_id=first.id), code=303)


def _shown(audience: Audience, first: Known, second: Known | None, refusal: str = "") -> tuple[str, int]:
    typed = request.args.get("find", "")
    found = [each for each in audience.find(typed) if each.id != first.id] if typed else []
    merged = None
    if second is not None and not refusal:
        try:
            merged = _rehearsed(first, second)
        except (Refused, Invalid) as error:
            refusal = str(error)
    guard.log_read(subject="person", subject_id=first.id, person_id=first.id)
    guard.log_read(subject="people", persons=[each.id for each in (*found, *filter(None, [second]))])
    answer = render_template(
        "staff/merge.html",
        audience=audience,
        address=f"{audience.blueprint}.merge",
        first=first,
        second=second,
        merged=merged,
        typed=typed,
        found=found,
        refusal=gettext(refusal) if refusal else "",
    )
    return answer, 422 if refusal else 200


def _rehearsed(first: Known, second: Known) -> Merged:
    found = []
    with rehearsal(db.session) as session:
        who, now = guard.actor(), clock.now()
        found.append(merge(session, actor=who, first_id=first.id, second_id=second.id, now=now))
    return found[0]


def _second(audience: Audience, first: Known) -> Known | None:
    text = request.values.get("second", "")
    if not text:
        return None
    number = whole(text)
    if number is None:
        raise NotFound
    second = audience.load(number)
    if second.id == first.id:
        raise NotFound
    return second
