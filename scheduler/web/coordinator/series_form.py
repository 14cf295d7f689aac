"""The form of a series: what it asks, and what it shows of one that exists."""

from dataclasses import dataclass
from functools import partial
from secrets import token_urlsafe

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField

from scheduler.domain.people.finding import Found
from scheduler.domain.places.queries import RoomView, SiteView
from scheduler.domain.places.zones import zone_names
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.plans import LONGEST_MINUTES, LONGEST_TITLE, Plan
from scheduler.web.coordinator import choices
from scheduler.web.coordinator.rule_fields import Repeats, fields_of_rule
from scheduler.web.forms import Clock, Day, Form, Line, Number, Revision
from scheduler.web.language import gettext, lazy_gettext
from scheduler.web.offers import offers
from scheduler.web.words import KINDS

COUNTINGS = {
    Counting.MINUTES.value: lazy_gettext("Clinical minutes"),
    Counting.NAMES.value: lazy_gettext("Names"),
    Counting.HEADS.value: lazy_gettext("Heads"),
}
REPEATS = {
    Repeats.ONCE.value: lazy_gettext("Once"),
    Repeats.WEEKLY.value: lazy_gettext("Weekly"),
    Repeats.BY_WEEKDAY.value: lazy_gettext("Monthly by weekday"),
    Repeats.BY_DATE.value: lazy_gettext("Monthly by date"),
}
WEEKDAYS = {
    "0": lazy_gettext("Mon"),
    "1": lazy_gettext("Tue"),
    "2": lazy_gettext("Wed"),
    "3": lazy_gettext("Thu"),
    "4": lazy_gettext("Fri"),
    "5": lazy_gettext("Sat"),
    "6": lazy_gettext("Sun"),
}
ORDINALS = {
    "1": lazy_gettext("First"),
    "2": lazy_gettext("Second"),
    "3": lazy_gettext("Third"),
    "4": lazy_gettext("Fourth"),
    "5": lazy_gettext("Fifth"),
    "-1": lazy_gettext("Last"),
}


@dataclass(frozen=True, slots=True)
class Offers:
    """What the selects offer. ``kept`` is the present rule in words, where the form cannot spell it."""

    rooms: tuple[RoomView, ...]
    sites: tuple[SiteView, ...]
    facilitators: tuple[Found, ...]
    timezone: str
    kept: str = ""


class SeriesForm(Form):
    """What a series is, when it meets, and where."""

    kind = RadioField(lazy_gettext("Kind"), choices=offers(KINDS), default=Kind.GROUP.value)
    fellowship = SelectField(lazy_gettext("Fellowship"), default="")
    title = Line(lazy_gettext("Title"), longest=LONGEST_TITLE, needed=lazy_gettext("Give it a title."))
    discreet_title = Line(lazy_gettext("Discreet title"), longest=LONGEST_TITLE)
    first_day = Day(lazy_gettext("First day"), needed=lazy_gettext("Choose the first day."))
    starts = Clock(lazy_gettext("Starts"), needed=lazy_gettext("Say when it starts."))
    ends = Clock(lazy_gettext("Ends"))
    minutes = Number(
        lazy_gettext("Minutes"),
        most=LONGEST_MINUTES,
        wrong=lazy_gettext("Give the minutes as a number above 0."),
    )
    timezone = SelectField(lazy_gettext("Time zone"), validate_choice=False)
    repeats = RadioField(lazy_gettext("Repeats"), default=Repeats.WEEKLY.value)
    weeks = Number(lazy_gettext("Every how many weeks"), most=104, default=1)
    weekdays = SelectMultipleField(lazy_gettext("Days"), choices=offers(WEEKDAYS))
    months = Number(lazy_gettext("Every how many months"), most=24, default=1)
    ordinals = SelectMultipleField(lazy_gettext("Which of the month"), choices=offers(ORDINALS))
    weekday = SelectField(lazy_gettext("Day of the week"), default="")
    month_day = SelectField(lazy_gettext("Day of the month"), default="")
    ending = RadioField(
        lazy_gettext("Ends"),
        choices=offers({"open": lazy_gettext("Stays open"), "until": lazy_gettext("On a date")}),
        default="open",
    )
    until = Day(lazy_gettext("Last day"))
    room = SelectField(lazy_gettext("Room"), default="")
    capacity = Number(lazy_gettext("Places"), most=10_000)
    counting = RadioField(
        lazy_gettext("Attendance is kept in"), choices=offers(COUNTINGS), default=Counting.MINUTES.value
    )
    closed = BooleanField(lazy_gettext("Closed group"))
    override_reason = Line(lazy_gettext("Reason to keep both"))

    def offer(self, offered: Offers) -> None:
        """Fill the selects; before the form is shown or checked."""
        self.timezone.data = self.timezone.data or offered.timezone
        zones = {offered.timezone, self.timezone.data, *(site.timezone for site in offered.sites)}
        self.timezone.choices = choices.zones(zones & zone_names())
        self.room.choices = choices.rooms(offered.rooms, none=gettext("No room"))
        self.fellowship.choices = choices.fellowships()
        self.weekday.choices = choices.weekdays()
        self.month_day.choices = choices.month_days()
        kept = {Repeats.KEPT.value: offered.kept} if offered.kept else {}
        self.repeats.choices = offers({**REPEATS, **kept})


class NewSeriesForm(SeriesForm):
    """Beside that, who leads it from the first day on, and what tells this form from another one."""

    once = HiddenField(default=partial(token_urlsafe, 16))
    lead = SelectField(lazy_gettext("Lead"), default="")
    co_facilitator = SelectField(lazy_gettext("Co-facilitator"), default="")

    def offer(self, offered: Offers) -> None:
        """Fill the selects; before the form is shown or checked."""
        super().offer(offered)
        people = choices.people(offered.facilitators, none=gettext("Nobody yet"))
        self.lead.choices = self.co_facilitator.choices = people


class EditSeriesForm(SeriesForm):
    """Beside that, the state that the form was made from, and whether what follows was seen.

    The first day of a series that ``has_begun`` stays.
    """

    revision = Revision()
    seen = HiddenField()
    has_begun = False


def data_of(plan: Plan) -> dict[str, object]:
    """What the form shows of a series as it stands."""
    rule = fields_of_rule(plan.rule)
    return {
        "kind": plan.kind.value,
        "fellowship": plan.fellowship or "",
        "title": plan.title,
        "discreet_title": plan.discreet_title,
        "first_day": plan.first_start.date(),
        "starts": plan.first_start.time(),
        "minutes": plan.minutes,
        "timezone": plan.timezone,
        "repeats": rule.repeats.value,
        "weeks": rule.weeks,
        "weekdays": [str(day) for day in rule.weekdays],
        "months": rule.months,
        "ordinals": [str(day) for day in rule.ordinals],
        "weekday": _text(rule.weekday),
        "month_day": _text(rule.month_day),
        "ending": "until" if rule.until else "open",
        "until": rule.until,
        "room": _text(plan.room_id),
        "capacity": plan.capacity,
        "counting": plan.counting.value,
        "closed": plan.closed,
    }


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
