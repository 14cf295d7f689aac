"""A rule as a sentence in the reader's language."""

from datetime import date, datetime, time

from babel.dates import format_date, format_skeleton, get_day_names

from scheduler.domain.schedule.recurrence import Rule
from scheduler.domain.schedule.words import in_words
from scheduler.web import display
from scheduler.web.language import gettext, locale, ngettext


class ReadersLanguage:
    """The :class:`scheduler.domain.schedule.words.Language` of who reads the page."""

    def gettext(self, message: str, **variables: object) -> str:
        """The message in the reader's language."""
        return gettext(message, **variables) if variables else gettext(message)

    def ngettext(self, one: str, many: str, number: int, **variables: object) -> str:
        """The message for that number."""
        return ngettext(one, many, number, **variables)

    def weekday(self, day: int) -> str:
        """The name of a day; 0 is Monday."""
        name: str = get_day_names("wide", locale=locale())[day]
        return name

    def date(self, day: date, *, year: bool) -> str:
        """A local date."""
        if year:
            return format_date(day, "long", locale=locale())
        return format_skeleton("MMMMd", day, locale=locale())

    def times(self, start: time, end: time) -> str:
        """From one wall time to another."""
        day = date(2000, 1, 3)
        return display.clock_range(datetime.combine(day, start), datetime.combine(day, end))

    def clock(self, at: time) -> str:
        """One wall time."""
        return display.clock(at)

    def month_day(self, day: int) -> str:
        """The 13th."""
        ending = "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
        return gettext("%(day)s%(ending)s", day=day, ending=ending)


def rule_in_words(rule: Rule, first: datetime, minutes: int, *, most: int | None = None) -> str:
    """ "Every Tuesday, 7:00 to 8:30 PM." ``first`` is the naive local start of the first date; ``most`` is
    how many added and how many skipped dates are named.
    """
    return in_words(rule, first, minutes, ReadersLanguage(), most=most)
