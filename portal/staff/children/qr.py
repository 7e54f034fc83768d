"""A picture of an address that a phone's camera can read (ISO/IEC 18004). It is made here and asked of nobody."""

from __future__ import annotations

import segno
from markupsafe import Markup

QUIET = 4
"""Modules of white around it, as the standard asks for."""


def picture(address: str) -> Markup:
    """The address as a vector drawing, black on white in every colour scheme; it stands in the page itself."""
    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(scale=6, border=QUIET, dark="#000", light="#fff", svgclass=None, lineclass=None)
    return Markup(drawn)  # noqa: S704 drawn from an address of our own; it holds shapes and no text
