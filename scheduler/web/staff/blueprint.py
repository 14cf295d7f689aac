"""The blueprint that the pages of this package hang on."""

from flask import Blueprint

blueprint = Blueprint("staff", __name__)
