"""The blueprint that the pages of this package hang on."""

from flask import Blueprint

blueprint = Blueprint("member", __name__, url_prefix="/member")
