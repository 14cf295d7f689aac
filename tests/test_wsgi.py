"""What a server serves: pages by the application, built files before it."""

from pathlib import Path

import pytest
from werkzeug.datastructures import Headers
from werkzeug.test import Client

from scheduler import wsgi
from scheduler.config import FILES


@pytest.fixture
def client(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", database_url)
    monkeypatch.setenv("AFTERCARE_INSTANCE_PATH", str(tmp_path))
    return Client(wsgi.alone())


def test_a_built_file_is_packed_and_kept_for_good(client: Client) -> None:
    with client.get("/static/dist/site.css", headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == 'text/css; charset="utf-8"'
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        etag = answer.headers["ETag"]
    with client.get("/static/dist/site.css", headers={"If-None-Match": etag}) as again:
        assert again.status_code == 304


def test_a_page_names_each_built_file_with_a_hash_of_what_it_says(client: Client) -> None:
    page = client.get("/").get_data(as_text=True)
    assert (FILES / "static" / "dist" / "site.css").is_file()
    assert "/static/dist/site.css?v=" in page


def test_nothing_else_of_the_folder_above_is_served(client: Client) -> None:
    assert client.get("/static/../pyproject.toml").status_code == 404
    assert client.get("/static/dist/..%2f..%2f..%2fpyproject.toml").status_code == 404


def test_by_https_files_are_hardened_like_pages(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with client.get("/static/dist/site.css") as plain:
        assert "Strict-Transport-Security" not in plain.headers
    monkeypatch.setenv("AFTERCARE_BASE_URL", "https://my.example.org")
    served = Client(wsgi.alone())
    with served.get("/static/dist/site.css") as file, served.get("/") as page:
        assert (file.status_code, page.status_code) == (200, 200)
        hardened = {name: page.headers[name] for name in always_named(page.headers)}
        assert {name: file.headers.get(name) for name in hardened} == hardened
    assert hardened["Strict-Transport-Security"] == "max-age=31536000"


def always_named(headers: Headers) -> list[str]:
    """The headers of a page but those that speak of its content, its cookies and how long it is kept."""
    own = {"Content-Type", "Content-Length", "Cache-Control", "Vary", "Set-Cookie", "Last-Modified", "ETag"}
    return [name for name, _value in headers if name not in own]
