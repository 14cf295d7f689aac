"""A member's way through the center at the coordinator's desk: asked, shown, done, undone."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from scheduler.domain.calendars.models import Feed
from scheduler.domain.calendars.service import Choices, make_feed
from scheduler.domain.calendars.sources import Titles
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.roles import Role
from scheduler.domain.people.service import give_role
from scheduler.domain.places.models import Site
from scheduler.domain.places.service import make_room, make_site
from scheduler.domain.places.values import RoomDraft, SiteDraft
from scheduler.domain.planning.ending import end_series
from scheduler.domain.privacy.limiting import limit_role
from scheduler.domain.stays.models import Hold, Stay
from scheduler.domain.stays.reasons import Places
from scheduler.store.audit import AuditEntry
from tests.domain.admissions.life import TODAY, Life
from tests.domain.planning.center import FIRST, Center
from tests.web.coordinator.desk import Desk, again, said, text_of, toasts

NOBODY = "Nobody is written to. Tell them yourself."


@pytest.fixture
def life(center: Center) -> Life:
    return Life(center, center.people.member.id)


def address(life: Life, step: str = "") -> str:
    return f"/coordinator/people/{life.person}{step}"


def looked(desk: Desk, page: str, **typed: str) -> tuple[str, str]:
    """What a page says that it will do, and the page itself."""
    answer = desk.send(page, "", **typed)
    assert answer.status_code == 200, said(answer)
    shown = text_of(answer.text)
    assert "Nothing is saved yet." in shown
    return shown[shown.index("What follows") :], answer.text


def done(desk: Desk, page: str, **typed: str) -> str:
    """Look, then do; answers the person's page."""
    _, html = looked(desk, page, **typed)
    answer = desk.send_from(html, "", page=page, **typed)
    assert answer.status_code == 303, said(answer)
    return desk.get(answer.location)


def undone(desk: Desk, html: str, life: Life) -> str:
    answer = desk.send_from(html, address(life, "/undo"), toast=True)
    assert answer.status_code == 303, answer.text[-2000:]
    return desk.get(answer.location)


def test_a_member_is_admitted_once_it_was_shown_what_that_does(
    desk: Desk, center: Center, life: Life
) -> None:
    center.make(members=[life.person])
    page = address(life, "/admit")
    shown, _ = looked(desk, page)
    assert "Their stay begins on Wednesday, July 15. Tuesday evening group belongs to this stay." in shown
    assert NOBODY in shown
    assert center.rows(Stay) == []
    after = done(desk, page)
    assert toasts(after) == ["Renee T. is admitted."]
    assert "Here since July 15" in text_of(after)
    assert "It is as it was before." in toasts(undone(desk, after, life))
    assert center.rows(Stay) == []


def test_a_pause_is_made_and_they_are_welcomed_back(desk: Desk, center: Center, life: Life) -> None:
    center.make(members=[life.person])
    life.admit()
    shown, _ = looked(desk, address(life, "/pause"), from_date="2026-07-21", until_date="2026-08-03")
    assert (
        "Nothing is expected from Tuesday, July 21 to August 3. That is 2 sessions planned so far." in shown
    )
    after = done(desk, address(life, "/pause"), from_date="2026-07-15", places="freed")
    assert toasts(after) == ["Renee T. has a pause."]
    assert (
        "On a pause since July 15 Here since July 15 Their places others may have them meanwhile"
        in text_of(after)
    )
    [row] = center.rows(Hold)
    assert (row.from_date, row.until_date, row.places) == (TODAY, None, "freed")
    shown, _ = looked(desk, address(life, "/welcome-back"), back_on="2026-07-28")
    assert "Everything is expected again from Tuesday, July 28 on." in shown
    after = done(desk, address(life, "/welcome-back"), back_on="2026-07-28")
    assert toasts(after) == ["Renee T. is expected again from Tuesday, July 28 on."]
    assert toasts(undone(desk, after, life)) == ["It is as it was before."]
    assert center.rows(Hold)[0].until_date is None


def test_a_place_that_another_has_is_named_before_the_return(desk: Desk, center: Center, life: Life) -> None:
    small = center.make(members=[life.person], capacity=1).series_id
    life.admit()
    life.hold(TODAY, places=Places.FREED)
    life.join(small, center.people.other_member.id)
    shown, html = looked(desk, address(life, "/welcome-back"), back_on="2026-07-21")
    assert "Tuesday evening group: somebody else has the place now." in shown
    assert "Marcus" not in html


