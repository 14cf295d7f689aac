"""A real mail server on this machine."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Mailbox:
    """What the server took, and what it answers to the next messages (none: it takes them)."""

    url: str = ""
    messages: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- the library's name
        """Take a message, or refuse it."""
        if self.answers:
            return self.answers.pop(0)
        content = cast("bytes", envelope.content)
        self.messages.append(cast("EmailMessage", message_from_bytes(content, policy=default)))
        return "250 taken"


@contextmanager
def mail_server(login: tuple[str, str] | None = None, host: str = "127.0.0.1") -> Iterator[Mailbox]:
    """Run a server on a free port; with ``login`` (name, password) it takes mail from nobody else."""
    box = Mailbox()

    def authenticate(_server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
        given = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode())
        return AuthResult(success=given == login, handled=False)

    more: dict[str, Any] = {"authenticator": authenticate, "auth_require_tls": False} if login else {}
    controller = Controller(box, hostname=host, port=free_port(), auth_required=login is not None, **more)
    controller.start()
    box.url = f"smtp://{host}:{controller.port}"
    try:
        yield box
    finally:
        controller.stop()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
