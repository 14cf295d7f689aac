"""What may stand in an address."""

import pytest
from flask import Flask

from tests.conftest import Clients
from tests.support.people import Everybody


@pytest.mark.parametrize("number", ["999999999", "9999999999", "9" * 400, "-1", "1e3"])
def test_a_number_that_is_no_id_is_not_there(
    app: Flask, clients: Clients, people: Everybody, number: str
) -> None:
    for page in ("series", "occurrences", "people", "places/rooms"):
        assert clients(people.coordinator).get(f"/coordinator/{page}/{number}").status_code == 404