def test_a_change_between_looking_and_doing_is_shown_first(desk: Desk, center: Center, life: Life) -> None:
    small = center.make(members=[life.person], capacity=1).series_id
    life.admit()
    life.hold(TODAY, places=Places.FREED)
    page = address(life, "/welcome-back")
    _, html = looked(desk, page, back_on="2026-07-21")
    life.join(small, center.people.other_member.id)
    answer = desk.send_from(html, "", page=page, back_on="2026-07-21")
    assert answer.status_code == 200
    assert "somebody else has the place now" in answer.text
    assert center.rows(Hold)[0].until_date is None


def test_a_transfer_keeps_the_old_place_where_there_is_none(desk: Desk, center: Center, life: Life) -> None:
    center.make(members=[life.person])
    other = {"room_id": None, "first_start": FIRST.replace(hour=9)}
    full = center.make(title="Full", capacity=1, members=[center.people.other_member.id], **other).series_id
    free = center.make(title="Morning group", **other).series_id
    [row] = center.rows(Enrollment, person_id=life.person)
    page = address(life, f"/enrollments/{row.id}/transfer")
    assert desk.refused(page, "", series=str(full)) == {"To": "There is no place any more. Choose another."}
    assert desk.refused(page, "") == {"To": "Choose a series."}
    shown, _ = looked(desk, page, series=str(free), from_date="2026-07-28")
    assert "Morning group: they belong to it from Tuesday, July 28 on." in shown
    assert "Tuesday evening group: Monday, July 27 is the last day." in shown
    assert toasts(done(desk, page, series=str(free), from_date="2026-07-28")) == ["Renee T. is transferred."]


def test_a_discharge_and_a_readmission(desk: Desk, center: Center, life: Life) -> None:
    group = center.make(members=[life.person]).series_id
    life.individual()
    life.admit()
    center.do(make_feed, person_id=life.person, choices=Choices("My phone", Titles.PLAIN))
    page = address(life, "/discharge")
    assert desk.refused(page, "") == {"Reason": "Choose a reason."}
    shown, _ = looked(desk, page, reason="completed")
    for sentence in (
        "Their stay ends on Wednesday, July 15. What was recorded stays.",
        "Tuesday evening group: it had not begun, and is taken away.",
        "Individual: 26 sessions that were only for them are called off.",
        "1 calendar of theirs empties itself.",
    ):
        assert sentence in shown
    after = done(desk, page, reason="completed")
    assert toasts(after) == ["Renee T. is discharged."]
    assert "Discharged on July 15" in text_of(after)
    assert "Readmit" in text_of(after)
    assert center.rows(Feed)[0].revoked_at == center.now
    assert toasts(undone(desk, after, life)) == ["It is as it was before."]
    done(desk, page, reason="left", last_day="2026-07-28", empty_feeds="y")
    assert center.rows(Feed)[0].revoked_at is None
    again = address(life, "/admit")
    assert "Readmit Renee Tamm" in desk.get(again)
    toast = toasts(done(desk, again, admitted_on="2026-08-05", series=[str(group)]))
    assert toast == ["Renee T. is admitted again."]
    assert life.terms()[-1] == (group, date(2026, 8, 5), None)


def test_a_transfer_offers_what_takes_somebody_new_with_its_next_day(
    desk: Desk, center: Center, life: Life
) -> None:
    center.make(members=[life.person])
    life.individual(members=[center.people.other_member.id], title="Of Marcus")
    life.individual(members=[], title="Of nobody yet", first_start=datetime(2026, 7, 16, 15))
    other = {"room_id": None, "first_start": FIRST.replace(hour=9)}
    center.make(title="Full", capacity=1, members=[center.people.other_member.id], **other)
    center.make(title="Morning group", room_id=center.room, first_start=FIRST.replace(hour=9), capacity=4)
    [row] = center.rows(Enrollment, person_id=life.person)
    offered = [
        "Choose",
        "Of nobody yet, Elm Street: Thursday, July 16, 3:00 PM",
        "Morning group, Elm Street: Tuesday, July 21, 9:00 AM, 4 places free",
    ]
    own = "Tuesday evening group, Elm Street: Tuesday, July 21, 7:00 PM, 11 places free"
    assert options(desk.get(address(life, f"/enrollments/{row.id}/transfer"))) == offered
    assert options(desk.get(address(life))) == [*offered, own]


