"""Numbers that addresses and forms send: one reader, whatever was typed."""

from pathlib import Path

import pytest

import scheduler.web
from scheduler.web.numbers import LARGEST, page_of, whole
from tests.conftest import Clients
from tests.support.people import Everybody

LONG = "9" * 5000
"""More digits than ``int`` takes."""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("007", 7),
        (str(LARGEST), LARGEST),
        *(
            (text, None)
            for text in (None, "", "-1", "+1", " 1", "1_0", "1.0", "x", "²", "٣", str(LARGEST + 1), LONG)
        ),
    ],
)
def test_a_number_is_ascii_digits_that_a_database_holds(text: str | None, number: int | None) -> None:
    assert whole(text) == number
    assert page_of(text) == (number if number and number < 100_000 else 1)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("find?first=2026-07-20&last=2026-07-20&minutes=60&site=", 200),
        ("find?occurrence=", 404),
        ("board?site=", 404),
        ("week?site=", 404),
        ("week/print?who=", 404),
        ("conflicts?page=2&site=", 200),
    ],
)
def test_a_long_number_in_an_address_is_nothing(
    clients: Clients, people: Everybody, address: str, status: int
) -> None:
    client = clients(people.coordinator)
    assert client.get(f"/coordinator/{address}{LONG}").status_code == status
    assert client.get(f"/coordinator/{address}²").status_code == status


@pytest.mark.parametrize("remedy", [f"later:{LONG}:1", f"room:2:{LONG}", f"later:2:-{LONG}", "room:²:1"])
def test_a_button_that_no_page_has_ends_no_conflict(clients: Clients, people: Everybody, remedy: str) -> None:
    client = clients(people.coordinator)
    token = client.get("/me").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    data = {"csrf_token": token, "key": "room-1-2-3", "seen": "", "remedy": remedy}
    assert client.post("/coordinator/conflicts/solve", data=data).status_code == 404


def test_pages_read_numbers_in_one_place() -> None:
    web = Path(scheduler.web.__file__).parent
    readers = {
        path.relative_to(web).as_posix()
        for path in web.rglob("*.py")
        if any(f".{name}()" in path.read_text() for name in ("isdigit", "isdecimal", "isnumeric"))
    }
    assert readers - {"display.py"} == {"numbers.py"}  # display looks at the hours that it wrote itself
