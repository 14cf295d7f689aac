"""``aftercare person``."""

from datetime import datetime

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.cli import main
from scheduler.config import load
from scheduler.domain.access.queries import channels_of, link_owner, passkeys_of
from scheduler.domain.people.links import id_of
from scheduler.domain.people.queries import person_of
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import make_person
from scheduler.domain.privacy.limiting import limits_of
from scheduler.store.outbox import Outbox
from scheduler.store.transaction import transaction
from tests.support import factories
from tests.support.people import Everybody

pytestmark = pytest.mark.usefixtures("configured")
Sessions = sessionmaker[Database]


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["person", *words])


def refused(*words: str) -> str:
    done = run(*words)
    assert done.exit_code != 0
    assert len(done.output.splitlines()) == 1, done.output
    return done.output.strip()


def test_somebody_is_made_and_the_last_line_is_their_link(sessions: Sessions) -> None:
    done = run(
        "create", "Ines@example.org", "--name", "Ines Vidal", "--role", "coordinator", "--role", "member"
    )
    assert done.exit_code == 0, done.output
    start, token = done.output.splitlines()[-1].rsplit("/", 1)
    assert start == "https://my.example.org/set-password"
    with sessions() as session:
        made = person_of(session, email="ines@example.org")
        owner = link_owner(session, link_id=id_of(load().secret_key, token) or 0, now=clock.now())
    assert made is not None
    assert owner is not None
    assert (made.name, made.roles) == ("Ines Vidal", {Role.COORDINATOR, Role.MEMBER})
    assert owner.person_id == made.id
    with sessions() as session:
        channels = channels_of(session, made.id)
    assert channels is not None
    assert channels.confirmed_at is not None, "whoever types the command vouches for the address"


def test_the_invitation_is_sent_where_that_is_wished(sessions: Sessions) -> None:
    done = run("create", "a@example.org", "--name", "Ann", "--role", "member", "--send")
    assert done.output == "The invitation is on its way.\n"
    with sessions() as session:
        assert [(task.kind, task.payload) for task in session.scalars(select(Outbox))] == [
            ("invitation", {"person_id": 1})
        ]


def test_bad_input_is_one_clear_line_and_makes_nobody(people: Everybody, sessions: Sessions) -> None:
    taken = refused("create", people.member.email, "--name", "X", "--role", "member")
    assert taken == "Error: Another person has this e-mail address."
    assert refused("create", "nonsense", "--name", "X", "--role", "member") == (
        "Error: This is not an e-mail address."
    )
    nameless = refused("create", "x@example.org", "--name", " ", "--role", "member")
    assert nameless == "Error: Give a name of at most 200 characters."
    assert refused("give-role", "nobody@example.org", "member") == (
        "Error: Nobody has the address nobody@example.org."
    )
    assert run("create", "x@example.org", "--name", "X", "--role", "king").exit_code == 2
    with sessions() as session:
        assert person_of(session, email="x@example.org") is None


def test_a_role_is_given_for_some_sites(people: Everybody, sessions: Sessions) -> None:
    with sessions() as session, transaction(session):
        factories.room(session, site="Elm Street")
        factories.room(session, site="Oak Hill")
    given = run("give-role", people.member.email, "facilitator", "--site", "Oak Hill")
    assert given.output == "Renee Tamm is facilitator now at Oak Hill only.\n"
    with sessions() as session:
        assert limits_of(session, people.member.id) == {Role.FACILITATOR: {2}}
    assert refused("give-role", people.member.email, "coordinator", "--site", "Elm") == (
        "Error: There is no site called Elm. Nothing was changed."
    )
    assert refused("give-role", people.member.email, "administrator", "--site", "Elm Street") == (
        "Error: This role is always for all sites."
    )


def test_roles_are_given_and_taken(people: Everybody) -> None:
    assert run("give-role", people.member.email, "facilitator").output == "Renee Tamm is facilitator now.\n"
    assert run("take-role", people.member.email, "member").output == ("Renee Tamm is not member any more.\n")
    assert run("take-role", people.member.email, "member").output == "Renee Tamm has not the role member.\n"
    assert run("list", "--role", "facilitator").output.splitlines() == [
        "facilitator@example.org\tDana Rowe\tfacilitator",
        "other.facilitator@example.org\tFemi Adeyemi\tfacilitator",
        "member@example.org\tRenee Tamm\tfacilitator",
    ]
    assert refused("take-role", people.administrator.email, "administrator") == (
        "Error: Somebody must be able to manage accounts. Make another administrator first."
    )


def test_somebody_without_an_address_is_given_one_by_number_and_invited(
    sessions: Sessions, people: Everybody
) -> None:
    with sessions() as session, transaction(session):
        made = make_person(
            session, actor=SYSTEM, name="Ann", email=None, roles=[Role.FACILITATOR], now=clock.now()
        )
    assert f"{made}\tAnn\tfacilitator" in run("list").output.splitlines()
    assert refused("set-email", str(made), people.member.email) == (
        "Error: Another person has this e-mail address."
    )
    assert run("set-email", str(made), "ann@example.org").exit_code == 0
    assert "/set-password/" in run("invite", "ann@example.org").output
    assert "/set-password/" in run("invite", str(made)).output
    assert refused("set-email", "999", "b@example.org") == "Error: Nobody has the number 999."


def test_somebody_without_anything_is_disabled(people: Everybody) -> None:
    assert run("disable", people.member.email).output == "Renee Tamm is disabled.\n"
    assert "member@example.org\tRenee Tamm\tdisabled" in run("list").output.splitlines()


def test_somebody_who_still_has_something_is_not_disabled_without_a_word_about_it(
    people: Everybody, sessions: Sessions, now: datetime
) -> None:
    with sessions() as session, session.begin():
        series = factories.series(session)
        factories.post(session, series, people.facilitator.id)
        factories.enrollment(session, series, people.member.id)
    done = run("disable", people.facilitator.email)
    assert (done.exit_code, done.output.splitlines()) == (
        1,
        [
            "leads\tTuesday evening group\tlead\tsince 2020-01-01",
            "Error: Say what becomes of it: --hand-to EMAIL or --end. Nothing was changed.",
        ],
    )
    assert run("disable", people.member.email).output.splitlines()[0] == (
        "belongs to\tTuesday evening group\tsince 2020-01-01"
    )
    handed = run("disable", people.facilitator.email, "--hand-to", people.other_facilitator.email)
    assert handed.output == "Dana Rowe is disabled.\n"
    assert run("disable", people.member.email, "--end").output == "Renee Tamm is disabled.\n"
    assert run("disable", people.other_facilitator.email).output.startswith("leads\tTuesday evening group\t")


def test_a_new_link_is_printed(people: Everybody) -> None:
    assert run("invite", people.member.email).output.startswith("https://my.example.org/set-password/")


def test_a_second_step_that_was_lost_is_reset(people: Everybody, sessions: Sessions) -> None:
    with sessions() as session, session.begin():
        factories.passkey(session, people.coordinator.id)
    done = run("reset-second-step", people.coordinator.email)
    assert done.output == "Odile Kern has no second step any more.\n"
    with sessions() as session:
        assert passkeys_of(session, people.coordinator.id) == ()
