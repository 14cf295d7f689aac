"""Who may use which route. Every route names its audience or names itself public; this file decides.

Somebody not signed in is sent to the sign-in page before anything is looked up; somebody without
the right gets the same 404 as for what does not exist.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from flask_login import UserMixin, current_user
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import SecurityError
from werkzeug.wrappers import Response as BaseResponse

from scheduler import clock
from scheduler.config import Settings
from scheduler.domain.people import sign_ins
from scheduler.domain.people.queries import SignedIn, signed_in
from scheduler.domain.people.roles import STAFF, Actor, Role
from scheduler.domain.planning.reach import Reach
from scheduler.errors import Conflict
from scheduler.extensions import csrf, db, login_manager, origin
from scheduler.store.audit import record
from scheduler.store.transaction import transaction
from scheduler.web import seeing
from scheduler.web.reach import allows, is_by_duty

View = TypeVar("View", bound=Callable[..., Any])

NOBODY: Final = Actor(person_id=None, sign_in_id=None, roles=frozenset())
ROOM_AROUND_A_FILE: Final = 64 * 1024
"""Bytes of a form besides its file."""
ANYBODY: Final = frozenset[Role]()
"""The audience of a page for everybody who signed in, whatever their roles."""


class Undeclared(Exception):
    """A route that neither names its audience nor itself public."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may use a route: everybody, everybody signed in (no ``roles``), or holders of a role.

    ``setting_up``: also staff who need a second step and have none yet.
    """

    public: bool = False
    roles: frozenset[Role] = ANYBODY
    setting_up: bool = False


@dataclass(frozen=True, slots=True)
class LoggedRead:
    """A read that is on record before its page is sent."""

    subject: str
    subject_id: int | None
    person_id: int | None
    persons: tuple[int, ...]


class User(UserMixin):
    """What Flask-Login carries through a request."""

    def __init__(self, secret: str, person: SignedIn) -> None:
        self.id = secret
        self.actor = person.actor
        self.short_name = person.short_name
        self.seen_at = person.seen_at
        self.second_step = person.second_step


def public(view: View) -> View:
    """Name a view as open to everybody."""
    return _declare(view, Audience(public=True))


def signed_in_only(view: View) -> View:
    """Name a view as open to everybody who signed in."""
    return _declare(view, Audience())


def setting_up(view: View) -> View:
    """Name a view as open to everybody who signed in, and needed to set up a second step."""
    return _declare(view, Audience(setting_up=True))


def allow(*roles: Role) -> Callable[[View], View]:
    """Name the roles that may use a view; one of them is enough."""
    if not roles:
        raise Undeclared("allow() needs at least one role")
    return lambda view: _declare(view, Audience(roles=frozenset(roles)))


def _declare(view: View, audience: Audience) -> View:
    view.audience = audience  # type: ignore[attr-defined]  # functions take attributes
    return view


def without_token(view: View) -> View:
    """Let a view be posted to without a form's token: only one that does nothing by a cookie."""
    view.without_token = True  # type: ignore[attr-defined]  # functions take attributes
    return view


def takes(most: int) -> Callable[[View], View]:
    """Let the form of a view be larger than others: it takes a file of at most so many bytes."""

    def declared(view: View) -> View:
        view.largest_form = most + ROOM_AROUND_A_FILE  # type: ignore[attr-defined]  # functions take attributes
        return view

    return declared


def largest_form_of(view: Callable[..., Any]) -> int | None:
    """Bytes that a request to this view may have; the application's own limit where it says nothing."""
    found: int | None = getattr(view, "largest_form", current_app.config["MAX_CONTENT_LENGTH"])
    return found


def audience_of(view: Callable[..., Any]) -> Audience | None:
    """The declared audience of a view, or none."""
    found: Audience | None = getattr(view, "audience", None)
    return found


def actor() -> Actor:
    """Who makes this request; :data:`NOBODY` where nobody signed in."""
    user: UserMixin = current_user._get_current_object()  # noqa: SLF001 -- documented, by Werkzeug
    return user.actor if isinstance(user, User) else NOBODY


def asker() -> str:
    """Whom a limit counts where a whole house has one network: who signed in, and nobody else beside them."""
    person_id = actor().person_id
    return origin() if person_id is None else f"person {person_id}"


