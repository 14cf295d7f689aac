"""The Flask extensions, each made once and bound by :func:`scheduler.app.create_app`."""

from ipaddress import IPv4Address, ip_address, ip_network

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from scheduler.store.base import Base

db = SQLAlchemy(
    model_class=Base, engine_options={"hide_parameters": True}, session_options={"expire_on_commit": False}
)
login_manager = LoginManager()
csrf = CSRFProtect()
babel = Babel()


def network_of(address: str) -> str:
    """Whom a limit counts: an IPv4 address, or the /64 of an IPv6 one, all of which one household or one
    rented server has (RFC 6177). What is neither counts as it is.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv4Address):
        return address
    mapped = parsed.ipv4_mapped
    return str(mapped) if mapped else str(ip_network((parsed, 64), strict=False))


def origin() -> str:
    """The network that this request comes from."""
    return network_of(get_remote_address())


limiter = Limiter(origin, headers_enabled=False)
