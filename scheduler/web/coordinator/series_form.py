"""The form of a series: what it asks, and what it shows of one that exists."""

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from secrets import token_urlsafe

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField

from scheduler.domain.people.finding import Found
from scheduler.domain.places.queries import RoomView, SiteView
from scheduler.domain.places.zones import zone_names
from scheduler.domain.schedule.counts import LONGEST_COUNTED, MOST_COUNTED
from scheduler.domain.schedule.exceptions import to_come_of
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.plans import LONGEST_MINUTES, LONGEST_TITLE, Plan
from scheduler.domain.schedule.recurrence import MOST_AT_ONCE, Rule
from scheduler.domain.schedule.spoken_words import LONGEST
from scheduler.domain.schedule.words import added_in_words, days_of_month, skipped_in_words
from scheduler.web.coordinator import choices
from scheduler.web.coordinator.rule_fields import Repeats, Typed, fields_of_rule, typed_words
from scheduler.web.coordinator.shown import ShownForm
from scheduler.web.forms import Clock, Day, Form, Line, Number, Revision
from scheduler.web.language import gettext, lazy_gettext
from scheduler.web.numbers import whole
from scheduler.web.offers import offers
from scheduler.web.words import KINDS

COUNTINGS = {
    Counting.MINUTES.value: lazy_gettext("Clinical minutes"),
    Counting.NAMES.value: lazy_gettext("Names"),
    Counting.HEADS.value: lazy_gettext("Heads"),
}
REPEATS = {
    Repeats.ONCE.value: lazy_gettext("Once"),
    Repeats.DAILY.value: lazy_gettext("Daily"),
    Repeats.WEEKLY.value: lazy_gettext("Weekly"),
    Repeats.BY_WEEKDAY.value: lazy_gettext("Monthly by weekday"),
    Repeats.BY_DATE.value: lazy_gettext("Monthly by date"),
    Repeats.WORDS.value: lazy_gettext("In words"),
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

ENDINGS = {
    "open": lazy_gettext("Stays open"),
    "until": lazy_gettext("On a date"),
    "count": lazy_gettext("After a number"),
}


@dataclass(frozen=True, slots=True)
class Offers:
    """What the selects offer."""

    rooms: tuple[RoomView, ...]
    sites: tuple[SiteView, ...]
    facilitators: tuple[Found, ...]
    timezone: str


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
    repeats = RadioField(lazy_gettext("Repeats"), choices=offers(REPEATS), default=Repeats.WEEKLY.value)
    words = Line(lazy_gettext("When it meets"), longest=LONGEST)
    days = Number(lazy_gettext("Every how many days"), most=366, default=1)
    weeks = Number(lazy_gettext("Every how many weeks"), most=104, default=1)
    weekdays = SelectMultipleField(lazy_gettext("Days"), choices=offers(WEEKDAYS))
    months = Number(lazy_gettext("Every how many months"), most=24, default=1)
    ordinals = SelectMultipleField(lazy_gettext("Which of the month"), choices=offers(ORDINALS))
    weekday = SelectField(lazy_gettext("Day of the week"), default="")
    month_day = Line(lazy_gettext("Days of the month"))
    ending = RadioField(lazy_gettext("Ends"), choices=offers(ENDINGS), default="open")
    until = Day(lazy_gettext("Last day"))
    count = Number(lazy_gettext("How many times"), most=MOST_AT_ONCE)
    added = Line(lazy_gettext("Also on"), longest=LONGEST)
    skipped = Line(lazy_gettext("Not on"), longest=LONGEST)
    room = SelectField(lazy_gettext("Room"), default="")
    capacity = Number(lazy_gettext("Places"), most=10_000)
    counting = RadioField(
        lazy_gettext("Attendance is kept in"), choices=offers(COUNTINGS), default=Counting.MINUTES.value
    )
    least_people = Number(lazy_gettext("Least people"), most=MOST_COUNTED)
    most_people = Number(lazy_gettext("Most people"), most=MOST_COUNTED)
    least_minutes = Number(lazy_gettext("Least minutes"), most=LONGEST_COUNTED)
    most_minutes = Number(lazy_gettext("Most minutes"), most=LONGEST_COUNTED)
    closed = BooleanField(lazy_gettext("Closed group"))
    check_in = BooleanField(lazy_gettext("Members put themselves on the sheet"))
    override_reason = Line(lazy_gettext("Reason to keep both"))

    def offer(self, offered: Offers) -> None:
        """Fill the selects; before the form is shown or checked."""
        self.timezone.data = self.timezone.data or offered.timezone
        zones = {offered.timezone, self.timezone.data, *(site.timezone for site in offered.sites)}
        self.timezone.choices = choices.zones(zones & zone_names())
        self.room.choices = choices.rooms(offered.rooms, none=gettext("No room"))
        self.fellowship.choices = choices.fellowships()
        self.weekday.choices = choices.weekdays()


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


class EditSeriesForm(SeriesForm, ShownForm):
    """Beside that, the state that the form was made from, and what was shown to follow.

    The first day of a series that ``has_begun`` stays. ``since`` is the occurrence that the change begins
    with, where it is not the next one.
    """

    revision = Revision()
    since = HiddenField()
    has_begun = False

    @property
    def begins_with(self) -> int | None:
        """The id of that occurrence; 0, which no row has, for anything else."""
        text = str(self.since.data or "")
        if not text:
            return None
        return whole(text) or 0


def data_of(plan: Plan, now: datetime) -> dict[str, object]:
    """What the form shows of a series as it stands at a wall time; of its added and skipped dates those to
    come.
    """
    return {
        "kind": plan.kind.value,
        "fellowship": plan.fellowship or "",
        "title": plan.title,
        "discreet_title": plan.discreet_title,
        "first_day": plan.first_start.date(),
        "starts": plan.first_start.time(),
        "minutes": plan.minutes,
        "timezone": plan.timezone,
        **_rule_data(plan.rule, plan.first_start, now),
        "room": _text(plan.room_id),
        "capacity": plan.capacity,
        "counting": plan.counting.value,
        **asdict(plan.counts),
        "closed": plan.closed,
        "check_in": plan.check_in,
    }


def _rule_data(rule: Rule, first: datetime, now: datetime) -> dict[str, object]:
    chosen, to_come = fields_of_rule(rule), to_come_of(rule, first, now)
    ending = "until" if rule.until else "count" if rule.count else "open"
    return {
        "repeats": chosen.repeats.value,
        "words": typed_words(rule, first),
        "days": chosen.days,
        "weeks": chosen.weeks,
        "weekdays": [str(day) for day in chosen.weekdays],
        "months": chosen.months,
        "ordinals": [str(day) for day in chosen.ordinals],
        "weekday": _text(chosen.weekday),
        "month_day": days_of_month(rule, Typed()) if rule.month_days else "",
        "ending": ending,
        "until": rule.until,
        "count": rule.count,
        "added": added_in_words(to_come, first, Typed()),
        "skipped": skipped_in_words(to_come, first, Typed()),
    }


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
