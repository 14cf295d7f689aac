"""A member's calendars."""

from scheduler.domain.people.roles import Role
from scheduler.web import calendar_pages
from scheduler.web.member.blueprint import blueprint

calendar_pages.offer(blueprint, Role.MEMBER)
