"""The blueprint that the pages of this package hang on."""

from flask import Blueprint

blueprint = Blueprint("coordinator", __name__, url_prefix="/coordinator")
