"""Dana's phone keeps her sheets; one mark of it came after she had handed the sheet in at the desk."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.demo.setting import Setting
from scheduler.domain.attendance.devices import hand_out, welcome
from scheduler.domain.attendance.merging import Wanted
from scheduler.domain.attendance.models import Mark, Sheet
from scheduler.domain.attendance.sent_rows import Batch, Sender
from scheduler.domain.attendance.statuses import Status, Value
from scheduler.domain.attendance.sync import Sent
from scheduler.domain.attendance.taking_in import take_in
from scheduler.domain.attendance.tickets import Ticket
from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.people.sign_ins import new_secret


def keep_one_aside(session: Database, setting: Setting) -> None:
    """Of the last sheet that she handed in, somebody who was late by her phone, and there by the sheet."""
    dana, sent_at = setting.cast.facilitators[0], setting.now - timedelta(hours=1)
    query = (
        select(Sheet.occurrence_id, Mark.person_id)
        .join(Mark, Mark.sheet_id == Sheet.id)
        .where(Sheet.submitted_by == dana, Mark.status == Status.PRESENT)
        .order_by(Sheet.submitted_at.desc(), Mark.id)
        .limit(1)
    )
    occurrence_id, person_id = session.execute(query).one()
    actor, ticket = Actor(dana, None, frozenset({Role.FACILITATOR})), Ticket(new_secret(), dana)
    phone = welcome(session, actor=actor, ticket=ticket, program="Chrome on Android", now=sent_at)
    hand_out(session, phone.id, [occurrence_id], now=sent_at)
    sender = Sender(actor=actor, device_id=phone.id, since=sent_at)
    late = Wanted(person_id, Value(Status.LATE, late_minutes=7))
    sent = Sent("6f9d3a52-1c1e-4a57-9a3b-0d7c2f4b8e11", late, sent_at)
    take_in(session, sender=sender, batch=Batch(occurrence_id, (sent,)), now=sent_at)
