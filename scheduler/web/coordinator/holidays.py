"""Holidays: days on which some kinds do not meet; added by list or calendar file, changed, taken off."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_wtf.file import FileField
from sqlalchemy.orm import Session as Database
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField, TextAreaField

from scheduler import clock
from scheduler.domain.people.roles import Role
from scheduler.domain.planning.coming_back import Became
from scheduler.domain.planning.holiday_drafts import MOST_AT_ONCE, HolidayDraft, Listed, listed, together
from scheduler.domain.planning.holiday_list import HolidayView, holidays_from
from scheduler.domain.planning.holidays import Kept, change_kinds, keep_holidays, take_back_holidays
from scheduler.domain.planning.observing import Observed
from scheduler.domain.schedule.kinds import Kind
from scheduler.errors import Conflict, Invalid, NotFound, Refused
from scheduler.extensions import db
from scheduler.formats.ics_days import LARGEST, days_in
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.rehearsal import rehearsal
from scheduler.web.forms import Form, Revision, refusals_on, status_of
from scheduler.web.guard import actor, allow, reach, takes
from scheduler.web.language import gettext, lazy_gettext, ngettext, reader_zone
from scheduler.web.numbers import whole
from scheduler.web.offers import offers
from scheduler.web.undo import flash_with_undo
from scheduler.web.versions import taken_up
from scheduler.web.words import KINDS

Answer = str | tuple[str, int] | Response
TOLD = 3
"""Lines that are told of where none can be taken."""
NOT_MEDICATION = [kind.value for kind in Kind if kind is not Kind.MEDICATION]


class HolidayForm(Form):
    """Days, typed or in a file, and what does not meet on them."""

    days = TextAreaField(lazy_gettext("Days"), render_kw={"rows": 6})
    file = FileField(lazy_gettext("Or a calendar file"), render_kw={"accept": ".ics,text/calendar"})
    kinds = SelectMultipleField(lazy_gettext("What does not meet"), choices=offers(KINDS))


class KindsForm(Form):
    """What does not meet on one day."""

    kinds = SelectMultipleField(lazy_gettext("What does not meet"), choices=offers(KINDS))
    revision = Revision()


@blueprint.get("/holidays")
@allow(Role.COORDINATOR)
def holidays() -> str:
    """The days to come."""
    found = holidays_from(db.session(), _today())
    return render_template("coordinator/holidays.html", holidays=found, may_change=_may_change())


@blueprint.route("/holidays/add", methods=["GET", "POST"])
@takes(LARGEST)
@allow(Role.COORDINATOR)
def holidays_add() -> Answer:
    """Read a list, show which sessions would not meet, and keep the days that are left ticked."""
    _require_all_sites()
    form = HolidayForm(data=None if request.method == "POST" else {"kinds": NOT_MEDICATION})
    if not form.validate_on_submit():
        return render_template("coordinator/holidays_add.html", form=form), status_of(form)
    with refusals_on(form):
        if "day" in request.form:
            with transaction(db.session) as session:
                kept = _keep(session, listed("\n".join(request.form.getlist("day")), today=_today()), form)
            return _done(kept)
        return _shown(form, _read(form))
    return render_template("coordinator/holidays_add.html", form=form), status_of(form)


@blueprint.route("/holidays/<int:holiday_id>", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def holidays_change(holiday_id: int) -> Answer:
    """Say what does not meet on a day; nothing takes the day off, once it was shown what follows."""
    _require_all_sites()
    holiday = _load(holiday_id)
    form = KindsForm(data=_data(holiday))
    if form.validate_on_submit():
        is_off = not _kinds(form)
        with refusals_on(form):
            if is_off and request.form.get("off") != "yes":
                return _shown_off(holiday, form)
            with transaction(db.session) as session:
                observed = _change(session, holiday_id, form)
            if is_off:
                flash(gettext("%(name)s is off the calendar.", name=holiday.name))
            _say(observed)
            return redirect(url_for("coordinator.holidays"), code=303)
    both = taken_up(form, KindsForm(data=_data(_load(holiday_id)), formdata=None))
    page = render_template("coordinator/holiday.html", holiday=holiday, form=form, both=both)
    return page, status_of(form)


@blueprint.post("/holidays/undo")
@allow(Role.COORDINATOR)
def holidays_undo() -> Response:
    """Take days off the calendar that were just kept."""
    _require_all_sites()
    typed = request.form.get("holidays", "").split(",")[:MOST_AT_ONCE]
    numbers = [number for each in typed if (number := whole(each)) is not None]
    try:
        with transaction(db.session) as session:
            observed = take_back_holidays(session, actor=actor(), holidays=numbers, now=clock.now())
    except (Conflict, NotFound, Refused) as refused:
        flash(gettext(str(refused)))
    else:
        flash(gettext("It is as it was before."))
        _say(observed)
    return redirect(url_for("coordinator.holidays"), code=303)


def _shown_off(holiday: HolidayView, form: KindsForm) -> str:
    """What taking the day off the calendar would do, from doing it and taking it back."""
    with rehearsal(db.session) as session:
        observed = _change(session, holiday.id, form)
    return render_template(
        "coordinator/holiday_off.html", holiday=holiday, form=form, follows=_follows(observed)
    )


def _change(session: Database, holiday_id: int, form: KindsForm) -> Observed:
    return change_kinds(
        session,
        actor=actor(),
        holiday_id=holiday_id,
        revision=form.revision.seen,
        kinds=_kinds(form),
        now=clock.now(),
    )


def _may_change() -> bool:
    """A day is for all sites; whose role is for some would stop what they cannot see."""
    return reach().sites is None


def _require_all_sites() -> None:
    if not _may_change():
        raise NotFound


def _load(holiday_id: int) -> HolidayView:
    found = (each for each in holidays_from(db.session(), _today()) if each.id == holiday_id)
    holiday = next(found, None)
    if holiday is None:
        raise NotFound
    return holiday


def _data(holiday: HolidayView) -> dict[str, object]:
    return {"kinds": [kind.value for kind in holiday.kinds], "revision": str(holiday.revision)}


def _kinds(form: Form) -> frozenset[Kind]:
    return frozenset(Kind(each) for each in form["kinds"].data)


def _read(form: HolidayForm) -> Listed:
    typed = listed(form.days.data or "", today=_today())
    if not form.file.data:
        return typed
    of_file = days_in(form.file.data.read(LARGEST + 1), today=_today())
    return together([*typed.drafts, *of_file.drafts, *typed.passed_over, *of_file.passed_over])


def _keep(session: Database, found: Listed, form: Form) -> Kept:
    return keep_holidays(
        session, actor=actor(), drafts=found.drafts, kinds=_kinds(form), today=_today(), now=clock.now()
    )


def _shown(form: HolidayForm, found: Listed) -> Answer:
    """What keeping these days would do, from doing it and taking it back."""
    if not found.drafts and found.passed_over:
        told = [f"{each.said}: {gettext(each.why)}" for each in found.passed_over[:TOLD]]
        raise Invalid(" ".join(told), field="days")
    with rehearsal(db.session) as session:
        kept = _keep(session, found, form)
        stops = {(each.day, each.name): each.stopped for each in holidays_from(session, _today())}
    return render_template(
        "coordinator/holidays_shown.html",
        form=form,
        days=[(draft, stops.get((draft.day, draft.name), 0), draft in kept.known) for draft in found.drafts],
        passed_over=found.passed_over[:10],
        more=max(0, len(found.passed_over) - 10),
        kinds=[KINDS[each] for each in form.kinds.data or ()],
        stopped=len(kept.observed.stopped),
        written=_written,
    )


def _written(draft: HolidayDraft) -> str:
    return f"{draft.day.isoformat()} {draft.name}"


def _done(kept: Kept) -> Response:
    """With the way back, in one message: what was just stopped by mistake must not wait."""
    number = len(kept.holidays)
    done = ngettext("%(num)d day is kept.", "%(num)d days are kept.", number)
    text = " ".join([done, *(line for _, line in _follows(kept.observed))])
    if number:
        sends: dict[str, int | str] = {"holidays": ",".join(map(str, kept.holidays))}
        flash_with_undo(text, "coordinator.holidays_undo", sends=sends)
    else:
        flash(text)
    return redirect(url_for("coordinator.holidays"), code=303)


def _say(observed: Observed) -> None:
    for _, line in _follows(observed):
        flash(line)


def _follows(observed: Observed) -> list[tuple[str, str]]:
    """What becomes of sessions, by a word for how that is to be shown."""
    became = list(observed.back.values())
    counted = (
        ("warn", len(observed.stopped), "%(num)d session does not meet.", "%(num)d sessions do not meet."),
        ("ok", became.count(Became.RESTORED), "%(num)d session meets again.", "%(num)d sessions meet again."),
        (
            "bad",
            became.count(Became.TAKEN),
            "%(num)d session stays off: its room, or who leads, was taken meanwhile.",
            "%(num)d sessions stay off: their rooms, or who leads, were taken meanwhile.",
        ),
        (
            "info",
            became.count(Became.STOPPED),
            "%(num)d session stays off for another reason.",
            "%(num)d sessions stay off for another reason.",
        ),
    )
    return [(tone, ngettext(one, many, count)) for tone, count, one, many in counted if count]


def _today() -> date:
    return clock.now().astimezone(reader_zone()).date()
