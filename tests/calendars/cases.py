"""The cases: what each calendar is made from. `python -m tests.calendars` writes their files anew.

All begin on Monday, August 3, 2026, so that both changes of clock lie within: November 1 and March 14 in New
York, October 25 and March 28 in Berlin, October 4 and April 4 on Lord Howe, September 20 in Casablanca.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import md5

from scheduler.domain.calendars.content import content_of
from scheduler.domain.calendars.pauses import Pause, parts_of
from scheduler.domain.calendars.sources import (
    Cover,
    Meeting,
    OfKind,
    Plan,
    Run,
    Titles,
    Wishes,
    Wording,
    alike,
)
from scheduler.domain.calendars.values import CalendarContent, Stamp
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.recurrence import occurrences
from scheduler.domain.schedule.terms import Term

BEGINS = date(2026, 8, 3)
MADE_UNTIL = BEGINS + timedelta(weeks=38, days=-1)
PLAIN = Wishes(Titles.PLAIN, show_place=False, show_link=False, begins=BEGINS)
FULL = replace(PLAIN, titles=Titles.FULL)
STAMP = Stamp(sequence=7, changed_at=datetime(2026, 10, 26, 9, 30, 15, 250_000, UTC))

Sources = tuple[Run | Cover, ...]
Changed = Mapping[str, Meeting | None]
Holds = tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One calendar; its file is named like it.

    `whole` are its sources as if its owner never were on hold, `holds` the first and the last date of each
    hold; no last one: until told.
    """

    name: str
    whole: Sources
    wishes: Wishes = PLAIN
    holds: Holds = ()

    @property
    def sources(self) -> Sources:
        """What is left of the whole outside the holds."""
        return tuple(
            part
            for source in self.whole
            for part in (held(source, *self.holds) if isinstance(source, Run) else (source,))
        )

    @property
    def content(self) -> CalendarContent:
        return content_of(self.sources, self.wishes, Wording(), STAMP)


def uid(name: str) -> str:
    """As opaque as a real one, and the same every time."""
    return md5(name.encode(), usedforsecurity=False).hexdigest()


def at(text: str) -> datetime:
    """A naive local time."""
    return datetime.fromisoformat(text)


def plan(
    first: str,
    rule: str = "FREQ=WEEKLY;BYDAY=TU",
    zone: str = "America/New_York",
    minutes: int = 90,
    **more: object,
) -> Plan:
    usual = Plan(
        id=1,
        kind=Kind.GROUP,
        zone=zone,
        rule_text=rule,
        first=at(first),
        minutes=minutes,
        title="Tuesday evening group",
        discreet_title="Evening class",
        made_until=MADE_UNTIL,
    )
    return replace(usual, **more)  # type: ignore[arg-type]


def made(of: Plan, change: Changed | None = None) -> tuple[Meeting, ...]:
    """The meetings of a plan as the tables would have them; `change` replaces, adds or (with None) removes
    some.
    """
    end = datetime.combine(MADE_UNTIL, time.max)
    starts = occurrences(of.rule, of.first, before=end)
    meetings: dict[datetime, Meeting | None] = {
        start: Meeting(start, start, of.minutes, place=of.place, link=of.link)
        for start in starts
        if of.ends_on is None or start.date() <= of.ends_on
    }
    meetings |= {at(original): meeting for original, meeting in (change or {}).items()}
    return tuple(meeting for _, meeting in sorted(meetings.items()) if meeting is not None)


def run(
    of: Plan,
    change: Changed | None = None,
    since: str = "2026-01-01",
    until: str | None = None,
    name: str = "enrollment",
) -> Run:
    return Run(
        uid(name),
        of,
        date.fromisoformat(since),
        date.fromisoformat(until) if until else None,
        made(of, change),
    )


def held(whole: Run, *holds: tuple[str, str | None]) -> tuple[Run, ...]:
    """What is left of a run whose member is on hold from and until these dates."""
    pauses = [
        Pause(since, Term(date.fromisoformat(since), date.fromisoformat(until) if until else None))
        for since, until in holds
    ]
    parts = parts_of(whole.uid, Term(whole.from_date, whole.until_date), pauses)
    return tuple(
        replace(whole, uid=name, from_date=part.from_date, until_date=part.until_date) for name, part in parts
    )


def moved(original: str, start: str, minutes: int = 90, **more: object) -> dict[str, Meeting]:
    return {original: replace(Meeting(at(original), at(start), minutes), **more)}  # type: ignore[arg-type]


def stopped(original: str, minutes: int = 90) -> dict[str, Meeting]:
    return moved(original, original, minutes, stopped=True)


TUESDAYS = plan("2026-06-02 19:00")
TUESDAYS_ALL = run(TUESDAYS)
A_HOLD = ("2026-09-16", "2026-10-12")
LONG = "A very long title that somebody typed because nothing told them to stop. " * 4 + "And so it ends."