def options(html: str) -> list[str]:
    return [text_of(each) for each in re.findall(r"<option.*?</option>", html)]


def test_a_readmission_follows_the_stay_before(desk: Desk, center: Center, life: Life) -> None:
    group = center.make(members=[life.person], first_start=FIRST - timedelta(weeks=2)).series_id
    [elm], dana = center.rows(Site), center.people.facilitator.id
    life.admit(date(2026, 7, 1), site_id=elm.id, counselor_id=dana)
    undo = life.discharge()
    page = address(life, "/admit")
    assert filled(desk.get(page)) == ("2026-07-16", [str(elm.id), str(dana)], [str(group)])
    assert desk.refused(page, "", admitted_on="2026-07-15") == {
        "First day": "Their stay lasts through July 15. Choose July 16 or later, or undo the discharge."
    }
    life.undo(undo)
    life.discharge(date(2026, 7, 8))
    assert filled(desk.get(page)) == ("2026-07-15", [str(elm.id), str(dana)], [str(group)])


def filled(html: str) -> tuple[str, list[str], list[str]]:
    """The first day, what is chosen in the selects, and what is ticked."""
    day = re.findall(r'name="admitted_on"[^>]* value="([^"]*)"', html)
    ticked = re.findall(r'type="checkbox" name="series" value="(\d+)" checked', html)
    return day[0], re.findall(r'<option selected value="(\d+)"', html), ticked


def test_a_pause_begins_with_the_stay_at_the_earliest(desk: Desk, center: Center, life: Life) -> None:
    life.admit(date(2026, 7, 20))
    page = address(life, "/pause")
    assert 'value="2026-07-20"' in desk.get(page)
    assert desk.refused(page, "", from_date="2026-07-19") == {
        "First day of the pause": "The stay begins on July 20. Choose that day or a later one."
    }


@pytest.mark.parametrize(
    ("first", "back", "says"),
    [
        (16, 15, "The pause had not begun, and is called off."),
        (15, 15, "The pause began today, and is taken away."),
        (14, 14, "The pause began on Tuesday, July 14, and is taken away."),
    ],
)
def test_a_pause_that_leaves_no_day_is_taken_away(
    desk: Desk, center: Center, life: Life, first: int, back: int, says: str
) -> None:
    life.admit(date(2026, 7, 1))
    life.hold(date(2026, 7, first))
    shown, _ = looked(desk, address(life, "/welcome-back"), back_on=f"2026-07-{back}")
    assert says in shown


@dataclass(frozen=True)
class Words:
    """What the pages of a return say, from the first question to the line about what was done last."""

    heading: str
    asked: str
    follows: str
    act: str
    toast: str
    last: str


BEFORE = (
    "Call off the pause of Renee Tamm"
    " It has not begun. Everything goes on as it is, but for what has changed since."
)
DURING = "Welcome Renee Tamm back Everything is as it was before the pause, but for what has changed since."
HINT_BEFORE = "The first day of the pause calls it off. A later one makes it shorter."
HINT_DURING = "The first day on which they are expected again."


