"""What makes the pages an application on a phone: its manifest, and the worker that answers off line."""

from __future__ import annotations

import hashlib
import json

from flask import abort, jsonify, render_template, url_for
from werkzeug.wrappers import Response

from scheduler.config import FILES
from scheduler.web import guard
from scheduler.web.language import gettext as _
from scheduler.web.pages import asset
from scheduler.web.public.blueprint import blueprint

ICONS = (
    ("mark-192.png", "192x192", "any"),
    ("mark-512.png", "512x512", "any"),
    ("mark-maskable-512.png", "512x512", "maskable"),
)
PAPER = "#f5f4ef"
"""The color of the pages (static/css/tokens.css), in light."""


@blueprint.get("/manifest.webmanifest")
@guard.public
def manifest() -> Response:
    """Its name stands under an icon that others see: it is neutral, whatever the organization is called."""
    answer = jsonify(
        {
            "id": "/",
            "name": _("My week"),
            "short_name": _("My week"),
            "start_url": url_for("auth.sign_in"),  # leads whoever is signed in to their own first page
            "scope": "/",
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": PAPER,
            "icons": [
                {
                    "src": url_for("static", filename=f"img/{name}"),
                    "sizes": sizes,
                    "type": "image/png",
                    "purpose": purpose,
                }
                for name, sizes, purpose in ICONS
            ],
        }
    )
    answer.mimetype = "application/manifest+json"
    return answer


@blueprint.get("/kept")
@guard.public
def kept() -> str:
    """The page that stands in for a facilitator's pages while there is no network.

    Every phone keeps this one answer, so that it holds nobody: no name, no token, nothing of a sign-in.
    """
    return render_template("public/kept.html")


@blueprint.get("/sw.js")
@guard.public
def worker() -> Response:
    """The service worker, at the root because it answers for pages of all folders.

    A browser takes a new one where a byte of it differs: it begins with a hash of all that it keeps.
    """
    built = FILES / "static" / "dist" / "sw.js"
    if not built.is_file():
        abort(404)
    script, page = built.read_text(), kept()
    files = [asset(name) for name in ("site.css", "site.js", "kept.js")]
    files.append(url_for("static", filename="img/mark.svg"))
    version = hashlib.sha256("\n".join((script, page, *files)).encode()).hexdigest()[:16]
    keeps = json.dumps({"version": version, "page": url_for("public.kept"), "files": files})
    return Response(f"self.keeps = {keeps};\n{script}", mimetype="text/javascript")