def _all() -> list[Case]:
    cases = [Case("empty", ()), Case("new-york-both-changes", (run(TUESDAYS),))]

    def add(name: str, *whole: Run | Cover, wishes: Wishes = PLAIN, holds: Holds = ()) -> None:
        cases.append(Case(name, whole, wishes, holds))

    berlin = plan("2026-06-03 18:30", "FREQ=WEEKLY;BYDAY=WE", "Europe/Berlin", 60)
    lord_howe = plan("2026-06-04 10:00", "FREQ=WEEKLY;BYDAY=TH", "Australia/Lord_Howe", 45)
    casablanca = plan("2026-06-05 17:00", "FREQ=WEEKLY;BYDAY=FR", "Africa/Casablanca", 60)
    add("berlin-both-changes", run(berlin))
    add("lord-howe-both-changes", run(lord_howe))
    add("casablanca-one-block-per-change", run(casablanca))
    add("phoenix-never-changes", run(plan("2026-06-02 19:00", zone="America/Phoenix")))
    add("jerusalem-no-ordinal-weekday", run(plan("2026-06-02 19:00", zone="Asia/Jerusalem")))
    add("several-zones", run(TUESDAYS), run(berlin, name="berlin"), run(lord_howe, name="lord howe"))

    add("biweekly", run(plan("2026-06-02 19:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH")))
    add(
        "biweekly-joined-in-the-week",
        run(plan("2026-06-02 19:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"), since="2026-08-12"),
    )
    add("last-friday", run(plan("2026-06-26 18:00", "FREQ=MONTHLY;BYDAY=-1FR")))
    add("second-and-fourth-monday", run(plan("2026-06-08 18:00", "FREQ=MONTHLY;BYDAY=2MO,4MO")))
    add("every-day", run(plan("2026-06-01 08:00", "FREQ=DAILY", minutes=15)))
    add("every-third-day", run(plan("2026-06-01 08:00", "FREQ=DAILY;INTERVAL=3", minutes=15)))
    add("fifteenth-of-the-month", run(plan("2026-06-15 09:00", "FREQ=MONTHLY;BYMONTHDAY=15", minutes=30)))
    add("last-day-of-the-month", run(plan("2026-06-30 09:00", "FREQ=MONTHLY;BYMONTHDAY=-1", minutes=30)))
    add("until", run(plan("2026-06-02 19:00", "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261231")))
    add("counted", run(plan("2026-06-02 19:00", "FREQ=WEEKLY;BYDAY=TU;COUNT=20")))
    add("ended", run(plan("2026-06-02 19:00", ends_on=date(2026, 11, 20))))
    add("single", run(plan("2026-09-09 10:00", "", minutes=50)))

    add("moved-to-another-hour", run(TUESDAYS, moved("2026-09-15 19:00", "2026-09-15 17:00")))
    add("moved-to-another-day", run(TUESDAYS, moved("2026-09-15 19:00", "2026-09-17 19:00", 60)))
    add("moved-over-midnight", run(TUESDAYS, moved("2026-09-15 19:00", "2026-09-16 00:30")))
    add("moved-past-its-neighbor", run(TUESDAYS, moved("2026-09-15 19:00", "2026-09-23 19:00")))
    add("moved-onto-the-day-of-another", run(TUESDAYS, moved("2026-09-15 19:00", "2026-09-22 09:00")))
    add("moved-into-a-repeated-hour", run(TUESDAYS, moved("2026-10-27 19:00", "2026-11-01 01:30")))
    add(
        "two-that-changed-places",
        run(
            TUESDAYS,
            {
                **moved("2026-09-15 19:00", "2026-09-22 19:00"),
                **moved("2026-09-22 19:00", "2026-09-15 19:00"),
            },
        ),
    )
    add("first-moved-past-its-neighbor", run(TUESDAYS, moved("2026-08-04 19:00", "2026-08-12 19:00")))
    add("last-one-made-moved-away", run(TUESDAYS, moved("2027-04-20 19:00", "2027-04-28 19:00")))
    add("cancelled", run(TUESDAYS, stopped("2026-09-15 19:00")))
    add("moved-and-cancelled", run(TUESDAYS, moved("2026-09-15 19:00", "2026-09-16 19:00", stopped=True)))
    add(
        "skipped-and-added",
        run(TUESDAYS, {"2026-09-15 19:00": None, **moved("2026-09-18 12:00", "2026-09-18 12:00")}),
    )
    excepted = "RDATE=20260918T1200,20261105T1800,20270722T1900;EXDATE=20260804,20260915,20270810"
    add("added-and-skipped-by-the-rule", run(plan("2026-06-02 19:00", f"FREQ=WEEKLY;BYDAY=TU;{excepted}")))
    add("added-and-skipped-one-by-one", run(plan("2026-06-02 19:00", f"FREQ=DAILY;INTERVAL=7;{excepted}")))
    add("substituted-in-the-usual-facilitators", run(TUESDAYS, stopped("2026-09-15 19:00"), name="post"))
    add("substituted-in-the-substitutes", Cover(uid("duty"), TUESDAYS, made(TUESDAYS)[15]))
    add("joined-and-left-midway", run(TUESDAYS, since="2026-09-10", until="2027-03-20"))
    add("rejoined", run(TUESDAYS, until="2026-09-20"), run(TUESDAYS, since="2026-12-01", name="again"))
    fortnight = run(plan("2026-06-02 19:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"))
    about_the_hold = run(
        TUESDAYS,
        {**moved("2026-09-15 19:00", "2026-10-07 19:00"), **moved("2026-10-13 19:00", "2026-09-24 19:00")},
    )
    add("on-hold-in-the-middle", TUESDAYS_ALL, holds=(A_HOLD,))
    add("on-hold-in-the-middle-every-other-week", fortnight, holds=(A_HOLD,))
    add("on-hold-until-told", TUESDAYS_ALL, holds=(("2026-09-16", None),))
    add("on-hold-twice", TUESDAYS_ALL, holds=(A_HOLD, ("2026-10-28", "2027-01-10")))
    add("on-hold-for-all-of-it", run(TUESDAYS, since="2026-09-01"), holds=(("2026-08-20", None),))
    add(
        "on-hold-from-before-it-begins",
        run(TUESDAYS, since="2026-09-01"),
        holds=(("2026-08-20", "2026-09-30"),),
    )
    add("on-hold-with-meetings-moved-over-its-ends", about_the_hold, holds=(A_HOLD,))
    add("on-hold-after-what-is-made", TUESDAYS_ALL, holds=(("2027-06-01", "2027-08-31"),))
    add("joined-once", run(TUESDAYS, since="2026-09-15", until="2026-09-15"))
    add("joins-after-what-is-made", run(TUESDAYS, since="2027-08-01"))
    add("leaves-after-what-is-made", run(TUESDAYS, until="2027-09-30"))

    sundays = "FREQ=WEEKLY;BYDAY=SU"
    add("night-hours-skipped", run(plan("2026-06-07 02:30", sundays, minutes=60)))
    add("night-hours-repeated", run(plan("2026-06-07 01:15", sundays, minutes=30)))
    add("night-hours-across", run(plan("2026-06-06 23:30", "FREQ=WEEKLY;BYDAY=SA", minutes=240)))
    add("overnight", run(plan("2026-06-05 22:30", "FREQ=WEEKLY;BYDAY=FR", minutes=180)))

    for name, title in TITLES.items():
        add(name, run(replace(TUESDAYS, title=title), stopped("2026-09-15 19:00")), wishes=FULL)
    add("discreet", run(TUESDAYS), wishes=replace(PLAIN, titles=Titles.DISCREET))
    placed = replace(
        TUESDAYS, place="Room 2; Elm House, 12 Elm Street", link="https://meet.example/b?x=1,2;y=3"
    )
    online = {"place": "Online room B", "link": "https://meet.example/c"}
    off = {"stopped": True, "place": placed.place, "link": placed.link}
    add(
        "place-link-and-alarm",
        run(
            placed,
            {
                **moved("2026-09-15 19:00", "2026-09-15 19:00", **online),
                **moved("2026-09-22 19:00", "2026-09-22 19:00", **off),
            },
        ),
        wishes=replace(FULL, show_place=True, show_link=True, kinds=alike(60)),
    )
    dosing = plan("2026-06-01 05:30", "FREQ=DAILY", minutes=300, id=2, kind=Kind.MEDICATION, title="Dosing")
    evening_off = stopped("2026-09-15 19:00")
    add(
        "daily-dosing-chosen",
        *(run(TUESDAYS, evening_off), run(dosing, stopped("2026-09-07 05:30", 300), name="dosing")),
        wishes=replace(PLAIN, kinds=alike(30), daily_dosing=True),
    )
    skills = plan("2026-06-03 12:00", "FREQ=WEEKLY;BYDAY=WE", minutes=60, id=2, kind=Kind.SKILLS)
    family = plan("2026-06-04 18:00", "FREQ=WEEKLY;BYDAY=TH", minutes=60, id=3, kind=Kind.FAMILY)
    add(
        "each-kind-its-own-alarm",
        *(run(TUESDAYS), run(skills, name="skills"), run(family, name="family")),
        wishes=replace(PLAIN, kinds={"group": OfKind(alarm_minutes=60), "skills": OfKind(alarm_minutes=15)}),
    )
    add("in-spanish", run(TUESDAYS, evening_off), wishes=replace(PLAIN, language="es"))
    add("in-arabic", run(TUESDAYS, evening_off), wishes=replace(PLAIN, language="ar"))
    return cases


TITLES = {
    "title-commas-semicolons-backslashes": r"Coffee, tea; and \n C:\temp\new, they said;",
    "title-emoji": "Evening 👩‍👩‍👧‍👦 and 🌙, again and again: " + "🕯️" * 20,
    "title-300-characters": LONG[:300],
    "title-right-to-left": "\u202bלקבוצה של יום שלישי\u202c, مجموعة مساء الثلاثاء",
    "title-control-characters": "Eve\x00ning\x07\r\nBEGIN:VALARM\x1b[0m\ttwo\u2028lines\x85",
}
CASES: Mapping[str, Case] = {case.name: case for case in _all()}
