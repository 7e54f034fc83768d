"""Documents made anew as pictures of their pages: no text, link, script, attachment or form of the old one is left.

Runs in the confined child only.
"""

from __future__ import annotations

from io import BytesIO

import pypdfium2
from PIL import Image, JpegImagePlugin, PdfImagePlugin

from portal.uploads.refusals import Refusal, UploadRefused

LONGEST_SIDE = 2000
"""Dots of a page's longer side: about 170 an inch for A4."""
POINTS_AN_INCH = 72
LOADED = (JpegImagePlugin, PdfImagePlugin)

Image.preinit()  # else done at the first saving, which is too late

_WITHOUT = dict.fromkeys(("title", "author", "subject", "keywords", "creator", "producer", "creationDate", "modDate"))


def remade(content: bytes, most_pages: int) -> bytes:
    """A new PDF. Raises `UploadRefused`, and what PDFium raises for a broken one."""
    with _opened(content) as document:
        if len(document) > most_pages:
            raise UploadRefused(Refusal.TOO_MANY_PAGES)
        document.init_forms()  # without it what somebody has filled in is not drawn
        pages = [_drawn(document[number]) for number in range(len(document))]
    if not pages:
        raise UploadRefused(Refusal.BROKEN)
    made = BytesIO()
    pages[0].save(made, "PDF", save_all=True, append_images=pages[1:], resolution=LONGEST_SIDE / 11.7, **_WITHOUT)
    return made.getvalue()


def _opened(content: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise UploadRefused(Refusal.LOCKED if locked else Refusal.BROKEN) from None


def _drawn(page: pypdfium2.PdfPage) -> Image.Image:
    width, height = page.get_size()
    longest = max(width, height)
    if not longest > 0 or min(width, height) * LONGEST_SIDE < longest:
        raise UploadRefused(Refusal.BROKEN)
    drawn: Image.Image = page.render(scale=LONGEST_SIDE / longest, rev_byteorder=True).to_pil()
    return drawn.convert("RGB")
