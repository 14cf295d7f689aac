"""A series as the owner of one feed wishes to see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.domain.calendars.clock_changes import DAY, changes, is_touched, may_be_touched
from scheduler.domain.calendars.repeats import weekdays_of
from scheduler.domain.calendars.sources import Meeting, Plan, Wishes, Wording
from scheduler.domain.calendars.values import Details, Single
from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.recurrence import FURTHEST_AHEAD
from scheduler.domain.schedule.wall_time import instant_of

WEEKS_BACK = 12
WEEKS_AHEAD = 26


@dataclass(frozen=True, slots=True)
class Display:
    """`ends` is the local date at which entries that stand alone end: so far meetings were surely made when
    `begins` was set, 12 weeks before. `far` is as far as anything is looked at. `at_night`: a change of
    clock touches it. `quiet`: a daily dose, a window of hours that takes none of the day and has no alarm.
    """

    plan: Plan
    wishes: Wishes
    wording: Wording
    zone: ZoneInfo
    ends: date
    far: date
    at_night: bool
    quiet: bool
    alarm_minutes: int | None

    @classmethod
    def of(cls, plan: Plan, wishes: Wishes, wording: Wording) -> Display:
        """Raises Invalid for a zone that is not one."""
        zone = zone_named(plan.zone)
        ends = wishes.begins + timedelta(weeks=WEEKS_BACK + WEEKS_AHEAD)
        far = ends + FURTHEST_AHEAD
        changed = changes(zone, wishes.begins - DAY, far)
        length = timedelta(minutes=plan.minutes)
        at_night = may_be_touched(plan.first.time(), length, weekdays_of(plan.rule), changed)
        quiet = plan.is_daily_dosing
        alarm = None if quiet else wishes.of(plan.kind).alarm_minutes
        return cls(plan, wishes, wording.spoken(wishes.language), zone, ends, far, at_night, quiet, alarm)

    def details(self, place: str, link: str) -> Details:
        """What the owner chose to have said, and nothing else."""
        full, discreet = self.plan.title, self.plan.discreet_title
        return Details(
            title=self.wording.title(self.wishes.titles, full=full, discreet=discreet),
            place=place if self.wishes.show_place else "",
            link=link if self.wishes.show_link else "",
            alarm_minutes=self.alarm_minutes,
            quiet=self.quiet,
        )

    def is_touched(self, meeting: Meeting) -> bool:
        """Does a change of clock touch this very meeting?"""
        length = timedelta(minutes=meeting.minutes)
        around = changes(self.zone, meeting.start.date() - 2 * DAY, (meeting.start + length).date() + 3 * DAY)
        return is_touched(meeting.start, length, around)

    def single(self, uid: str, meeting: Meeting) -> Single:
        """An entry on its own: in its zone, or in UTC where wall time could be misread."""
        details, length = self.details(meeting.place, meeting.link), timedelta(minutes=meeting.minutes)
        if self.at_night or self.is_touched(meeting):
            instant = instant_of(meeting.start, self.zone)
            return Single(uid, "", instant, instant + length, meeting.stopped, details, self.plan.id)
        start, zone = meeting.start, self.plan.zone
        return Single(uid, zone, start, start + length, meeting.stopped, details, self.plan.id)

    def to_come(self, original: datetime) -> Meeting:
        """A meeting that is not made yet, as the rule will make it."""
        return Meeting(original, original, self.plan.minutes, place=self.plan.place, link=self.plan.link)
