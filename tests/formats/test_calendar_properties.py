"""Whatever is planned, moved, stopped and left out: the profile holds, and another reader lists the same
instants.
"""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.domain.calendars.sources import Meeting, Plan, Run
from scheduler.domain.schedule.exceptions import effective
from scheduler.domain.schedule.recurrence import occurrences
from scheduler.domain.schedule.rule_text import text_of
from scheduler.domain.schedule.wall_time import is_skipped
from scheduler.formats.ics import calendar_bytes
from tests.calendars.cases import BEGINS, MADE_UNTIL, Case, made, plan, uid
from tests.calendars.lint import lint
from tests.formats.test_calendar_files import told_by_a_reader, told_by_the_case

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "UTC",
)
UNTIL = datetime.combine(MADE_UNTIL, time.min, UTC)

days = st.lists(st.sampled_from(DAYS), min_size=1, max_size=3, unique=True).map(",".join)
ordinals = st.sampled_from([f"{nth}{day}" for nth in (1, 2, 3, 4, -1) for day in DAYS])
rules = st.one_of(
    st.builds("FREQ=WEEKLY;INTERVAL={};BYDAY={}".format, st.integers(1, 4), days),
    st.builds("FREQ=MONTHLY;INTERVAL={};BYDAY={}".format, st.integers(1, 3), ordinals),
    st.builds("FREQ=MONTHLY;BYMONTHDAY={}".format, st.integers(1, 31)),
    st.builds("FREQ=DAILY;INTERVAL={}".format, st.integers(1, 4)),
    st.just(""),
)
ends = st.sampled_from(["", ";UNTIL=20261120", ";COUNT=9"])


@st.composite
def excepted(draw: st.DrawFn, of: Plan) -> Plan:
    """The plan with some of its dates skipped and others added, before and after what is made."""
    own = occurrences(of.rule, of.first, limit=200)
    skipped = draw(st.lists(st.sampled_from([at.date() for at in own]), max_size=4))
    apart = st.integers(0, 400).map(lambda length: of.first.date() + timedelta(days=length))
    hours = st.sampled_from([of.first.time(), time(2, 15), time(12), time(23, 30)])
    added = draw(st.dictionaries(apart, hours, max_size=4))
    extra = [datetime.combine(day, at) for day, at in added.items() if day not in skipped]
    extra = [at for at in extra if not is_skipped(at, ZoneInfo(of.zone))]
    skipped = [] if of.rule.is_single else skipped
    rule = replace(of.rule, added=tuple(extra), skipped=tuple(skipped))
    return replace(of, rule_text=text_of(effective(rule, of.first)))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    rule = draw(rules)
    first = datetime.combine(
        BEGINS + timedelta(days=draw(st.integers(-60, 60))),
        time(draw(st.integers(0, 23)), draw(st.sampled_from([0, 30]))),
    )
    drawn = plan(
        first.isoformat(),
        rule + draw(ends) if rule else rule,
        draw(st.sampled_from(ZONES)),
        draw(st.sampled_from([15, 60, 90, 240])),
        title=draw(st.text(max_size=40)),
    )
    return draw(excepted(drawn)) if occurrences(drawn.rule, drawn.first, limit=1) else drawn


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """A run with up to five of its meetings moved, stopped or gone."""
    of = draw(plans())
    meetings = {meeting.original: meeting for meeting in made(of)}
    for original in draw(st.lists(st.sampled_from(sorted(meetings)), max_size=5)) if meetings else ():
        start = original + draw(
            st.sampled_from([0, 0, 30, -90, 24 * 60, 3 * 24 * 60, 8 * 24 * 60])
        ) * timedelta(minutes=1)
        stopped = draw(st.booleans())
        meetings[original] = Meeting(original, start, of.minutes, stopped)
        if draw(st.integers(0, 5)) == 0:
            del meetings[original]
    since = BEGINS + timedelta(days=draw(st.integers(-90, 120)))
    until = draw(st.none() | st.integers(0, 200).map(lambda length: since + timedelta(days=length)))
    return Run(uid("run"), of, since, until, tuple(meeting for _, meeting in sorted(meetings.items())))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(runs())
def test_whatever_is_planned_readers_list_it(run: Run) -> None:
    case = Case("random", (run,))
    body = calendar_bytes(case.content)
    assert case.content.left_out == 0
    lint(body)
    assert told_by_a_reader(body, UNTIL) == told_by_the_case(case, UNTIL)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(runs(), st.integers(1, 200))
def test_when_more_of_it_is_made_the_calendar_stays_the_same(run: Run, days: int) -> None:
    of, later = run.plan, MADE_UNTIL + timedelta(days=days)
    begins, ends = (datetime.combine(day + timedelta(days=1), time.min) for day in (MADE_UNTIL, later))
    more = [
        Meeting(at, at, of.minutes, place=of.place, link=of.link)
        for at in occurrences(of.rule, of.first, begins, ends)
    ]
    made_later = replace(run, plan=replace(of, made_until=later), meetings=(*run.meetings, *more))
    bodies = [calendar_bytes(Case("random", (each,)).content) for each in (run, made_later)]
    assert bodies[0] == bodies[1]
