"""Parts of pages that are drawn once."""

from itertools import product
from types import SimpleNamespace

from flask import Flask, get_template_attribute, render_template_string
from markupsafe import Markup

from scheduler.domain.attendance.assembly import Absence, Line
from scheduler.domain.attendance.statuses import Excuse, Status, Value
from scheduler.web.drawing import hole, moulded, once
from scheduler.web.facilitator.rows import UNMARKED, Row, Typed

HOSTILE = f"<b>{{name}} & {hole('word')}"
VALUES = (
    Value(),
    *(Value(status) for status in Status),
    Value(Status.LATE, 8),
    Value(Status.LEFT_EARLY, left_minutes=12),
    Value(Status.EXCUSED, excuse=Excuse.WORK),
)
ABSENCES = (None, Absence(None), Absence(Excuse.FAMILY))


def row(person: int, value: Value, absence: Absence | None, error: str) -> Row:
    typed = Typed(value.status or "", str(value.late_minutes or ""), "19:48", value.excuse or "")
    line = Line(person, f"{HOSTILE} {person}", bool(person % 2), value, revision=person + 3, absence=absence)
    status, word = value.status or UNMARKED, f"{HOSTILE} {value}"
    return Row(line, status, word, typed, f"{typed}|{HOSTILE}", error)


def test_a_row_of_a_sheet_is_the_same_from_its_mould(app: Flask) -> None:
    with app.test_request_context():
        plain = get_template_attribute("_macros/sheet.html", "mark")
        cast = get_template_attribute("_macros/sheet.html", "marks_of")
        rows = [row(n, *how) for n, how in enumerate(product(VALUES, ABSENCES, ("", HOSTILE)))]
        assert cast(rows * 2) == Markup("").join(plain(each) for each in rows * 2)


def test_what_is_drawn_once_is_drawn_for_each_thing_that_it_is_given(app: Flask) -> None:
    drawn: list[str] = []

    def macro(text: str) -> Markup:
        drawn.append(text)
        return Markup("<i>") + text + Markup("</i>")

    kept = once(macro)
    with app.test_request_context():
        said = [kept(text) for text in ("<b>", Markup("<b>"), "<b>", Markup("<b>"))]
    assert said == ["<i>&lt;b&gt;</i>", "<i><b></i>"] * 2
    assert drawn == ["<b>", "<b>"]


def test_moulds_do_not_pile_up(app: Flask) -> None:
    draw = moulded(Markup)
    with app.test_request_context():
        many = [SimpleNamespace(shape=n, hollow=f"{n}%: {hole('a')} ", filling={"a": n}) for n in range(1500)]
        assert draw(many) == "".join(f"{n}%: {n} " for n in range(1500))


def test_sentences_of_templates_are_formats_and_escape_what_is_filled_in(app: Flask) -> None:
    with app.test_request_context():
        said = render_template_string(
            "{{ _('100%% & <i>') }} {{ _('%(a)s', a='<b>') }}"
            "{{ ngettext('%(num)d %(a)s', '%(num)d %(a)ss', 2, a='<b>') }}"
        )
    assert said == "100% & <i> &lt;b&gt;2 &lt;b&gt;s"
