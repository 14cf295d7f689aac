"""The Flask extensions, each made once and bound by :func:`scheduler.app.create_app`."""

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
limiter = Limiter(get_remote_address, headers_enabled=False)
