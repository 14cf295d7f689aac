"""No secret of an address in any log line, however it got there."""

import logging

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from scheduler import logs
from scheduler.domain.people.models import Identity
from scheduler.extensions import db
from scheduler.logs import HIDDEN, redacted
from tests.support.people import Everybody

TOKEN = "cal_Zs2S4de_238CAXR4zw_wlG4BctVwLCtPB69mBxanLO4"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"GET /feeds/{TOKEN}/calendar.ics HTTP/1.1", f"GET /feeds/{HIDDEN}/calendar.ics HTTP/1.1"),
        ("GET /feeds/half-a-token/calendar.ics", f"GET /feeds/{HIDDEN}/calendar.ics"),
        (
            f"https://a.example/feeds/{TOKEN}/calendar.ics?x={TOKEN}",
            f"https://a.example/feeds/{HIDDEN}/calendar.ics?x={HIDDEN}",
        ),
        ("/set-password/eyJ.abc-def", f"/set-password/{HIDDEN}"),
        (
            "GET /coordinator/people?find=Renee+Tamm HTTP/1.1",
            f"GET /coordinator/people?find={HIDDEN} HTTP/1.1",
        ),
        (
            "/admin/audit?first=2026-07-01&person=ren&last=",
            f"/admin/audit?first=2026-07-01&person={HIDDEN}&last=",
        ),
        ("/sign-in?next=/admin/people%3Fq%3Drenee", f"/sign-in?next=/admin/people%3Fq%3D{HIDDEN}"),
        ("/set-password/eyJ.abc?next=/", f"/set-password/{HIDDEN}?next=/"),
        ("GET /set-password//eyJ.abc HTTP/1.1", f"GET /set-password//{HIDDEN} HTTP/1.1"),
        ("GET //set-password///eyJ.abc", f"GET //set-password///{HIDDEN}"),
        ("GET /set-password/%2FeyJ.abc", f"GET /set-password/%2F{HIDDEN}"),
        ("GET /set-password/eyJ%2Eabc", f"GET /set-password/{HIDDEN}"),
        ("/feeds//half-a-token/calendar.ics", f"/feeds//{HIDDEN}/calendar.ics"),
        ("/sign-in?next=%252Fset-password%252FeyJ.abc", f"/sign-in?next=%252Fset-password%252F{HIDDEN}"),
        ("/sign-in?next=%2Fset-password%2FeyJ.abc&a=b", f"/sign-in?next=%2Fset-password%2F{HIDDEN}&a=b"),
        ("GET /s/7K3-9QM-X2VB HTTP/1.1", f"GET /s/{HIDDEN} HTTP/1.1"),
        ("/sign-in?next=%2Fs%2F7K39QMX2VB", f"/sign-in?next=%2Fs%2F{HIDDEN}"),
        ("https://a.example/s/7k39qmx2vb", f"https://a.example/s/{HIDDEN}"),
        ("GET /static/css/site.css", "GET /static/css/site.css"),
        ("taken\nDETAIL:  Key (email)=(a@b.org) already exists.\nHINT", f"taken\nDETAIL:  {HIDDEN}\nHINT"),
        ("a local calendar", "a local calendar"),
    ],
)
def test_secrets_are_hidden_and_the_rest_is_left_alone(text: str, clean: str) -> None:
    assert redacted(text) == clean


def test_a_record_is_clean_in_message_arguments_and_traceback(caplog: pytest.LogCaptureFixture) -> None:
    logs.install()
    logs.install()  # twice is once
    log = logging.getLogger("anybody.elses")
    with caplog.at_level(logging.DEBUG):
        log.debug(f"plain {TOKEN}")  # noqa: G004 -- as careless code would
        log.info("by place %s and %d", TOKEN, 7)
        log.info("by name %(path)s", {"path": f"/feeds/{TOKEN}/"})
        log.info("an object %s", [TOKEN])
        try:
            raise ValueError(TOKEN)  # noqa: TRY301 -- the traceback is what is looked at
        except ValueError:
            log.exception("it broke")
    assert [record.getMessage() for record in caplog.records] == [
        f"plain {HIDDEN}",
        f"by place {HIDDEN} and 7",
        f"by name /feeds/{HIDDEN}/",
        f"an object ['{HIDDEN}']",
        "it broke",
    ]
    assert f"ValueError: {HIDDEN}" in caplog.text
    assert TOKEN not in caplog.text


def test_an_error_of_the_database_carries_nobody_s_values(app: Flask, people: Everybody) -> None:
    with app.app_context(), pytest.raises(IntegrityError) as error:
        db.session.execute(
            update(Identity)
            .values(email=people.member.email)
            .where(Identity.person_id == people.facilitator.id)
        )
    assert "SQL parameters hidden" in str(error.value)
    assert people.member.email not in str(error.value)


def test_an_address_that_is_asked_for_forges_no_line(caplog: pytest.LogCaptureFixture) -> None:
    path = "/x\n[2026-11-29] 10.9.9.9 - POST /admin 303\x1b[31m\u2028"
    logging.getLogger("granian.access").warning("%(path)s %(status)d", {"path": path, "status": 404})
    logging.getLogger("elsewhere").warning("asked for %s", path)
    told = "/x\\n[2026-11-29] 10.9.9.9 - POST /admin 303\\x1b[31m\\u2028"
    assert [record.getMessage() for record in caplog.records][-2:] == [f"{told} 404", f"asked for {told}"]
