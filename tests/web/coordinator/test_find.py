"""A free place and time, for a new series or for a session that has to move."""

import re
from datetime import timedelta
from html import unescape

import pytest

from scheduler.domain.planning.apart import keep_apart
from tests.conftest import Clients
from tests.domain.planning.center import FIRST, Center
from tests.web.coordinator.desk import Desk, said, text_of

TUESDAY = "first=2026-07-21&last=2026-07-21"
EVENING = f"/coordinator/find?{TUESDAY}&earliest=18:00&latest=21:00&minutes=60&places=12"


def links(html: str) -> list[tuple[str, str, str]]:
    """Each option: when, where, and where it leads."""
    found = []
    for item in html.split('<div class="item">')[1:]:
        at, day = re.findall(r'class="t">([^<]+)<', item)[0], re.findall(r"<b>([^<]+)</b>", item)[0]
        for address, room in re.findall(r'class="meta"><a href="([^"]+)">([^<]+)<', item):
            found.append((f"{day}, {at.strip()}", room, unescape(address)))
    return found


def test_free_times_lead_into_the_form_of_a_new_series(desk: Desk, center: Center) -> None:
    center.make()  # room 2, Tuesdays from 7 to 8:30 PM
    html = desk.get(f"{EVENING}&weeks=4&lead={center.people.facilitator.id}")
    when, where, address = links(html)[0]
    assert (when, where) == ("Tuesday, July 21, 6:00 PM", "Elm Street, room 2 (holds 14)")
    form = desk.get(address)
    for filled in (
        'value="2026-07-21"',
        'value="18:00"',
        f'<option selected value="{center.room}">',
        f'<option selected value="{center.people.facilitator.id}">',
    ):
        assert filled in form
    text = text_of(html)
    assert "Elm Street, room 3 is too small." in text
    assert "Elm Street, room 2 is taken on Tuesday, July 21, 7:00 to 8:30 PM, and at 3 more times." in text


def test_who_leads_something_else_is_busy_and_not_with_what(desk: Desk, center: Center) -> None:
    center.make(title="Hidden circle", leads=[center.people.facilitator.id])
    html = desk.get(f"{EVENING}&lead={center.people.facilitator.id}")
    text = text_of(html)
    assert "Dana R. is busy on Tuesday, July 21, 7:00 to 8:30 PM." in text
    assert "Hidden circle" not in text
    further = desk.get(
        f"/coordinator/find?first=2026-07-21&last=2026-08-04&earliest=18:00&latest=21:00&minutes=60"
        f"&places=12&lead={center.people.facilitator.id}"
    )
    assert "Dana R. is busy on Tuesday, July 21, 7:00 to 8:30 PM, and at 2 more times." in text_of(further)
    assert {when for when, _, _ in links(html)} == {"Tuesday, July 21, 6:00 PM"}


def test_a_session_that_has_to_move_is_proposed_where_it_is_free(desk: Desk, center: Center) -> None:
    made = center.make(leads=[center.people.facilitator.id], members=[center.people.member.id])
    page = f"/coordinator/find?occurrence={made.occurrences[0]}"
    assert "For Tuesday evening group" in text_of(desk.get(page))
    assert "Who leads Dana R.: always looked at. Choose who else leads." in text_of(desk.get(page))
    when, _, address = links(desk.get(f"{page}&{TUESDAY}&earliest=19:30&latest=22:00&minutes=90&places=2"))[0]
    assert when == "Tuesday, July 21, 7:30 PM"
    assert address.startswith(f"/coordinator/occurrences/{made.occurrences[0]}?")
    after = desk.saved(address, address.partition("?")[0] + "/move", **{"move-reason": "Bus"})
    assert "7:30 to 9:00 PM" in text_of(after)
    assert center.occurrence(made.occurrences[0]).local_start == FIRST + timedelta(minutes=30)


def test_two_who_are_kept_apart_are_offered_nothing_without_a_word(desk: Desk, center: Center) -> None:
    one, other = center.people.member.id, center.people.other_member.id
    names = "members=Renee Tamm, Marcus Tull"
    assert links(desk.get(f"{EVENING}&{names}"))
    center.do(keep_apart, person_id=one, other_id=other)
    html = desk.get(f"{EVENING}&{names}")
    assert links(html) == []
    assert "apart" not in text_of(html)


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ("first=2026-07-21&last=2026-07-20", {"To": "The last day is before the first."}),
        ("first=2026-07-21&last=2027-07-20", {"To": "Look at most 31 days ahead at a time."}),
        (f"{TUESDAY}&latest=9:30", {"Over by": "That leaves less time than the session takes."}),
        (f"{TUESDAY}&members=Nobody", {"Members who must be there": "No member is called Nobody."}),
        ("first=soon", {"From": "This is not a date. Type it like 2026-07-14."}),
    ],
)
def test_what_cannot_be_looked_for_is_said_beside_it(desk: Desk, sent: str, wrong: dict[str, str]) -> None:
    answer = desk.client.get(f"/coordinator/find?{sent}")
    assert (answer.status_code, said(answer)) == (422, wrong)
    assert "That cannot be looked for." in text_of(answer.text)


def test_nobody_but_coordinators_finds_it(center: Center, clients: Clients) -> None:
    people = center.people
    for someone in (people.member, people.facilitator, people.administrator):
        assert clients(someone).get("/coordinator/find").status_code == 404
    assert clients(people.coordinator).get("/coordinator/find?occurrence=999").status_code == 404
