"""The blueprint that the pages of this package hang on."""

from flask import Blueprint

blueprint = Blueprint("auth", __name__)
