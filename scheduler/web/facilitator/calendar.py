"""A facilitator's calendars: what they lead, and never a member's name."""

from scheduler.domain.people.roles import Role
from scheduler.web import calendar_pages
from scheduler.web.facilitator.blueprint import blueprint

calendar_pages.offer(blueprint, Role.FACILITATOR)
