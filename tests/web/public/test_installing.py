"""The pages as an application on a phone, and the one page that every phone keeps."""

from tests.conftest import Clients
from tests.support.people import Everybody


def test_the_page_that_phones_keep_is_the_same_for_everybody_and_holds_nobody(
    clients: Clients, people: Everybody
) -> None:
    dana = clients(people.facilitator)
    with dana.session_transaction() as cookie:
        cookie["_flashes"] = [("message", "Renee T. is on hold.")]
    page = dana.get("/kept").text
    assert page == clients(None).get("/kept").text
    assert [word for word in ("Dana", "Renee", "csrf_token", "data-viewer") if word in page] == []


def test_the_name_under_the_icon_is_neutral(clients: Clients) -> None:
    answer = clients(None).get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    told = answer.get_json(force=True)
    icons = [(icon["sizes"], icon["purpose"]) for icon in told.pop("icons")]
    assert icons == [("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")]
    assert told == {
        "id": "/",
        "name": "My week",
        "short_name": "My week",
        "start_url": "/sign-in",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f5f4ef",
        "theme_color": "#f5f4ef",
    }


def test_the_worker_names_what_it_keeps_and_is_asked_for_anew_each_time(clients: Clients) -> None:
    answer = clients(None).get("/sw.js")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    first = answer.text.partition("\n")[0]
    assert first.startswith('self.keeps = {"version": "')
    assert [
        name for name in ("/kept", "site.css", "site.js", "kept.js", "mark.svg") if name not in first
    ] == []
