from datetime import UTC, date, datetime

from sqlalchemy.orm import Session as Database

from scheduler.domain.roster.models import Duty
from scheduler.domain.roster.queries import (
    Led,
    PostView,
    duties_of_person,
    facilitators_of,
    posts_of_person,
    posts_of_series,
)
from scheduler.domain.schedule.kinds import Counting, Kind
from tests.support import factories
from tests.support.people import Everybody

JULY_14, JULY_21 = datetime(2026, 7, 14, 19), datetime(2026, 7, 21, 19)
BEGIN, END = datetime(2026, 7, 13, tzinfo=UTC), datetime(2026, 7, 27, tzinfo=UTC)


def test_what_a_facilitator_leads_says_where_and_how_many_come(people: Everybody, session: Database) -> None:
    group = factories.series(session, room_id=factories.room(session))
    factories.enrollment(session, group, people.member.id)
    post = factories.post(session, group, people.facilitator.id)
    first, second = (factories.occurrence(session, group, start) for start in (JULY_14, JULY_21))
    own = factories.duty(session, first, post)
    covered = factories.duty(session, second, post, people.other_facilitator.id)
    assert duties_of_person(session, people.facilitator.id, BEGIN, END) == (
        Led(
            duty_id=own,
            occurrence_id=first,
            series_id=group,
            kind=Kind.GROUP,
            counting=Counting.MINUTES,
            title="Tuesday evening group",
            position="lead",
            covers_for="",
            original_start=JULY_14,
            local_start=JULY_14,
            starts_at=datetime(2026, 7, 14, 23, tzinfo=UTC),
            ends_at=datetime(2026, 7, 15, 0, 30, tzinfo=UTC),
            timezone="America/New_York",
            takes_place=True,
            room_name="room 2",
            site_name="Elm Street",
            join_link="",
            expected=1,
        ),
    )
    cover = duties_of_person(session, people.other_facilitator.id, BEGIN, END)
    assert [(each.duty_id, each.covers_for) for each in cover] == [(covered, "Dana R.")]
    assert facilitators_of(session, [second]) == {people.facilitator.id, people.other_facilitator.id}


def test_posts_are_listed_by_series_and_by_person(people: Everybody, session: Database) -> None:
    group = factories.series(session)
    post = factories.post(session, group, people.facilitator.id)
    view = PostView(
        id=post,
        series_id=group,
        title="Tuesday evening group",
        person_id=people.facilitator.id,
        short_name="Dana R.",
        position="lead",
        from_date=date(2020, 1, 1),
        until_date=None,
        revision=1,
    )
    assert posts_of_series(session, group) == (view,)
    assert posts_of_person(session, people.facilitator.id, on=date(2026, 7, 1)) == (view,)
    assert posts_of_person(session, people.other_facilitator.id) == ()
    assert session.query(Duty).count() == 0
