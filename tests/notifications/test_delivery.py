"""Handing messages on: to a real server on this machine, and into a folder."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from scheduler.config import Settings, load
from scheduler.notifications.delivery import NotDelivered, deliver
from tests.support.mail import free_port, mail_server


def settings(folder: Path, mail_url: str = "") -> Settings:
    return load({"instance_path": str(folder), "mail_url": mail_url}, {})


@pytest.fixture
def message() -> EmailMessage:
    made = EmailMessage()
    made["Subject"] = "Your link to sign in"
    made["From"] = "calendar@example.org"
    made["To"] = "renee@example.org"
    made.set_content("Hello, Renée.\n")
    return made


def test_a_server_takes_it(tmp_path: Path, message: EmailMessage) -> None:
    with mail_server() as box:
        deliver(message, settings(tmp_path, box.url), name="1")
    (taken,) = box.messages
    assert (taken["Subject"], taken["To"]) == ("Your link to sign in", "renee@example.org")
    assert taken.get_content().replace("\r\n", "\n") == "Hello, Renée.\n"
    assert not (tmp_path / "mail").exists()


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_server_that_wants_a_password_gets_it(tmp_path: Path, message: EmailMessage) -> None:
    with mail_server(("cal@x", "p:w/d")) as box:
        address = box.url.replace("://", "://cal%40x:p%3Aw%2Fd@")
        deliver(message, settings(tmp_path, address), name="1")
        assert len(box.messages) == 1
        with pytest.raises(NotDelivered, match="the mail server answered 535"):
            deliver(message, settings(tmp_path, box.url.replace("://", "://cal:no@")), name="1")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("451 later", "the mail server answered 451"),
        ("550 no renee@example.org here", "the mail server answered 550"),
    ],
)
def test_a_refusal_is_told_without_a_name(
    tmp_path: Path, message: EmailMessage, answer: str, said: str
) -> None:
    with mail_server() as box:
        box.answers.append(answer)
        with pytest.raises(NotDelivered) as refusal:
            deliver(message, settings(tmp_path, box.url), name="1")
    assert str(refusal.value) == said


def test_a_server_that_is_away_is_told(tmp_path: Path, message: EmailMessage) -> None:
    with pytest.raises(NotDelivered, match="the message was not taken: ConnectionRefusedError"):
        deliver(message, settings(tmp_path, f"smtp://127.0.0.1:{free_port()}"), name="1")


def test_without_a_server_it_becomes_a_file_that_its_owner_reads(
    tmp_path: Path, message: EmailMessage
) -> None:
    deliver(message, settings(tmp_path), name="20260715-200000-1")
    folder = tmp_path / "mail"
    (path,) = folder.iterdir()
    assert path.name == "20260715-200000-1.eml"
    assert (folder.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)
    read = message_from_bytes(path.read_bytes(), policy=default)
    assert read.get_content() == "Hello, Renée.\n"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, message: EmailMessage) -> None:
    (tmp_path / "mail").write_text("in the way")
    with pytest.raises(NotDelivered, match="the message was not taken: FileExistsError"):
        deliver(message, settings(tmp_path), name="1")


def test_a_password_does_not_leave_the_machine_unencrypted(tmp_path: Path, message: EmailMessage) -> None:
    """127.0.0.2 leads here too, and is not among the names that are known to."""
    with mail_server(host="127.0.0.2") as box:
        address = box.url.replace("://", "://cal:secret@")
        with pytest.raises(NotDelivered, match="would have the password unencrypted"):
            deliver(message, settings(tmp_path, address), name="1")
    assert box.messages == []
