"""Where somebody goes who just signed in."""

from collections.abc import Collection

from flask import current_app, url_for

from scheduler.domain.people.roles import Role
from scheduler.web import navigation


def home_of(roles: Collection[Role]) -> str:
    """The address of the first page of the first role that applies; one's own account without any."""
    for audience in navigation.audiences_of(frozenset(roles)):
        endpoint = navigation.links_of(audience)[0].endpoint
        if endpoint in current_app.view_functions:
            return url_for(endpoint)
    return url_for("auth.me")
