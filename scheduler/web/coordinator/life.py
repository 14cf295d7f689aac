"""Admit, pause, welcome back, transfer, discharge: each page asks, shows what it will do, then does it."""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta
from typing import Final

from flask import current_app, flash, render_template, request
from sqlalchemy.orm import Session as Database

from scheduler import clock
from scheduler.config import Settings
from scheduler.domain.admissions.admit import admit, left_behind, readmit
from scheduler.domain.admissions.change import change
from scheduler.domain.admissions.discharge import Leaving, discharge
from scheduler.domain.admissions.hold import hold
from scheduler.domain.admissions.outcome import Outcome, Verb
from scheduler.domain.admissions.transfer import transfer
from scheduler.domain.admissions.undo import undo
from scheduler.domain.admissions.welcome_back import welcome_back
from scheduler.domain.people.finding import Found
from scheduler.domain.people.roles import Role
from scheduler.domain.planning.reach import Kind
from scheduler.domain.stays.queries import HoldView, StayView, holds_of, stays_of
from scheduler.domain.stays.reasons import DischargeReason, Places
from scheduler.errors import Conflict, NotFound, Refused
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.choices import id_of
from scheduler.web.coordinator.follows import Follow
from scheduler.web.coordinator.life_forms import (
    ONE_DAY,
    AdmitForm,
    DischargeForm,
    LifeForm,
    PauseForm,
    ReturnForm,
    StayForm,
    TransferForm,
)
from scheduler.web.coordinator.life_words import done_of, follows_of
from scheduler.web.coordinator.person_page import (
    Answer,
    back_to,
    enrollments_of,
    load_member,
    open_to,
    show,
    today,
)
from scheduler.web.coordinator.rehearsal import rehearsal
from scheduler.web.forms import needed, refusals_on, status_of
from scheduler.web.guard import actor, allow, log_read, reach
from scheduler.web.language import gettext
from scheduler.web.numbers import whole
from scheduler.web.undo import flash_with_undo

Act = Callable[[Database], Outcome]
PAGES: Final = {Verb.READMIT: Verb.ADMIT}
"""Which page asks, where it is not the verb's own."""