@pytest.mark.parametrize(
    ("first", "last", "back", "words"),
    [
        pytest.param(
            21,
            31,
            21,
            Words(
                BEFORE,
                f"The pause is from Tuesday, July 21 to Friday, July 31. Back on {HINT_BEFORE}",
                "The pause had not begun, and is called off."
                " Tuesday evening group: they are expected as before.",
                "Call off the pause",
                "The pause of Renee T. is called off.",
                "Last: a pause was called off, just now.",
            ),
            id="before it begins",
        ),
        pytest.param(
            21,
            None,
            28,
            Words(
                BEFORE,
                f"The pause begins on Tuesday, July 21. Back on {HINT_BEFORE}",
                "Everything is expected again from Tuesday, July 28 on."
                " Tuesday evening group: they are expected from Tuesday, July 28 on.",
                "Make the pause shorter",
                "Renee T. is expected again from Tuesday, July 28 on.",
                "Last: a pause was ended, just now.",
            ),
            id="before it begins, a later day",
        ),
        pytest.param(
            13,
            None,
            15,
            Words(
                DURING,
                f"The pause began on Monday, July 13. Back on {HINT_DURING}",
                "Everything is expected again from Wednesday, July 15 on."
                " Tuesday evening group: they are expected from Tuesday, July 21 on.",
                "Welcome back",
                "Renee T. is back.",
                "Last: a pause was ended, just now.",
            ),
            id="during",
        ),
        pytest.param(
            13,
            15,
            15,
            Words(
                DURING,
                f"The pause is from Monday, July 13 to Wednesday, July 15. Back on {HINT_DURING}",
                "Everything is expected again from Wednesday, July 15 on."
                " Tuesday evening group: they are expected from Tuesday, July 21 on.",
                "Welcome back",
                "Renee T. is back.",
                "Last: a pause was ended, just now.",
            ),
            id="on its last day",
        ),
        pytest.param(
            13,
            15,
            16,
            Words(
                DURING,
                f"The pause is from Monday, July 13 to Wednesday, July 15. Back on {HINT_DURING}",
                "Everything is expected again from Thursday, July 16 on."
                " Tuesday evening group: they are expected from Tuesday, July 21 on.",
                "Welcome back",
                "Renee T. is expected again from Thursday, July 16 on.",
                "Last: a pause was ended, just now.",
            ),
            id="on its last day, back the day after",
        ),
    ],
)
def test_a_return_reads_as_what_it_is(
    desk: Desk, center: Center, life: Life, first: int, last: int | None, back: int, words: Words
) -> None:
    center.make(members=[life.person])
    life.admit(date(2026, 7, 1))
    life.hold(date(2026, 7, first), date(2026, 7, last) if last else None)
    page, typed = address(life, "/welcome-back"), {"back_on": f"2026-07-{back}"}
    asked = text_of(desk.get(page))
    assert words.heading in asked
    assert words.asked in asked
    shown, html = looked(desk, page, **typed)
    assert shown.removeprefix("What follows ").startswith(f"{words.follows} {NOBODY}")
    assert f"{words.act} Cancel" in shown
    answer = desk.send_from(html, "", page=page, **typed)
    after = desk.get(answer.location)
    assert toasts(after) == [words.toast]
    assert words.last in text_of(after)


def test_what_is_said_of_a_pause_that_was_called_off_is_not_said_as_past(
    desk: Desk, center: Center, life: Life
) -> None:
    """Somebody has the freed place for its days, and a group ends with the day before it."""
    center.make(members=[life.person], capacity=1)
    ending = center.make(
        members=[life.person], room_id=None, title="Cooking", first_start=FIRST.replace(hour=9)
    )
    life.admit()
    life.hold(date(2026, 7, 28), places=Places.FREED)
    life.join(1, center.people.other_member.id, date(2026, 7, 28))
    center.now += timedelta(minutes=1)
    center.do(end_series, series_id=ending.series_id, revision=1, last=date(2026, 7, 27))
    shown, _ = looked(desk, address(life, "/welcome-back"), back_on="2026-07-28")
    assert shown.startswith(
        "What follows The pause had not begun, and is called off."
        " Cooking: it ends on Monday, July 27."
        " Tuesday evening group: somebody else has the place now. Theirs ends on Monday, July 27."
    )


def test_a_stale_page_is_answered_with_what_stands_now(desk: Desk, center: Center, life: Life) -> None:
    life.admit()
    page = address(life, "/pause")
    old = desk.get(page)
    life.undo(life.hold(TODAY))
    answer = desk.send_from(old, "", page=page)
    assert answer.status_code == 409
    assert said(answer) == {"": "Somebody changed this in the meantime."}
    answer = desk.send_from(answer.text, "", page=page)
    assert answer.status_code == 200
    assert desk.send_from(answer.text, "", page=page).status_code == 303


def test_what_was_built_on_keeps_an_undo_and_says_why(desk: Desk, center: Center, life: Life) -> None:
    life.admit()
    page = desk.get(address(life))
    assert "Last: admitted, just now. Undo" in text_of(page)
    life.hold(TODAY)
    answer = desk.send_from(page, address(life, "/undo"))
    assert answer.status_code == 409
    assert "Not undone. Something else was done since. Undo that first." in text_of(answer.text)
    assert len(center.rows(Hold)) == 1


