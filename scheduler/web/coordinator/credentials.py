"""The credentials of somebody who leads, on their page."""

from scheduler.domain.people.roles import Role
from scheduler.web import credential_pages
from scheduler.web.coordinator import person_page
from scheduler.web.coordinator.blueprint import blueprint


def _show(person_id: int, sent: credential_pages.Sent | None) -> person_page.Answer:
    person = person_page.load(person_id)
    return person_page.show(person, credential=sent) if sent else ""


credential_pages.offer(blueprint, Role.COORDINATOR, "coordinator.people_page", _show)
