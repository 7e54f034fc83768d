"""A child's drawing for the demonstration, made by code: a house, a tree and the sun. Nobody's real drawing."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

_SIZE = (900, 640)


def house_and_sun() -> bytes:
    """A JPEG, the same every time."""
    paper = Image.new("RGB", _SIZE, "#fffdf5")
    pen = ImageDraw.Draw(paper)
    pen.rectangle((0, 500, 900, 640), fill="#8fbf6a")
    pen.ellipse((700, 50, 820, 170), fill="#f6c945")
    pen.rectangle((220, 290, 520, 520), fill="#d9735b", outline="#5b3a2e", width=6)
    pen.polygon(((190, 290), (370, 150), (550, 290)), fill="#7a5a8c", outline="#5b3a2e")
    pen.rectangle((340, 400, 410, 520), fill="#5b3a2e")
    for left in (250, 440):
        pen.rectangle((left, 330, left + 50, 380), fill="#cfe8f5", outline="#5b3a2e", width=4)
    pen.rectangle((660, 380, 690, 520), fill="#6b4a32")
    pen.ellipse((590, 250, 760, 410), fill="#5c9a4c")
    made = BytesIO()
    paper.save(made, "JPEG", quality=80)
    return made.getvalue()
