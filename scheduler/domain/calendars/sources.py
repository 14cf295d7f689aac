"""What a calendar is made from: small values, read from the tables by queries.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from scheduler.domain.calendars.languages import ENGLISH, language_of
from scheduler.domain.schedule.kinds import OF_ONE_MEMBER, Kind
from scheduler.domain.schedule.recurrence import Frequency, Rule
from scheduler.domain.schedule.rule_text import rule_of


class Titles(StrEnum):
    """How the entries of a feed read."""

    PLAIN = "plain"
    DISCREET = "discreet"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Plan:
    """A series, as far as a calendar shows it.

    `rule_text` is read when it is asked for, so that a broken one breaks its own series only. `first` is
    the naive local start of the rule's first date in `zone`; `made_until` the local date up to which
    meetings were made (later ones follow from the rule), `ends_on` the last local date, if it has one.
    A `listed` one is a meeting that no center runs.
    """

    id: int
    kind: str
    zone: str
    rule_text: str
    first: datetime
    minutes: int
    title: str
    discreet_title: str
    place: str = ""
    link: str = ""
    ends_on: date | None = None
    made_until: date | None = None
    listed: bool = False

    @property
    def rule(self) -> Rule:
        """Raises Invalid where the text is not a rule."""
        return _rule(self.rule_text)

    def unnamed(self) -> Plan:
        """The plan as others than its one member carry it around: a title that may name them is left
        behind.
        """
        return replace(self, title="") if self.kind in OF_ONE_MEMBER else self

    @property
    def is_daily_dosing(self) -> bool:
        """A window of hours on every day, not an appointment: in no calendar, unless its owner chose it."""
        rule = self.rule
        daily = rule.frequency is Frequency.DAILY or (rule.interval == 1 and len(rule.weekdays) > 4)
        return self.kind == Kind.MEDICATION and daily


@dataclass(frozen=True, slots=True)
class Meeting:
    """One occurrence: its original and its present start (naive, in the plan's zone), its elapsed minutes.

    `stopped`: it does not take place, or (in the calendar of the usual facilitator) another one leads it.
    """

    original: datetime
    start: datetime
    minutes: int
    stopped: bool = False
    place: str = ""
    link: str = ""

    @property
    def is_moved(self) -> bool:
        return self.start != self.original


@dataclass(frozen=True, slots=True)
class Run:
    """An unbroken time that a person belongs to a plan, both dates included: a post, or what is left of an
    enrollment outside its member's holds.

    `meetings` are those made, by original start; `uid` names the run in calendars. `since` is the first date
    of the whole enrollment or post, where this is what follows a hold (empty: the same).
    """

    uid: str
    plan: Plan
    from_date: date
    until_date: date | None
    meetings: tuple[Meeting, ...]
    is_post: bool = False
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """One meeting that a facilitator leads in place of another."""

    uid: str
    plan: Plan
    meeting: Meeting


@dataclass(frozen=True, slots=True)
class OfKind:
    """What the owner chose for one kind of session; `alarm_minutes` before the start (empty: no alarm)."""

    shown: bool = True
    alarm_minutes: int | None = None


USUAL = OfKind()
"""A kind of which nothing was chosen: shown, without an alarm."""


def alike(alarm_minutes: int | None) -> dict[str, OfKind]:
    """Every kind shown, with this alarm."""
    return {kind.value: OfKind(alarm_minutes=alarm_minutes) for kind in Kind}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the owner of a feed chose; `begins` is the Monday at which their calendar begins.

    A kind that is not among `kinds` is as usual. `daily_dosing` shows the hours of a daily dose too, where
    medication is shown; `language` is the code of one of `languages.LANGUAGES`.
    """

    titles: Titles
    show_place: bool
    show_link: bool
    begins: date
    kinds: Mapping[str, OfKind] = field(default_factory=dict)
    daily_dosing: bool = False
    language: str = "en"

    def of(self, kind: str) -> OfKind:
        """What was chosen for a kind of session."""
        return self.kinds.get(kind, USUAL)

    def shows(self, plan: Plan) -> bool:
        """Does this calendar show such a series? Raises Invalid where its rule cannot be read."""
        return self.of(plan.kind).shown and (self.daily_dosing or not plan.is_daily_dosing)


@dataclass(frozen=True, slots=True)
class Wording:
    """The installation's neutral words: the name of every calendar, and the title where nothing more is
    said.
    """

    calendar_name: str = ENGLISH.calendar
    plain_title: str = ENGLISH.appointment

    def title(self, titles: Titles, *, full: str, discreet: str) -> str:
        """What stands above an entry in this style; without a title of that style it is the next plainer."""
        discreet = discreet.strip()
        said = {Titles.DISCREET: discreet, Titles.FULL: full.strip() or discreet}
        return said.get(titles, "") or self.plain_title

    def spoken(self, code: str) -> Wording:
        """The same in another language. Words that an administrator chose stay as they are."""
        language = language_of(code)
        return Wording(
            language.calendar if self.calendar_name == ENGLISH.calendar else self.calendar_name,
            language.appointment if self.plain_title == ENGLISH.appointment else self.plain_title,
        )


@lru_cache(maxsize=1024)
def _rule(text: str) -> Rule:
    return rule_of(text)


def without_doubles(runs: Iterable[Run]) -> list[Run]:
    """The same runs, each date of a series in one of them only: two posts in one series are one
    appointment.
    """
    kept: list[Run] = []
    for run in sorted(runs, key=lambda run: (run.plan.id, run.from_date, run.uid)):
        before = kept[-1] if kept and kept[-1].plan.id == run.plan.id else None
        if before is None:
            kept.append(run)
        elif before.until_date is not None:
            later = max(run.from_date, before.until_date + timedelta(days=1))
            if run.until_date is None or later <= run.until_date:
                kept.append(replace(run, from_date=later))
    return kept
