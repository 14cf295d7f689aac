"""What those who lead groups may call themselves, on paper; one of them has to renew it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session as Database

from scheduler.demo.setting import Setting
from scheduler.domain.people.credentials import Draft, give_credential

LEADERS: Final = 17
"""So many of the facilitators lead groups; they come first."""
OVER: Final = 7
"""The number of the one whose credential is over."""


def note_credentials(session: Database, setting: Setting) -> None:
    """One for each who leads groups, and a second one for Dana."""
    begun = setting.monday - timedelta(weeks=100)
    for number, person_id in enumerate(setting.cast.facilitators[:LEADERS]):
        kinds = ["Licensed social worker" if number % 3 else "Certified counselor"]
        lasts = timedelta(weeks=98 if number == OVER else 110 + 3 * number)
        for which, kind in enumerate([*kinds, "Group supervisor"] if number == 0 else kinds):
            draft = Draft(kind, f"{20417 + 31 * number + 4000 * which}", begun, begun + lasts)
            give_credential(
                session, actor=setting.coordinator, person_id=person_id, draft=draft, now=setting.planned_at
            )
