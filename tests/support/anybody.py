"""Whatever anybody does at a center, by chance: coordinators, members, facilitators and the jobs at night."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session as Database

from scheduler.domain.admissions.admit import Admission, admit, left_behind, readmit
from scheduler.domain.admissions.discharge import Leaving, discharge
from scheduler.domain.admissions.hold import hold
from scheduler.domain.admissions.transfer import transfer
from scheduler.domain.admissions.undo import last_done, undo
from scheduler.domain.admissions.welcome_back import welcome_back
from scheduler.domain.attendance.not_meeting import record_not_met
from scheduler.domain.calendars.models import Feed
from scheduler.domain.calendars.service import Choices, change_feed, make_feed, move_spans
from scheduler.domain.calendars.sources import OfKind, Titles
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.mutual_help.rows import MeetingRow
from scheduler.domain.mutual_help.service import import_meetings
from scheduler.domain.places.models import Room, Site
from scheduler.domain.places.values import RoomDraft, SiteDraft
from scheduler.domain.planning.changing import Handed, Wish, change_occurrence
from scheduler.domain.planning.choosing import choose_listed, leave_listed
from scheduler.domain.planning.editing import edit_series
from scheduler.domain.planning.holiday_drafts import HolidayDraft
from scheduler.domain.planning.holidays import change_kinds, keep_holidays, meet_all_the_same
from scheduler.domain.planning.leading import end_post, substitute
from scheduler.domain.planning.membership import end_enrollment
from scheduler.domain.planning.moves import HowFar
from scheduler.domain.planning.venues import edit_room, edit_site
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.schedule.kinds import CauseType, Kind
from scheduler.domain.schedule.models import Cause, Holiday, Occurrence, Series
from scheduler.domain.schedule.queries import plan_of
from scheduler.domain.stays.models import Hold, Stay
from scheduler.domain.stays.reasons import DischargeReason, Places
from scheduler.errors import SchedulerError
from scheduler.store.base import Base
from tests.domain.planning.test_sequences import ACTS, CLOSING, HOURS, Coordinator
from tests.support.feeds import path_of

LIVES: Final = (
    *("admit", "hold", "hold", "back", "back", "discharge", "readmit", "transfer", "step_back", "step_back"),
    *("leave", "leave", "end_post", "take_back", "take_back", "room_changes", "site_changes", "retitle"),
    *("choices", "choices", "spans", "holiday", "no_holiday", "all_the_same", "choose", "unchoose"),
    *("list_changes", "not_met", "change", "change"),
)
EVERYTHING: Final = (*ACTS, *CLOSING, *LIVES)
MEETING: Final = MeetingRow(
    1,
    "nooners",
    "Nooners",
    "AA",
    1,
    time(12),
    60,
    end_assumed=False,
    timezone="America/New_York",
    place="Old mill",
)
"""Of a published list."""


@dataclass
class Anybody(Coordinator):
    """As a coordinator, and everybody else; `feeds` are the paths of the calendars by their ids."""

    feeds: dict[int, str] = field(default_factory=dict)
    listed: MeetingRow = MEETING

    def open(self) -> None:
        """Somebody's calendar for everybody, a listed meeting, and groups with everybody in them."""
        self.center.do(import_meetings, source="list", rows=[self.listed])
        for person, titles in zip([*self.members, *self.facilitators], [*Titles] * 2, strict=True):
            choices = Choices("Phone", titles, show_place=True, show_link=True)
            path = path_of(self.center.do(make_feed, person_id=person, choices=choices))
            self.feeds[self.center.rows(Feed, person_id=person)[0].id] = path
        for person in self.members[:2]:
            self.center.do(admit, person_id=person, admission=Admission(self.today))
        self.center.make(leads=self.facilitators[:2], members=self.members)
        for name in ("make", "make", "enroll"):
            self.does(name)

    def does(self, name: str) -> bool:
        """Do it; false where it was refused, or there was nothing to do it to."""
        try:
            getattr(self, name)()
        except (SchedulerError, IndexError):
            return False
        return True

    def a_series(self) -> Series:
        series: Series = self.one(Series, listed=False)
        return series

    def occurrence(self) -> Occurrence:
        """One of the next, of what a center runs."""
        own = [each.id for each in self.center.rows(Series, listed=False)]
        rows = [each for each in self.center.rows(Occurrence) if each.series_id in own]
        to_come = [each for each in rows if each.ends_at > self.center.now]
        return self.chance.choice(sorted(to_come, key=lambda each: each.starts_at)[:12])

    def one(self, model: type[Base], **where: Any) -> Any:
        return self.chance.choice(self.center.rows(model, **where))

    @property
    def today(self) -> date:
        return self.center.now.date()

    def day(self, before: int = 5, after: int = 30) -> date:
        return self.today + timedelta(days=self.chance.randrange(-before, after))

    def admit(self) -> None:
        self.center.do(admit, person_id=self.chance.choice(self.members), admission=Admission(self.today))

    def hold(self) -> None:
        stay: Stay = self.one(Stay, discharged_on=None)
        first = self.day()
        self.center.do(
            hold,
            stay_id=stay.id,
            revision=stay.revision,
            from_date=first,
            until_date=self.chance.choice([None, first + timedelta(days=self.chance.randrange(30))]),
            places=self.chance.choice([*Places]),
        )

    def back(self) -> None:
        row: Hold = self.one(Hold)
        on = row.from_date + timedelta(days=self.chance.randrange(-2, 25))
        self.center.do(welcome_back, hold_id=row.id, revision=row.revision, back_on=on)

    def discharge(self) -> None:
        stay: Stay = self.one(Stay, discharged_on=None)
        leaving = Leaving(self.day(), DischargeReason.COMPLETED, farewell=None)
        self.center.do(discharge, stay_id=stay.id, revision=stay.revision, leaving=leaving)

    def readmit(self) -> None:
        person = self.one(Stay).person_id
        series = [each.id for each in self.center.ask(left_behind, person, on=self.today)]
        self.center.do(readmit, person_id=person, admission=Admission(self.today), series=series)

    def transfer(self) -> None:
        row: Enrollment = self.one(Enrollment)
        own = {each.series_id for each in self.center.rows(Enrollment, person_id=row.person_id)}
        others = [each.id for each in self.center.rows(Series, listed=False) if each.id not in own]
        to = {"series_id": self.chance.choice(others), "from_date": self.day(before=2)}
        self.center.do(transfer, enrollment_id=row.id, revision=row.revision, **to)

    def step_back(self) -> None:
        person = self.chance.choice(self.members)
        done = self.center.ask(last_done, person)
        if done:
            self.center.do(undo, person_id=person, memory_id=done[0])

    def leave(self) -> None:
        row: Enrollment = self.one(Enrollment)
        until = self.chance.choice([None, self.day(), self.day()])
        self.center.do(end_enrollment, enrollment_id=row.id, revision=row.revision, until_date=until)

    def end_post(self) -> None:
        row: Post = self.one(Post)
        until = self.chance.choice([None, self.day(), self.day()])
        self.center.do(end_post, post_id=row.id, revision=row.revision, until_date=until, override="Yes.")

    def take_back(self) -> None:
        """The usual facilitator leads again."""
        usual = {post.id: post.person_id for post in self.center.rows(Post)}
        lent = [duty for duty in self.center.rows(Duty) if usual[duty.post_id] != duty.person_id]
        duty = self.chance.choice(lent)
        told = {"duty_id": duty.id, "revision": duty.revision, "person_id": usual[duty.post_id]}
        self.center.do(substitute, **told, override="Yes.")

    def room_changes(self) -> None:
        row: Room = self.one(Room)
        number = self.chance.randrange(100)
        link = self.chance.choice(["", f"https://meet.example/{number}"])
        draft = RoomDraft(f"Room {number}", row.site_id, link, row.capacity, row.shared)
        self.center.do(edit_room, room_id=row.id, revision=row.revision, room=draft)

    def site_changes(self) -> None:
        row: Site = self.one(Site)
        draft = SiteDraft(row.name, row.timezone, f"{self.chance.randrange(100)} Elm Street")
        self.center.do(edit_site, site_id=row.id, revision=row.revision, site=draft)

    def retitle(self) -> None:
        series = self.a_series()
        plan = replace(
            plan_of(series), title=f"Group {self.chance.randrange(100)}", discreet_title="Class, too"
        )
        self.center.do(edit_series, series_id=series.id, revision=series.revision, plan=plan)

    def choices(self) -> None:
        row: Feed = self.one(Feed)
        place = self.chance.choice([True, False])
        kind = OfKind(self.chance.choice([True, True, False]), self.chance.choice([None, 0, 60]))
        kinds = {self.chance.choice([Kind.GROUP, Kind.MUTUAL_HELP, Kind.SKILLS]).value: kind}
        language = self.chance.choice(["en", "es", "ar"])
        self.center.do(
            change_feed,
            feed_id=row.id,
            person_id=row.person_id,
            seen=row.revision,
            choices=Choices("Phone", self.chance.choice([*Titles]), place, place, kinds, language=language),
        )

    def spans(self) -> None:
        self.center.do(_spans)

    def holiday(self) -> None:
        """On a day with a session, or on one to which sessions are made later."""
        later = self.today + timedelta(weeks=26, days=self.chance.randrange(9))
        day = self.chance.choice([later, self.occurrence().original_start.date()])
        drafts = [HolidayDraft(day, "Chance")]
        kinds = self.chance.choice([[Kind.GROUP], [*Kind]])
        self.center.do(keep_holidays, drafts=drafts, kinds=kinds, today=self.today)

    def no_holiday(self) -> None:
        row: Holiday = self.one(Holiday)
        kinds = self.chance.choice([[], [], [Kind.GROUP], [Kind.MUTUAL_HELP]])
        self.center.do(change_kinds, holiday_id=row.id, revision=row.revision, kinds=kinds)

    def all_the_same(self) -> None:
        cause: Cause = self.one(Cause, type=CauseType.HOLIDAY.value)
        row = self.center.occurrence(cause.occurrence_id)
        self.center.do(meet_all_the_same, occurrence_id=row.id, revision=row.revision, override=self.override)

    def choose(self) -> None:
        listed = self.one(Series, listed=True)
        self.center.do(choose_listed, series_id=listed.id, person_id=self.chance.choice(self.members))

    def unchoose(self) -> None:
        listed = self.one(Series, listed=True)
        self.center.do(leave_listed, series_id=listed.id, person_id=self.chance.choice(self.members))

    def list_changes(self) -> None:
        """Its name, its hour or its place, in what is published of it now."""
        number = self.chance.randrange(100)
        changes = {
            "name": f"Nooners {number}",
            "starts": time(self.chance.choice([11, *HOURS])),
            "place": f"Mill {number}",
            "online_link": f"https://meet.example/{number}",
        }
        name = self.chance.choice(sorted(changes))
        self.listed = replace(self.listed, **{name: changes[name]})
        self.center.do(import_meetings, source="list", rows=[self.listed])

    def change(self) -> None:
        """What the page of a session does: its hour, its room and who leads, in one."""
        row = self.occurrence()
        duties = self.center.rows(Duty, occurrence_id=row.id)
        duty = self.chance.choice([*duties, None])
        lead = Handed(duty.id, duty.revision, self.chance.choice(self.facilitators)) if duty else None
        wish = Wish(
            row.id,
            row.revision,
            self.chance.choice([*HowFar]),
            row.local_start.replace(hour=self.chance.choice([row.local_start.hour, *HOURS])),
            self.chance.choice([row.room_id, self.room]),
            handed=lead,
            reason="Chance",
            override="Yes.",
        )
        self.center.do(change_occurrence, wish=wish)

    def not_met(self) -> None:
        gone = [each for each in self.center.rows(Occurrence) if each.starts_at <= self.center.now]
        self.center.do(record_not_met, occurrence_id=self.chance.choice(gone).id, reason="Snow")


def _spans(session: Database, *, actor: object, now: datetime) -> None:
    move_spans(session, now=now)