@blueprint.route("/people/<int:person_id>/admit", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def people_admit(person_id: int) -> Answer:
    """A stay begins, the first one or another."""
    person, stays = load_member(person_id), stays_of(db.session(), person_id)
    if stays and stays[0].is_open:
        return _not_now(person)
    behind = left_behind(db.session(), person_id, on=today())
    known = _known(db.session(), [each.id for each in behind])
    left = [(each.id, each.title) for each in behind if each.id in known]
    lasts = stays[0].discharged_on if stays else None
    first = today() if lasts is None else max(today(), lasts + ONE_DAY)
    form = AdmitForm(data={"admitted_on": first, "series": [str(key) for key, _ in left]})
    form.lasts = lasts
    form.offer(stays[0] if stays else None)
    form.offer_groups(left)

    def act(session: Database) -> Outcome:
        who, wanted, now = actor(), form.admission(), clock.now()
        if not stays:
            return admit(session, actor=who, person_id=person_id, admission=wanted, now=now)
        again = [int(each) for each in form.series.data or ()]
        return readmit(session, actor=who, person_id=person_id, admission=wanted, series=again, now=now)

    verb = Verb.READMIT if stays else Verb.ADMIT
    names = {"program_id": "program", "site_id": "site", "counselor_id": "counselor", "person_id": ""}
    return _decide(person, verb, form, act, names, before=stays[0] if stays else None)


@blueprint.route("/people/<int:person_id>/stay", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def people_change_stay(person_id: int) -> Answer:
    """Another program, site or counselor: nothing follows from it, so that it is done at once."""
    person, stay = load_member(person_id), _open_stay(person_id)
    if stay is None:
        return _not_now(person)
    form = StayForm(data={"revision": stay.revision})
    form.offer(stay)

    def act(session: Database) -> Outcome:
        return change(
            session,
            actor=actor(),
            stay_id=stay.id,
            revision=form.revision.seen,
            program_id=id_of(form.program.data),
            site_id=id_of(form.site.data),
            counselor_id=id_of(form.counselor.data),
            now=clock.now(),
        )

    names = {"program_id": "program", "site_id": "site", "counselor_id": "counselor"}
    if form.validate_on_submit():
        with refusals_on(form, **names):
            return _done(person, Verb.CHANGE, act)
    return _page(person, Verb.CHANGE, form, (), newest=stay.revision)


@blueprint.route("/people/<int:person_id>/pause", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def people_pause(person_id: int) -> Answer:
    """Nothing is expected for some time."""
    person, stay = load_member(person_id), _open_stay(person_id)
    if stay is None:
        return _not_now(person)
    first = max(today(), stay.admitted_on)
    form = PauseForm(data={"from_date": first, "revision": stay.revision})
    form.begins = stay.admitted_on

    def act(session: Database) -> Outcome:
        return hold(
            session,
            actor=actor(),
            stay_id=stay.id,
            revision=form.revision.seen,
            from_date=needed(form.from_date),
            until_date=form.until_date.data,
            places=Places(form.places.data),
            now=clock.now(),
        )

    return _decide(person, Verb.HOLD, form, act, {}, newest=stay.revision)


@blueprint.route("/people/<int:person_id>/welcome-back", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def people_return(person_id: int) -> Answer:
    """The pause ends."""
    person, pause = load_member(person_id), _pause(person_id)
    if pause is None:
        return _not_now(person)
    form = ReturnForm(data={"back_on": max(today(), pause.from_date), "revision": pause.revision})

    def act(session: Database) -> Outcome:
        return welcome_back(
            session,
            actor=actor(),
            hold_id=pause.id,
            revision=form.revision.seen,
            back_on=needed(form.back_on),
            now=clock.now(),
        )

    return _decide(
        person,
        Verb.WELCOME_BACK,
        form,
        act,
        {},
        newest=pause.revision,
        pause=pause,
        has_begun=pause.from_date <= today(),
    )


@blueprint.route("/people/<int:person_id>/enrollments/<int:enrollment_id>/transfer", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def people_transfer(person_id: int, enrollment_id: int) -> Answer:
    """From one series to another."""
    person = load_member(person_id)
    own = next((each for each in enrollments_of(person_id) if each.id == enrollment_id), None)
    if own is None:
        raise NotFound
    form = TransferForm(data={"from_date": max(today(), own.from_date), "revision": own.revision})
    form.series.offer([each for each in open_to(person_id) if each.series_id != own.series_id])

    def act(session: Database) -> Outcome:
        return transfer(
            session,
            actor=actor(),
            enrollment_id=enrollment_id,
            revision=form.revision.seen,
            series_id=int(form.series.data),
            from_date=needed(form.from_date),
            now=clock.now(),
        )

    names = {"series_id": "series"}
    return _decide(person, Verb.TRANSFER, form, act, names, newest=own.revision, enrollment=own)


@blueprint.route("/people/<int:person_id>/discharge", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def people_discharge(person_id: int) -> Answer:
    """The stay ends."""
    person, stay = load_member(person_id), _open_stay(person_id)
    if stay is None:
        return _not_now(person)
    form = DischargeForm(data={"last_day": today(), "revision": stay.revision, "empty_feeds": True})

    def act(session: Database) -> Outcome:
        settings: Settings = current_app.extensions["settings"]
        farewell = timedelta(days=settings.feed_farewell_days) if form.empties(today()) else None
        return discharge(
            session,
            actor=actor(),
            stay_id=stay.id,
            revision=form.revision.seen,
            leaving=Leaving(needed(form.last_day), DischargeReason(form.reason.data), farewell),
            now=clock.now(),
        )

    names = {"discharged_on": "last_day"}
    return _decide(person, Verb.DISCHARGE, form, act, names, newest=stay.revision)


@blueprint.post("/people/<int:person_id>/undo")
@allow(Role.COORDINATOR)
def people_undo(person_id: int) -> Answer:
    """Take back what was last done, as long as nothing was built on it."""
    person, typed = load_member(person_id), request.form.get("memory", "")
    memory_id = whole(typed) or 0
    try:
        with transaction(db.session) as session:
            undo(session, actor=actor(), person_id=person_id, memory_id=memory_id, now=clock.now())
    except (Refused, Conflict) as refused:
        return show(person, refusal=gettext(str(refused)))
    flash(gettext("It is as it was before."))
    return back_to(person_id)


def _open_stay(person_id: int) -> StayView | None:
    return next((each for each in stays_of(db.session(), person_id) if each.is_open), None)


def _pause(person_id: int) -> HoldView | None:
    """The pause that lasts, or the next one."""
    stay = _open_stay(person_id)
    found = [
        each
        for each in holds_of(db.session(), person_id)
        if stay and each.stay_id == stay.id and (each.until_date is None or each.until_date >= today())
    ]
    return min(found, key=lambda each: each.from_date, default=None)


def _not_now(person: Found) -> Answer:
    """Somebody did this already, or it is not to be done: the person's page says how things are."""
    if request.method == "GET":
        raise NotFound
    flash(gettext("Somebody was faster. This is how it stands now."))
    return back_to(person.id)


def _decide(
    person: Found,
    verb: Verb,
    form: LifeForm,
    act: Act,
    names: dict[str, str],
    *,
    newest: int = 0,
    **shown: object,
) -> Answer:
    """Rehearse what the form says and show it; do it once that is what was shown."""
    follows: tuple[Follow, ...] = ()
    is_old = False
    if form.validate_on_submit():
        with refusals_on(form, **names):
            with rehearsal(db.session) as session:
                follows = follows_of(_within_reach(session, act(session)))
            if form.seen.data == _fingerprint(form, follows):
                return _done(person, verb, act)
            is_old = bool(form.seen.data)
    return _page(person, verb, form, () if form.errors else follows, newest=newest, is_old=is_old, **shown)


def _page(
    person: Found,
    verb: Verb,
    form: LifeForm,
    follows: tuple[Follow, ...],
    *,
    newest: int = 0,
    **shown: object,
) -> Answer:
    log_read(subject="person", subject_id=person.id, person_id=person.id)
    if form.conflict is not None and newest:
        form.revision.data = str(newest)  # sending it again is a decision then
    form.seen.data = _fingerprint(form, follows) if follows else ""
    template = f"coordinator/life/{PAGES.get(verb, verb).value}.html"
    return render_template(template, person=person, form=form, follows=follows, **shown), status_of(form)


def _within_reach(session: Database, outcome: Outcome) -> Outcome:
    """The same without the titles of series at sites that are not this coordinator's."""
    known = _known(session, [each.series_id for each in outcome.effects if each.series_id is not None])
    elsewhere = gettext("A session elsewhere")
    told = (
        each if each.series_id is None or each.series_id in known else replace(each, title=elsewhere)
        for each in outcome.effects
    )
    return replace(outcome, effects=tuple(told))


def _known(session: Database, series: Collection[int]) -> set[int]:
    """Those of these series that are in this coordinator's reach."""
    return {each for each in set(series) if reach().holds(session, Kind.SERIES, each)}


def _done(person: Found, verb: Verb, act: Act) -> Answer:
    with transaction(db.session) as session:
        outcome = act(session)
    flash_with_undo(
        done_of(verb, outcome, person.short_name),
        "coordinator.people_undo",
        person_id=person.id,
        sends={"memory": outcome.memory_id},
    )
    return back_to(person.id)


def _fingerprint(form: LifeForm, follows: tuple[Follow, ...]) -> str:
    """The same for a form that says the same and does the same as when it was looked at."""
    typed = [f"{field.short_name}={field.data}" for field in form if field.short_name != "seen"]
    said = "\n".join([*typed, *(follow.text for follow in follows)])
    return hashlib.sha256(said.encode()).hexdigest()
