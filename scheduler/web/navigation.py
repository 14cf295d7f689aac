"""The one nav of a page: which links it has, and which of them the page is."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from flask import g, request

from scheduler.domain.people.roles import Actor, Role
from scheduler.web.addresses import url_for
from scheduler.web.language import lazy_gettext


@dataclass(frozen=True, slots=True)
class Link:
    """A page in the nav: its endpoint, its sign (see ``_macros/icons.html``) and its words.

    ``also`` are the beginnings of other endpoints whose pages stand below it. ``width`` is where it stands
    alone, "wide" on a desk or "narrow" on a phone, where a thumb has room for five: the page behind the
    narrow one lists the wide ones.
    """

    endpoint: str
    sign: str
    label: str
    also: tuple[str, ...] = ()
    width: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A link as a page shows it."""

    href: str
    sign: str
    label: str
    current: bool
    width: str = ""


@dataclass(frozen=True)  # without slots: a page that has no nav does not pay for it
class Shell:
    """What the frame of a page needs: its nav, and who looks at it.

    ``audience`` is none for a visitor; ``besides`` are the others that somebody with several roles belongs
    to; ``endpoint`` is the page's own, or the one that it stands with.
    """

    audience: str | None
    besides: tuple[str, ...]
    endpoint: str | None
    viewer: str

    @property
    def helps(self) -> bool:
        """Whether the page ends with the numbers to call: staff would read them a hundred times a day."""
        return self.audience in {None, "member"}

    @cached_property
    def home(self) -> str:
        """Where the mark leads."""
        return url_for(links_of(self.audience)[0].endpoint if self.audience else "public.landing")

    @cached_property
    def links(self) -> tuple[Shown, ...]:
        """The nav."""
        links = links_of(self.audience)
        current = current_of(self.endpoint, links)
        return tuple(
            Shown(url_for(link.endpoint), link.sign, link.label, _shows(link, current), link.width)
            for link in links
        )

    @cached_property
    def others(self) -> tuple[Shown, ...]:
        """The ways to the homes of the audiences besides."""
        homes = [links_of(other)[0] for other in self.besides]
        return tuple(
            Shown(url_for(link.endpoint), link.sign, NAMES[link.endpoint.partition(".")[0]], False)
            for link in homes
        )


def _feeds(blueprint: str) -> tuple[str, ...]:
    """The pages around one's calendars, which are offered to several audiences."""
    return tuple(f"{blueprint}.{page}" for page in ("make_feed", "change_feed", "new_address"))


_MINE = ("auth.sign_ins", "auth.passkeys_page", "auth.second_step")
ME: Final = Link("auth.me", "person", lazy_gettext("Me"), _MINE)
PUBLIC: Final = (
    Link("public.meetings", "search", lazy_gettext("Meetings")),
    Link(
        "auth.sign_in",
        "lock",
        lazy_gettext("Sign in"),
        ("auth.send_code", "auth.type_code", "auth.door_step"),
    ),
)
AUDIENCES: Final[dict[str, tuple[Link, ...]]] = {
    "member": (
        Link("member.week", "week", lazy_gettext("My week")),
        Link("member.calendar", "phone", lazy_gettext("Calendar"), _feeds("member")),
        Link("public.meetings", "search", lazy_gettext("Meetings")),
        ME,
    ),
    "facilitator": (
        Link(
            "facilitator.today",
            "week",
            lazy_gettext("Today"),
            ("facilitator.sheet", "facilitator.walk_ins", "facilitator.start"),
        ),
        Link("facilitator.duties", "list", lazy_gettext("My duties")),
        Link("facilitator.calendar", "phone", lazy_gettext("Calendar"), _feeds("facilitator")),
        ME,
    ),
    "coordinator": (
        Link(
            "coordinator.board",
            "week",
            lazy_gettext("Board"),
            (
                "coordinator.week",
                "coordinator.occurrence",
                "coordinator.bulk",
                "coordinator.find",
                "coordinator.sheets",
            ),
        ),
        Link("coordinator.series", "series", lazy_gettext("Series"), ("coordinator.import_series",)),
        Link("coordinator.people", "people", lazy_gettext("People"), ("coordinator.import",)),
        Link("coordinator.conflicts", "alert", lazy_gettext("Conflicts"), ("coordinator.kept_marks",)),
        Link("coordinator.desk", "plus", lazy_gettext("Desk"), width="wide"),
        Link(
            "coordinator.places",
            "pin",
            lazy_gettext("Places"),
            ("coordinator.closures", "coordinator.holidays"),
            width="wide",
        ),
        replace(ME, width="wide"),
        Link("coordinator.more", "more", lazy_gettext("More"), width="narrow"),
    ),
    "servant": (
        Link("servant.groups", "people", lazy_gettext("My groups"), ("servant.", "facilitator.")),
        ME,
    ),
    "reviewer": (Link("reviewer.reviews", "list", lazy_gettext("Reviews"), ("reviewer.",)), ME),
    "admin": (
        Link("admin.people", "people", lazy_gettext("People"), ("admin.",)),
        Link("admin.programs", "list", lazy_gettext("Programs")),
        Link("admin.calendars", "phone", lazy_gettext("Calendars")),
        Link("admin.audit", "search", lazy_gettext("On record")),
        ME,
    ),
}
HOMES: Final = (
    (Role.COORDINATOR, "coordinator"),
    (Role.FACILITATOR, "facilitator"),
    (Role.MEMBER, "member"),
    (Role.TRUSTED_SERVANT, "servant"),
    (Role.REVIEWER, "reviewer"),
    (Role.ADMINISTRATOR, "admin"),
)
"""Where somebody with several roles is at home: the first that applies."""


