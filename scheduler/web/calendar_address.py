"""The address of a feed, and the ways to hand it to a calendar program. Shown once, when it is made."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from scheduler.web.qr import qr_of


@dataclass(frozen=True, slots=True)
class Address:
    """A feed's address and the links that subscribe to it."""

    plain: str
    webcal: str
    google: str
    outlook: str

    @property
    def qr(self) -> Markup:
        """A QR code of the address that opens a phone's own calendar."""
        return qr_of(self.webcal)


def address_of(base_url: str, token: str, calendar_name: str) -> Address:
    """All forms of the address of the feed with this token."""
    plain = f"{base_url.rstrip('/')}/feeds/{token}/calendar.ics"
    webcal = "webcal:" + plain.partition(":")[2]
    return Address(
        plain=plain,
        webcal=webcal,
        google="https://calendar.google.com/calendar/r?" + urlencode({"cid": webcal}),
        outlook="https://outlook.live.com/calendar/0/addfromweb?"
        + urlencode({"url": plain, "name": calendar_name}),
    )
