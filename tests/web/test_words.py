"""Every name of the domain that people read has its words."""

from scheduler.domain.people.roles import Role
from scheduler.domain.schedule.kinds import Kind
from scheduler.web import words


def test_every_kind_has_its_words() -> None:
    assert words.KINDS.keys() == {kind.value for kind in Kind}


def test_every_role_has_its_words() -> None:
    assert words.ROLES.keys() == {role.value for role in Role}
