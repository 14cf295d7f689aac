"""The first page."""

from flask.testing import FlaskClient

from tests.conftest import Clients
from tests.support.people import Everybody


def _visit(client: FlaskClient) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.text


def test_a_visitor_is_told_what_this_is_and_promised_nothing_medical(clients: Clients) -> None:
    page = _visit(clients(None))
    assert "<h1>Know where you’re going tonight.</h1>" in page
    assert "It gives no medical advice. In an emergency, call 911." in page


def test_a_visitor_finds_the_way_in_and_a_line_to_call(clients: Clients) -> None:
    page = _visit(clients(None))
    assert 'href="/sign-in">Sign in</a>' in page
    assert 'href="tel:988"' in page


def test_somebody_signed_in_is_led_to_their_own_first_page(clients: Clients, people: Everybody) -> None:
    page = _visit(clients(people.member))
    assert '<a class="btn lamp" href="/member/week">My week</a>' in page


def test_the_page_carries_no_style_or_script_of_its_own(clients: Clients) -> None:
    page = _visit(clients(None))
    assert " style=" not in page
    assert "<style" not in page
    assert page.count("<script") == 1
