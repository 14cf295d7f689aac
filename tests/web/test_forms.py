"""What shared fields accept, and how a service's refusal reaches the form."""

import re
from datetime import date, time
from typing import Any

import pytest
from flask import Flask, render_template_string

from scheduler.errors import Conflict, Invalid, Refused
from scheduler.web.forms import Clock, Day, Form, Line, Number, Revision, refusals_on, status_of


class Sample(Form):
    title = Line("Title", longest=10, needed="Give it a title.")
    day = Day("Day", needed="Choose a day.")
    at = Clock("Starts")
    places = Number("Places", least=1, most=500)
    revision = Revision()


def filled(app: Flask, **typed: str) -> Any:
    with app.test_request_context("/", method="POST", data=typed):
        form = Sample()
        form.validate()
        return form


def errors(app: Flask, **typed: str) -> dict[str, list[str]]:
    return dict(filled(app, **{"title": "Walk", "day": "2026-07-14", **typed}).errors)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("19:00", time(19)), ("19:00:30", time(19)), ("7:05 pm", time(19, 5)), (" 7 AM", time(7)), ("", None)],
)
def test_a_time_is_read_as_people_type_it(app: Flask, typed: str, read: time | None) -> None:
    assert filled(app, at=typed).at.data == read


def test_a_date_is_read_in_both_orders(app: Flask) -> None:
    assert filled(app, day="2026-07-14").day.data == date(2026, 7, 14)
    assert filled(app, day="07/14/2026").day.data == date(2026, 7, 14)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("title", "", "Give it a title."),
        ("title", "\x00 \t", "Give it a title."),
        ("title", "x" * 11, "Use at most 10 letters."),
        ("day", "", "Choose a day."),
        ("day", "2026-02-30", "This is not a date. Type it like 2026-07-14."),
        ("day", "9999-12-31", "This year is too far away."),
        ("at", "25:00", "This is not a time. Type it like 7:00 PM."),
        ("places", "twelve", "Type a whole number."),
        ("places", "-3", "Type a number of at least 1."),
        ("places", "−3", "Type a number of at least 1."),
        ("places", "-x", "Type a whole number."),
        ("places", "9" * 5000, "Type a whole number."),
        ("places", "0", "Type a number from 1 to 500."),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(app: Flask, field: str, typed: str, said: str) -> None:
    assert errors(app, **{field: typed}) == {field: [said]}


def test_what_was_typed_stays_in_the_field(app: Flask) -> None:
    assert 'value="25:00"' in str(filled(app, at="25:00").at())
    assert 'value="twelve"' in str(filled(app, places="twelve").places())


@pytest.mark.parametrize(("typed", "seen"), [("7", 7), ("", 0), ("-1", 0), ("x", 0), ("9" * 40, 0)])
def test_a_revision_that_is_none_fits_no_row(app: Flask, typed: str, seen: int) -> None:
    assert filled(app, revision=typed).revision.seen == seen


def test_a_refusal_stands_beside_its_field(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"title": "Walk", "day": "2026-07-14"}):
        form = Sample()
        form.validate()
        with refusals_on(form, first_start="day"):
            raise Invalid.many({"first_start": "Too far.", "room": "Taken."})
        assert form.errors == {"day": ["Too far."], "": ["Taken."]}
        assert status_of(form) == 422


def test_what_the_rules_refuse_concerns_the_whole_form(app: Flask) -> None:
    with app.test_request_context("/", method="POST"):
        form = Sample()
        with refusals_on(form):
            raise Refused("This group is closed.")
        assert form.errors == {"": ["This group is closed."]}


def test_what_came_first_is_a_conflict_of_the_form(app: Flask) -> None:
    with app.test_request_context("/", method="POST"):
        form = Sample()
        with refusals_on(form):
            raise Conflict("This group is full.")
        assert (form.errors, status_of(form)) == ({"": ["This group is full."]}, 409)


def test_a_field_that_was_not_sent_keeps_what_it_shows(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"other": "1"}):
        form = Sample(
            data={"title": "Walk", "day": date(2026, 7, 14), "at": time(19), "places": 3, "revision": 7}
        )
    assert (form.title.data, form.day.data, form.at.data) == ("Walk", date(2026, 7, 14), time(19))
    assert (form.places.data, form.revision.seen) == (3, 7)


@pytest.mark.parametrize(("refusal", "said"), [(None, ""), ("wait", "Wait."), ("wrong", "Wrong.")])
def test_a_refused_try_says_why_or_for_how_long(app: Flask, refusal: str | None, said: str) -> None:
    page = """{% import "_macros/forms.html" as forms -%}
        {% call forms.refused_try(refusal, "Wait.") %}Wrong.{% endcall %}"""
    with app.test_request_context("/"):
        shown = re.sub(r"<svg.*?</svg>", "", render_template_string(page, refusal=refusal), flags=re.DOTALL)
    banner = '<div class="banner bad error-summary" role="alert" tabindex="-1" data-focus>'
    whole = f"{banner}<div><strong>That did not work.</strong>{said}</div></div>"
    assert re.sub(r"\s*\n\s*", "", shown).strip() == (whole if said else "")
