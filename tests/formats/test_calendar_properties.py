"""Whatever is planned, moved, stopped and left out: the profile holds, and another reader lists the same
instants.
"""

from datetime import UTC, datetime, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.domain.calendars.sources import Meeting, Plan, Run
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
def plans(draw: st.DrawFn) -> Plan:
    rule = draw(rules)
    first = datetime.combine(
        BEGINS + timedelta(days=draw(st.integers(-60, 60))),
        time(draw(st.integers(0, 23)), draw(st.sampled_from([0, 30]))),
    )
    return plan(
        first.isoformat(),
        rule + draw(ends) if rule else rule,
        draw(st.sampled_from(ZONES)),
        draw(st.sampled_from([15, 60, 90, 240])),
        title=draw(st.text(max_size=40)),
    )


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