def reach() -> Reach:
    """What the actor may find by the roles that open this route: lists and choices are asked for with it.

    Roles that are limited to sites limit it; without a limit its conditions are none.
    """
    if "reach" not in g:
        audience = audience_of(current_app.view_functions[request.endpoint or ""])
        roles = audience.roles if audience else ANYBODY
        g.reach = Reach(actor(), actor().reach_as(roles or set(Role)), on=clock.now().date())
    found: Reach = g.reach
    return found


def log_read(
    *,
    subject: str,
    subject_id: int | None = None,
    person_id: int | None = None,
    persons: Iterable[int] = (),
) -> None:
    """Put this read on record: written after the page is made, before it is sent.

    A page that shows one person names ``person_id``; a list or a sheet names all ``persons`` on it, so that
    "who saw this person" has one answer.
    """
    g.setdefault("logged_reads", []).append(LoggedRead(subject, subject_id, person_id, tuple(persons)))


def safe_next(address: str | None) -> str | None:
    """``address`` if it is a path on this site, else none (an open redirect would lend our name)."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc or any(ord(c) < 33 for c in address) else address


def protect(app: Flask) -> None:
    """Put the guard in front of every route of ``app``; call it after all are registered.

    Raises :class:`Undeclared` for a route that names no audience.
    """
    app.view_functions["static"] = public(app.view_functions["static"])
    missing = [
        r.endpoint for r in app.url_map.iter_rules() if not audience_of(app.view_functions[r.endpoint])
    ]
    if missing:
        raise Undeclared(", ".join(sorted(missing)))
    login_manager.user_loader(_load_user)
    app.before_request(_decide)
    app.after_request(_write_reads)
    app.after_request(seeing.note)


def _load_user(secret: str) -> User | None:
    idle, now = timedelta(minutes=_settings().staff_idle_minutes), clock.now()
    person = signed_in(db.session(), secret_hash=sign_ins.hash_of(secret), now=now, idle=idle)
    return User(secret, person) if person else None


def _decide() -> BaseResponse | None:
    if isinstance(request.routing_exception, SecurityError):
        return None  # under another host's name not even the sign-in page has an address
    if request.endpoint is None:
        return (
            None if not _under_an_audience(request.path) or current_user.is_authenticated else _to_sign_in()
        )
    audience = audience_of(current_app.view_functions[request.endpoint])
    if audience is None:
        abort(404)
    if not audience.public and not current_user.is_authenticated:
        return _to_sign_in()
    if not (audience.public or audience.setting_up) and _lacks_second_step():
        return redirect(url_for("auth.second_step"), code=303)
    if audience.roles and not _may(audience):
        abort(404)
    view = current_app.view_functions[request.endpoint]
    request.max_content_length = largest_form_of(view)
    if not getattr(view, "without_token", False):
        csrf.protect()  # after the decision: a forged form must not tell a stranger what exists
    return None


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def _lacks_second_step() -> bool:
    """Whether this is somebody of staff who gets nowhere yet but to setting up a second step."""
    if not _settings().second_factor_required or not actor().has(*STAFF):
        return False
    return not current_user.second_step


def _may(audience: Audience) -> bool:
    """Whether the actor has a role that opens this route, for what its address names."""
    held = actor().roles
    if held.isdisjoint(audience.roles):
        return False
    return is_by_duty(held, audience.roles) or allows(db.session(), reach(), request.view_args or {})


AUDIENCES: Final = ("/member/", "/servant/", "/facilitator/", "/coordinator/", "/admin/", "/reviewer/")


def _under_an_audience(path: str) -> bool:
    return path.startswith(AUDIENCES)


def _to_sign_in() -> BaseResponse:
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("auth.sign_in", next=back), code=303)


def _write_reads(response: Response) -> Response:
    reads: Iterable[LoggedRead] = g.pop("logged_reads", ())
    if not reads or response.status_code >= 500:  # a refused form shows the same names as the page
        return response
    try:
        _write(reads)
    except (Conflict, DBAPIError) as error:  # raised after a page is made, it would not find its own
        return current_app.make_response(current_app.handle_user_exception(error))
    return response


def _write(reads: Iterable[LoggedRead]) -> None:
    who = actor()
    with transaction(db.session) as session:
        for read in reads:
            record(
                session,
                at=clock.now(),
                actor=who,
                action="read",
                subject=read.subject,
                subject_id=read.subject_id,
                person_id=read.person_id,
                persons=read.persons,
            )