def test_sent_twice_it_is_done_once(desk: Desk, center: Center, life: Life) -> None:
    page = address(life, "/admit")
    _, html = looked(desk, page)
    assert desk.send_from(html, "", page=page).status_code == 303
    answer = desk.send_from(html, "", page=page)
    assert answer.status_code == 303
    assert "Somebody was faster. This is how it stands now." in toasts(desk.get(answer.location))
    assert len(center.rows(Stay)) == 1


def test_who_is_no_member_or_a_colleague_has_no_such_pages(desk: Desk, center: Center, life: Life) -> None:
    dana = center.people.facilitator.id
    for _ in range(2):
        for step in ("admit", "pause", "welcome-back", "discharge"):
            desk.get(f"/coordinator/people/{dana}/{step}", status=404)
        assert "Stay" not in text_of(desk.get(f"/coordinator/people/{dana}"))
        center.do(give_role, person_id=dana, role=Role.MEMBER)


def test_steps_that_are_not_to_be_taken_now_are_not_there(desk: Desk, center: Center, life: Life) -> None:
    for step in ("/pause", "/welcome-back", "/discharge"):
        desk.get(address(life, step), status=404)
    life.admit()
    desk.get(address(life, "/admit"), status=404)
    desk.get(address(life, "/welcome-back"), status=404)


def test_looking_at_a_step_is_on_record(desk: Desk, center: Center, life: Life) -> None:
    desk.get(address(life, "/admit"))
    [read] = center.rows(AuditEntry, action="read", subject="person")
    assert (read.actor, read.person_id) == (center.people.coordinator.id, life.person)


def test_another_counselor_looks_after_them(desk: Desk, center: Center, life: Life) -> None:
    life.admit(counselor_id=center.people.facilitator.id)
    page = address(life, "/stay")
    femi = str(center.people.other_facilitator.id)
    answer = desk.send(page, "", counselor=femi)
    assert answer.status_code == 303, said(answer)
    after = desk.get(answer.location)
    assert toasts(after) == ["The stay of Renee T. is changed."]
    assert "Counselor Femi A." in text_of(after)
    assert "Counselor Dana R." in text_of(undone(desk, after, life))
    assert center.rows(AuditEntry, action="stay.changed")[0].detail["counselor"] == int(femi)


def test_a_stay_that_somebody_changed_meanwhile_is_shown_before_it_is_changed(
    desk: Desk, center: Center, life: Life
) -> None:
    life.admit()
    page = address(life, "/stay")
    old = desk.get(page)
    life.hold(TODAY)
    answer = desk.send_from(old, "", page=page)
    assert answer.status_code == 409
    assert desk.send_from(answer.text, "", page=page).status_code == 303


def test_what_is_at_another_site_is_not_named_to_who_is_for_one(
    desk: Desk, center: Center, life: Life
) -> None:
    here = center.make(members=[life.person], first_start=FIRST.replace(hour=9)).series_id
    there = center.do(make_site, site=SiteDraft("Harbor Road", "America/New_York"))
    room = center.do(make_room, room=RoomDraft("room 9", there))
    center.make(members=[life.person], title="Harbor group", room_id=room)
    [elm] = [site.id for site in center.rows(Site) if site.id != there]
    life.admit(site_id=elm)
    coordinator = center.people.coordinator.id
    center.do(limit_role, person_id=coordinator, role=Role.COORDINATOR, sites=[elm])
    desk = again(desk, center)
    shown, html = looked(desk, address(life, "/discharge"), reason="moved")
    assert "A session elsewhere: it had not begun, and is taken away." in shown
    assert "Harbor" not in html
    assert center.series(here).title in shown


def test_a_coordinator_of_one_site_leaves_no_stay_without_one(desk: Desk, center: Center, life: Life) -> None:
    """It would be every site's."""
    [elm] = [site.id for site in center.rows(Site)]
    life.admit(site_id=elm)
    asked = address(life, "/stay")
    assert (
        '<option value="">'
        in desk.client.get(asked).text.partition('name="site"')[2].partition("</select>")[0]
    )
    coordinator = center.people.coordinator.id
    center.do(limit_role, person_id=coordinator, role=Role.COORDINATOR, sites=[elm])
    desk = again(desk, center)
    page = desk.client.get(asked).text
    assert '<option value="">' not in page.partition('name="site"')[2].partition("</select>")[0]
    assert desk.send(asked, "", site="").status_code == 422
    assert [stay.site_id for stay in center.rows(Stay)] == [elm]
