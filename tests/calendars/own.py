"""What the application itself lists of a person: what they are expected at, what they lead, what they lent.

It asks the queries of the person's own pages, and none of the code that makes calendars.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time

from sqlalchemy import Select, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import aliased

from scheduler.domain.calendars.sources import OfKind, Titles, Wishes
from scheduler.domain.enrollment.queries import covers
from scheduler.domain.enrollment.week import occurrences_of_member
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.roster.queries import duties_of_person
from scheduler.domain.schedule.kinds import OF_ONE_MEMBER, Kind
from scheduler.domain.schedule.models import Occurrence, Series
from tests.calendars.readers import Listed, Span, Told

PLAIN = {"en": "Appointment", "es": "Cita", "ar": "موعد"}
"""The title that tells nothing, by language."""


def own_list(session: Database, person_id: int, span: Span, wishes: Wishes) -> Told:
    """Each occurrence of a kind that is wished for once, in the words of its style: what begins in the span,
    and whose date was in it before it was moved.

    Of what they lent to a colleague a calendar says that it is off for them.
    """
    found: dict[int, Listed] = {}
    for occurrence, original, one, discreet, full in [
        *_lent(session, person_id),
        *_own(session, person_id, span),
    ]:
        if span.begin <= one.start < span.end and original >= datetime.combine(span.begin, time.min):
            said = {Titles.DISCREET: discreet, Titles.FULL: full or discreet}.get(wishes.titles, "")
            found[occurrence] = one._replace(title=said or PLAIN[wishes.language])
    shown = {kind for kind in Kind if wishes.kinds.get(kind, OfKind()).shown}
    of_kind = (
        select(Occurrence.id).join(Series, Series.id == Occurrence.series_id).where(Series.kind.in_(shown))
    )
    return Counter(found[occurrence] for occurrence in session.scalars(of_kind) if occurrence in found)


Row = tuple[int, datetime, Listed, str, str]
"""Of an occurrence: its id, where the rule has it, itself, its discreet title and its own."""


def _own(session: Database, person_id: int, span: Span) -> Iterator[Row]:
    over = set(session.scalars(_over(person_id)))
    for led in duties_of_person(session, person_id, *span):
        if led.occurrence_id in over:
            continue
        series = session.get_one(Series, led.series_id)
        title = "" if series.kind in OF_ONE_MEMBER else series.title
        one = Listed(led.starts_at, led.ends_at, "", led.takes_place)
        yield led.occurrence_id, led.original_start, one, series.discreet_title, title
    for each in occurrences_of_member(session, person_id, *span):
        one = Listed(each.starts_at, each.ends_at, "", each.takes_place)
        yield each.occurrence_id, each.original_start, one, each.discreet_title, each.title


def _over(person_id: int) -> Select[int]:
    """What was left over of a post that ended: it hangs on something, does not take place, and in a calendar
    the end of the post has taken it off.
    """
    return (
        select(Occurrence.id)
        .join(Duty, Duty.occurrence_id == Occurrence.id)
        .join(Post, (Post.id == Duty.post_id) & (Post.person_id == Duty.person_id))
        .where(Duty.person_id == person_id, ~Occurrence.booked, ~covers(Post))
    )


def _lent(session: Database, person_id: int) -> Iterator[Row]:
    """What somebody else leads in place of this person, who has no other duty there."""
    own = aliased(Duty)
    query = (
        select(Occurrence, Series)
        .join(Duty, Duty.occurrence_id == Occurrence.id)
        .join(Post, Post.id == Duty.post_id)
        .join(Series, Series.id == Occurrence.series_id)
        .outerjoin(own, (own.occurrence_id == Occurrence.id) & (own.person_id == person_id))
        .where(Post.person_id == person_id, Duty.person_id != person_id, own.id.is_(None), covers(Post))
    )
    for row, series in session.execute(query):
        title = "" if series.kind in OF_ONE_MEMBER else series.title
        yield (
            row.id,
            row.original_start,
            Listed(row.starts_at, row.ends_at, "", takes_place=False),
            series.discreet_title,
            title,
        )
