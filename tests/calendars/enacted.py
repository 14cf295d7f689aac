"""The cases as a center lives them: each for a person of its own, made by the application's services alone.

Everything is planned in May, before the first date of any case; the calendars are made on the day of `STAMP`,
so that they begin where the cases do, and the sessions are made as far as there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from scheduler.domain.admissions.admit import Admission, admit
from scheduler.domain.admissions.hold import hold
from scheduler.domain.calendars.service import Choices, make_feed
from scheduler.domain.calendars.sources import Cover, Meeting, Plan, Run
from scheduler.domain.places.service import make_room, make_site
from scheduler.domain.places.values import RoomDraft, SiteDraft
from scheduler.domain.planning.ending import end_series
from scheduler.domain.planning.horizon import extend_horizon
from scheduler.domain.planning.leading import give_post, substitute
from scheduler.domain.planning.making import make_series
from scheduler.domain.planning.membership import enroll
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.planning.stopping import cancel_occurrence
from scheduler.domain.roster.models import Duty
from scheduler.domain.roster.positions import Position
from scheduler.domain.schedule import plans
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.plans import LONGEST_TITLE
from scheduler.domain.stays.models import Stay
from scheduler.domain.stays.reasons import Places
from scheduler.store.transaction import transaction
from tests.calendars.cases import CASES, STAMP, Case, uid
from tests.domain.planning.center import Center
from tests.support.feeds import path_of

PLANNED_AT = datetime(2026, 5, 25, 16, tzinfo=UTC)
MADE_IN_MAY = date(2026, 11, 20)
"""Later dates are not made yet when everything is planned."""

NOT_BY_SERVICES = {
    "skipped-and-added": "a date that only a row could have; the two next to it are the same by services",
    "title-control-characters": "no service takes one",
}
ENACTED = {name: case for name, case in CASES.items() if name not in NOT_BY_SERVICES}


@dataclass
class Life:
    """One case: whose it is, which series it takes, and what is still to be changed about them."""

    case: Case
    person: int
    is_member: bool
    path: str = ""
    series: dict[Plan, int] = field(default_factory=dict)
    later: list[tuple[Plan, Meeting]] = field(default_factory=list)


class Enacting:
    """Does in a center what each case tells of."""

    def __init__(self, center: Center) -> None:
        self.center = center
        self.rooms: dict[tuple[str, str], int] = {}
        self.lives: dict[str, Life] = {}

    def enact(self) -> dict[str, Life]:
        """All of them; answers each with the path of its owner's calendar."""
        self.center.now = PLANNED_AT
        for case in ENACTED.values():
            self._plan(case)
        self.center.now = STAMP.changed_at
        while self.center.do(extend_horizon).more:
            pass
        for life in self.lives.values():
            self._change(life, life.later)
            life.path = self._subscribe(life)
        return self.lives

    def _plan(self, case: Case) -> None:
        member = not any(isinstance(each, Cover) or _is_post(each) for each in case.whole)
        center = self.center
        name = f"Owner {len(self.lives)}"
        life = Life(case, center.member(name) if member else center.facilitator(name), member)
        self.lives[case.name] = life
        if case.holds:
            center.do(admit, person_id=life.person, admission=Admission(PLANNED_AT.date()))
        for source in case.whole:
            self._make(life, source.plan)
            self._belong(life, source)
            changed = [(source.plan, each) for each in _changed(source)]
            self._change(life, [each for each in changed if each[1].original.date() <= MADE_IN_MAY])
            life.later += [each for each in changed if each[1].original.date() > MADE_IN_MAY]
        self._end(life)
        for since, until in case.holds:
            self._hold(life.person, date.fromisoformat(since), date.fromisoformat(until) if until else None)

    def _make(self, life: Life, plan: Plan) -> None:
        if plan in life.series:
            return
        said = plans.Plan(
            kind=Kind(plan.kind),
            title=plan.title[:LONGEST_TITLE],
            first_start=plan.first,
            minutes=plan.minutes,
            timezone=plan.zone,
            rule=plan.rule,
            discreet_title=plan.discreet_title,
            room_id=self._room(plan.place, plan.link),
        )
        life.series[plan] = self.center.do(make_series, plan=said).series_id
        self._write(life.series[plan], plan.title)

    def _write(self, series: int, title: str) -> None:
        """A title longer than a page takes, or with marks that it drops, as an old row may have it."""
        with self.center.sessions() as session, transaction(session):
            session.get_one(Series, series).title = title

    def _room(self, place: str, link: str) -> int | None:
        """A room that reads so in calendars: the place is its name, and where its site stands."""
        if not (place or link):
            return None
        if (place, link) not in self.rooms:
            room, _, site = place.partition(", ")
            site_id = self.center.do(make_site, site=SiteDraft(site, "America/New_York")) if site else None
            draft = RoomDraft(room, site_id, join_link=link, shared=True)
            self.rooms[place, link] = self.center.do(make_room, room=draft)
        return self.rooms[place, link]

    def _belong(self, life: Life, source: Run | Cover) -> None:
        center, series = self.center, life.series[source.plan]
        first = source.plan.first.date()
        if isinstance(source, Cover) or _is_post(source):
            other = center.facilitator(f"Colleague {len(self.lives)}")
            usual, lends = (life.person, other) if isinstance(source, Run) else (other, life.person)
            post = {"series_id": series, "person_id": usual, "position": Position.LEAD}
            center.do(give_post, **post, from_date=first)
            lent = source.meeting if isinstance(source, Cover) else _changed(source)[0]
            [duty] = center.rows(Duty, occurrence_id=self._occurrence(series, lent).id)
            center.do(substitute, duty_id=duty.id, revision=duty.revision, person_id=lends)
        else:
            since = max(source.from_date, first, PLANNED_AT.date())
            term = {"from_date": since, "until_date": source.until_date}
            center.do(enroll, series_id=series, person_id=life.person, **term)

    def _occurrence(self, series: int, meeting: Meeting) -> Occurrence:
        found: list[Occurrence] = self.center.rows(
            Occurrence, series_id=series, original_start=meeting.original
        )
        return found[0]

    def _change(self, life: Life, changed: Sequence[tuple[Plan, Meeting]]) -> None:
        for plan, meeting in changed:
            if not life.is_member:
                continue  # lent to a colleague already
            row = self._occurrence(life.series[plan], meeting)
            if _is_moved(plan, meeting):
                self.center.do(
                    move_occurrence,
                    occurrence_id=row.id,
                    revision=row.revision,
                    local_start=meeting.start,
                    room_id=self._room(meeting.place or plan.place, meeting.link or plan.link),
                    reason="It was asked for.",
                    minutes=meeting.minutes,
                )
            if meeting.stopped:
                row = self.center.occurrence(row.id)
                told = {"occurrence_id": row.id, "revision": row.revision, "reason": "Nobody can lead it."}
                self.center.do(cancel_occurrence, **told)

    def _end(self, life: Life) -> None:
        for plan, number in life.series.items():
            if plan.ends_on:
                revision = self.center.rows(Series, id=number)[0].revision
                self.center.do(end_series, series_id=number, revision=revision, last=plan.ends_on)

    def _hold(self, person: int, since: date, until: date | None) -> None:
        stay = self.center.rows(Stay, person_id=person)[0]
        told = {"stay_id": stay.id, "revision": stay.revision, "from_date": since, "until_date": until}
        self.center.do(hold, **told, places=Places.KEPT)

    def _subscribe(self, life: Life) -> str:
        wishes = life.case.wishes
        choices = Choices(
            "Phone",
            wishes.titles,
            wishes.show_place,
            wishes.show_link,
            wishes.kinds,
            wishes.daily_dosing,
            wishes.language,
        )
        return path_of(self.center.do(make_feed, person_id=life.person, choices=choices))


def _is_post(source: Run) -> bool:
    return source.uid == uid("post")


def _changed(source: Run | Cover) -> list[Meeting]:
    """The meetings of a run that are not as its plan says."""
    if isinstance(source, Cover):
        return []
    return [each for each in source.meetings if each.stopped or _is_moved(source.plan, each)]


def _is_moved(plan: Plan, meeting: Meeting) -> bool:
    where = (meeting.place or plan.place, meeting.link or plan.link)
    return meeting.is_moved or meeting.minutes != plan.minutes or where != (plan.place, plan.link)