NAMES: Final[dict[str, str]] = {
    "coordinator": lazy_gettext("Plan"),
    "facilitator": lazy_gettext("Lead"),
    "member": lazy_gettext("My week"),
    "servant": lazy_gettext("My groups"),
    "reviewer": lazy_gettext("Review"),
    "admin": lazy_gettext("Administer"),
}
"""What the way to another of one's own audiences is called."""


def shell_of(actor: Actor, viewer: str) -> Shell:
    """The frame of the page that is being asked for, for this person (``viewer``: their short name)."""
    audience = audience_of(request.blueprint, actor.roles) if actor.person_id else None
    besides = tuple(other for other in audiences_of(actor.roles) if other != audience)
    return Shell(audience, besides, g.get("stands_with", request.endpoint), viewer)


def stand_with(endpoint: str) -> None:
    """This page belongs where ``endpoint`` does: what it shows says so, not its own name."""
    g.stands_with = endpoint


def audience_of(blueprint: str | None, roles: frozenset[Role]) -> str | None:
    """Whose page this is: by its blueprint, or on a page for all the audience the person is at home in."""
    own = audiences_of(roles)
    # Only one's own: the page about what is not there must not show that there is a page, for others.
    return blueprint if blueprint in own else next(iter(own), None)


def audiences_of(roles: frozenset[Role]) -> tuple[str, ...]:
    """The audiences that somebody with these roles belongs to, their home first."""
    return tuple(audience for role, audience in HOMES if role in roles)


def links_of(audience: str | None) -> tuple[Link, ...]:
    """The nav of an audience; without one, that of a visitor."""
    return AUDIENCES[audience] if audience else PUBLIC


def current_of(endpoint: str | None, links: tuple[Link, ...]) -> Link | None:
    """The link whose page this is, or above whose pages it stands: a series belongs to Series.

    Endpoints of one topic begin alike (``coordinator.series``, ``coordinator.series_page``). Of several links
    that a page belongs to it is the one whose name says most of it.
    """
    found = [
        (len(name), link) for link in links for name in (link.endpoint, *link.also) if _begins(endpoint, name)
    ]
    return max(found, key=lambda one: one[0])[1] if found else None


def _shows(link: Link, current: Link | None) -> bool:
    """Whether the page is this link's; on a phone *More* is that of all that it lists."""
    is_listed = link.width == "narrow" and current is not None and current.width == "wide"
    return link is current or is_listed


def _begins(endpoint: str | None, name: str) -> bool:
    return endpoint is not None and endpoint.startswith(name)
