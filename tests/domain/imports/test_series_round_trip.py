"""What was written as a list is read again as the same, whatever the series are."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scheduler.domain.imports.judging import Outcome
from scheduler.domain.imports.mapping import guess
from scheduler.domain.imports.series_around import Leader, SeriesAround, Standing
from scheduler.domain.imports.series_columns import HEADINGS, SERIES
from scheduler.domain.imports.series_comparing import compare_series
from scheduler.domain.imports.series_drafts import series_drafts
from scheduler.domain.imports.series_export import series_lines
from scheduler.domain.mutual_help.fellowships import FELLOWSHIPS
from scheduler.domain.people.names import clean
from scheduler.domain.schedule.counts import NO_LIMITS, Counts
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.plans import Plan, may_check_in
from scheduler.domain.schedule.recurrence import (
    SINGLE,
    Frequency,
    OrdinalWeekday,
    Rule,
    first_start,
    occurrences,
)
from scheduler.formats.csv_tables import read_csv
from scheduler.formats.table_files import FileKind, write_table

TODAY = date(2026, 7, 15)
NOW = datetime(2026, 7, 15, 16, tzinfo=UTC)
LEADERS = tuple(
    Leader(number, name, short, f"{number}@x.example")
    for number, (name, short) in enumerate(
        [("Dana Rowe", "Dana R."), ("Femi Adeyemi", "Femi A."), ("Dana Rowe", "Dana R.")], 1
    )
)
DAYS = st.sets(st.integers(0, 6), min_size=1).map(tuple)
ORDINALS = st.sampled_from([1, 2, 3, 4, 5, -1, -2])
RULES = st.one_of(
    st.just(SINGLE),
    st.builds(Rule, st.just(Frequency.DAILY), st.integers(1, 30)),
    st.builds(Rule, st.just(Frequency.WEEKLY), st.integers(1, 8), weekdays=DAYS),
    st.builds(
        Rule,
        st.just(Frequency.MONTHLY),
        st.integers(1, 3),
        ordinal_weekdays=st.sets(
            st.builds(OrdinalWeekday, ORDINALS, st.integers(0, 6)), min_size=1, max_size=3
        ).map(tuple),
    ),
    st.builds(
        Rule,
        st.just(Frequency.MONTHLY),
        month_days=st.sets(st.integers(1, 28) | st.just(-1), min_size=1, max_size=3).map(tuple),
    ),
)
TITLES = st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), min_size=1, max_size=40).map(
    clean
)

COUNTS = st.builds(
    Counts,
    least_people=st.none() | st.integers(1, 6),
    most_people=st.none() | st.integers(7, 10_000),
    least_minutes=st.none() | st.integers(1, 60),
    most_minutes=st.none() | st.integers(61, 1440),
)


@st.composite
def plans(draw: st.DrawFn) -> tuple[Plan, date | None]:
    """A plan as one stands, and the day on which it was ended."""
    typed = datetime.combine(
        TODAY + timedelta(days=draw(st.integers(-700, 300))),
        time(draw(st.integers(0, 23)), draw(st.sampled_from([0, 5, 30, 59]))),
    )
    rule = draw(RULES)
    assume(occurrences(rule, typed, limit=1))
    first = first_start(rule, typed)
    ends_on = None
    if not rule.is_single:
        rule = draw(
            st.sampled_from(
                [rule, replace(rule, count=7), replace(rule, until=first.date() + timedelta(days=400))]
            )
        )
        dates = [each.date() for each in occurrences(rule, first, limit=20)]
        skipped = draw(st.sets(st.sampled_from(dates), max_size=3))
        added = {
            datetime.combine(day, draw(st.sampled_from([first.time(), time(18, 15)])))
            for day in draw(st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=3)) - set(dates)
        }
        rule = replace(rule, skipped=tuple(skipped), added=tuple(added))
        ends_on = draw(st.none() | st.just(first.date() + timedelta(days=60)))
    kind = draw(st.sampled_from(Kind))
    counting = draw(st.sampled_from(Counting))
    title = draw(st.sampled_from(["", "'", "''", "=", "'=", "-"])) + draw(TITLES.filter(bool))
    plan = Plan(
        kind=kind,
        title=title,
        first_start=first,
        minutes=draw(st.integers(1, 1440)),
        timezone="America/New_York",
        rule=rule,
        discreet_title=draw(st.sampled_from(["", "Evening class"])),
        room_id=draw(st.none() | st.just(1)),
        capacity=draw(st.none() | st.integers(1, 10_000)),
        counting=counting,
        counts=draw(COUNTS) if counting is Counting.MINUTES else NO_LIMITS,
        check_in=may_check_in(kind, counting) and draw(st.booleans()),
        closed=draw(st.booleans()),
        fellowship=draw(st.none() | st.sampled_from(sorted(FELLOWSHIPS)))
        if kind is Kind.MUTUAL_HELP
        else None,
    )
    return plan, ends_on


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(plans(), st.sets(st.sampled_from(LEADERS))), min_size=1, max_size=4))
def test_what_was_written_is_read_again_as_the_same(
    drawn: list[tuple[tuple[Plan, date | None], set[Leader]]],
) -> None:
    standing = tuple(
        Standing(
            number,
            plan,
            ends_on,
            room_name="Room 1" if plan.room_id else "",
            site_name="Elm Street" if plan.room_id else "",
            leads=tuple(sorted(leads, key=lambda each: each.id)),
        )
        for number, ((plan, ends_on), leads) in enumerate(drawn, 1)
    )
    written = write_table(FileKind.CSV, tuple(HEADINGS.values()), series_lines(standing, TODAY))
    table = read_csv(written)
    drafts = series_drafts(table, guess(SERIES, table, {}), today=TODAY)
    around = SeriesAround({}, (), LEADERS, standing, "America/New_York", TODAY, NOW)
    found = compare_series(drafts, around)
    assert [(row.outcome, row.effect.reasons, row.effect.changes) for row in found] == [
        (Outcome.SAME, (), ()) for _ in standing
    ]
    assert {row.series_id for row in found} == {each.id for each in standing}
    anew = compare_series(drafts, replace(around, standing=()))
    for row, each in zip(anew, standing, strict=True):
        made = row.effect.making.plan if row.effect.making else each.plan
        assert (made.counts, made.check_in) == (each.plan.counts, each.plan.check_in)
