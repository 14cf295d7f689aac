"""A text as a QR code."""

import segno
from markupsafe import Markup


def qr_of(text: str) -> Markup:
    """A QR code of this text as SVG without any style of its own."""
    code = segno.make_qr(text, error="m")
    drawn = code.svg_inline(border=0, dark="#1d2930", omitsize=True, svgclass=None, lineclass=None)
    return Markup(drawn)  # noqa: S704 -- drawn here from the squares alone: no text of anybody's is in it
