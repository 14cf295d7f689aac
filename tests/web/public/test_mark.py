"""The organization's own mark."""

from pathlib import Path

import pytest

from scheduler.app import create_app
from scheduler.config import BadSetting
from tests.conftest import Clients

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"/>'


def test_without_a_mark_of_its_own_the_organization_uses_ours(clients: Clients) -> None:
    client = clients(None)
    assert client.get("/mark").status_code == 404
    assert '<path class="door"' in client.get("/nothing").text


def test_a_mark_of_its_own_stands_beside_the_name(database_url: str, tmp_path: Path) -> None:
    drawing = tmp_path / "mark.svg"
    drawing.write_text(DRAWING)
    app = create_app({"database_url": database_url, "instance_path": str(tmp_path), "mark": str(drawing)})
    client = app.test_client()
    assert '<img src="/mark" alt=""><span>Lindenfield</span>' in client.get("/nothing").text
    answer = client.get("/mark")
    assert (answer.text, answer.mimetype) == (DRAWING, "image/svg+xml")
    answer.close()


@pytest.mark.parametrize("path", ["nowhere.svg", "mark.txt"])
def test_a_mark_that_is_no_picture_is_refused_at_the_start(path: str, tmp_path: Path) -> None:
    (tmp_path / "mark.txt").write_text(DRAWING)
    with pytest.raises(BadSetting, match=r"^AFTERCARE_MARK must be the path of an \.svg or \.png file\.$"):
        create_app({"instance_path": str(tmp_path), "mark": str(tmp_path / path)})
