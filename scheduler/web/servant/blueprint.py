"""The blueprint that the pages of this package hang on."""

from flask import Blueprint

blueprint = Blueprint("servant", __name__, url_prefix="/servant")
