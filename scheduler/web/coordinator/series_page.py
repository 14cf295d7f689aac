"""One series: when it meets, who leads it, who belongs to it, what is to come."""

from dataclasses import dataclass
from datetime import date

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.enrollment.queries import EnrollmentView, enrollments_of_series
from scheduler.domain.mutual_help.queries import Settings, conscience_of
from scheduler.domain.people.finding import found_by, holders_of
from scheduler.domain.people.names import search_name
from scheduler.domain.people.roles import Role
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.bulk import MOST
from scheduler.domain.planning.queries import gone_by, to_come
from scheduler.domain.planning.recent import last_change_of_series
from scheduler.domain.roster.queries import PostView, posts_of_series
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.queries import SeriesView, line_of, series_view
from scheduler.domain.stays.queries import discharged
from scheduler.errors import NotFound
from scheduler.extensions import db
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.follows import Follow
from scheduler.web.coordinator.series import words_of
from scheduler.web.coordinator.terms import (
    EndForm,
    EndSeriesForm,
    EnrollForm,
    end_form,
    end_series_form,
    enroll_form,
    post_form,
)
from scheduler.web.count_words import counts_in_words
from scheduler.web.forms import Form, status_of
from scheduler.web.guard import actor, allow, log_read, reach

Answer = str | tuple[str, int] | Response

SHOWN = 10
"""Occurrences to come, and past ones; the week shows all."""


@dataclass(frozen=True, slots=True)
class Row:
    """A post or an enrollment with the form that ends it."""

    term: PostView | EnrollmentView
    end: EndForm

    def is_over(self, today: date) -> bool:
        """Whether its last day is past."""
        return self.term.until_date is not None and self.term.until_date < today


@blueprint.get("/series/<int:series_id>")
@allow(Role.COORDINATOR)
def series_page(series_id: int) -> Answer:
    """The page; ``?find=`` looks for somebody to enroll, ``?all=1`` shows all that is to come."""
    return show(load(series_id))


def load(series_id: int) -> SeriesView:
    """The series, read now. Raises NotFound."""
    series = series_view(db.session(), series_id)
    if series is None:
        raise NotFound
    return series


def today_in(series: SeriesView) -> date:
    """Today, where the series meets."""
    return clock.now().astimezone(zone_named(series.plan.timezone)).date()


def enroll_form_of(series: SeriesView, typed: str) -> EnrollForm:
    """The form that enrolls one of those whom ``typed`` finds."""
    session, today = db.session(), today_in(series)
    found = found_by(session, typed, role=Role.MEMBER, sight=reach().of_people()) if typed else []
    over = discharged(session, [each.id for each in found], on=today)
    form = enroll_form([each for each in found if each.id not in over], typed, today)
    form.discharged = tuple(each for each in found if each.id in over)
    return form


def back_to(series_id: int, part: str) -> Response:
    """The page again, at one of its parts."""
    return redirect(url_for("coordinator.series_page", series_id=series_id, _anchor=part), code=303)


def show(
    series: SeriesView,
    *,
    post: Form | None = None,
    enroll: Form | None = None,
    end: EndSeriesForm | None = None,
    ends: dict[str, EndForm] | None = None,
    follows: tuple[Follow, ...] = (),
) -> Answer:
    """The page of a series, with the forms that were sent and not saved; ``ends`` are by their prefix, and
    ``follows`` is what ending it would do.
    """
    session, now, today = db.session(), clock.now(), today_in(series)
    sent = [form for form in (post, enroll, end, *(ends or {}).values()) if form is not None]
    typed = request.args.get("find", "")
    posts, members = posts_of_series(session, series.id), _members(series.id)
    enroll = enroll or enroll_form_of(series, typed)
    _log(series, members, enroll)
    line = line_of(session, series, within=reach().of_series())
    place = next((at for at, each in enumerate(line) if each.id == series.id), 0)
    page = render_template(
        "coordinator/series_page.html",
        before=line[place - 1] if place else None,
        after=line[place + 1] if place + 1 < len(line) else None,
        series=series,
        plan=series.plan,
        words=words_of(series),
        today=today,
        now=now,
        conscience=_conscience(series),
        counts=counts_in_words(series.plan.counts),
        posts=_rows("post", posts, ends or {}),
        members=sorted(_rows("member", members, ends or {}), key=_name),
        to_come=to_come(session, series.id, now=now, most=MOST if request.args.get("all") == "1" else SHOWN),
        shown=SHOWN,
        gone_by=gone_by(session, series.id, now=now, most=SHOWN),
        post=post or post_form(holders_of(session, Role.FACILITATOR, sight=reach().of_people()), today),
        enroll=enroll,
        end=end or end_series_form(series.id, series.revision, series.ends_on),
        follows=follows,
        last=last_change_of_series(session, series.id, viewer=actor(), now=now),
        sent=sent[0] if sent else None,
        is_open=series.ends_on is None or series.ends_on >= today,
    )
    return page, status_of(sent[0]) if sent else 200


def _log(series: SeriesView, members: tuple[EnrollmentView, ...], enroll: Form) -> None:
    """Who belongs to it was read, and who was found to enroll."""
    found = [int(value) for value, *_ in enroll["person"].iter_choices() if value]
    found += [each.id for each in getattr(enroll, "discharged", ())]
    persons = {*(each.person_id for each in members if not each.is_private), *found}
    log_read(subject="series", subject_id=series.id, persons=persons)


def _conscience(series: SeriesView) -> Settings | None:
    """What a hosted mutual-help group decided for itself; none for any other series."""
    if series.plan.kind is not Kind.MUTUAL_HELP:
        return None
    return conscience_of(db.session(), series.id)


def _members(series_id: int) -> tuple[EnrollmentView, ...]:
    return enrollments_of_series(db.session(), series_id, private=reach().of_people().private)


def _name(row: Row) -> str:
    return search_name(row.term.short_name)


def _rows(
    name: str, found: tuple[PostView, ...] | tuple[EnrollmentView, ...], sent: dict[str, EndForm]
) -> list[Row]:
    rows = []
    for each in found:
        form = sent.get(f"{name}{each.id}")
        if form is not None and form.conflict is not None:
            form.revision.data = str(each.revision)
        rows.append(Row(each, form or end_form(name, each.id, each.revision, each.until_date)))
    return rows
