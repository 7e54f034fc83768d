"""Documents of the corpus: attachments, scripts, forms, links and bombs in PDF, and what is no document at all."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from portal.uploads.refusals import Refusal
from tests.unit.uploads.corpus import MARK, SCRIPT, Sent, cut, refused, spoiled
from tests.unit.uploads.pictures_sent import drawing, saved, zipped


def pdf(*objects: bytes, pages: int = 1, page: bytes = b"", catalog: bytes = b"", box: bytes = b"0 0 595 842") -> bytes:
    """A PDF by hand: object 1 the catalogue, 2 the pages, 3 the words of every page, then `objects` from 4."""
    words = b"BT /F1 24 Tf 60 700 Td (Hei) Tj ET"
    first = 4 + len(objects)
    kids = b" ".join(b"%d 0 R" % (first + number) for number in range(pages))
    font = b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [" + box + b"] /Contents 3 0 R " + (page or font) + b" >>"
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % pages,
        stream(words),
        *objects,
        *[leaf] * pages,
    ]
    made, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(made))
        made += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    tail = b"trailer << /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, len(made))
    return made + head + table + tail


def stream(content: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n" % (len(content), extra) + content + b"\nendstream"


def hidden() -> Iterator[Sent]:
    names = b"/Names << /EmbeddedFiles << /Names [(" + MARK + b") 5 0 R] >> >>"
    attached = b"<< /Type /Filespec /F (" + MARK + b") /EF << /F 4 0 R >> >>"
    yield Sent("pdf attachment", pdf(stream(SCRIPT, b"/Type /EmbeddedFile"), attached, catalog=names))
    script = b"/OpenAction << /S /JavaScript /JS (app.alert\\('" + MARK + b"'\\)) >>"
    yield Sent("pdf script", pdf(catalog=script))
    launch = b"/OpenAction << /S /Launch /F (" + MARK + b") >>"
    yield Sent("pdf that starts a program", pdf(catalog=launch))
    yield Sent("pdf metadata", pdf(stream(MARK, b"/Type /Metadata /Subtype /XML"), catalog=b"/Metadata 4 0 R"))
    note = b"<< /Type /Annot /Subtype /Text /Rect [9 9 30 30] /Contents (" + MARK + b") >>"
    yield Sent("pdf note", pdf(note, page=b"/Annots [4 0 R]"))
    link = b"<< /Type /Annot /Subtype /Link /Rect [9 9 99 99] /A << /S /URI /URI (http://" + MARK + b") >> >>"
    yield Sent("pdf link", pdf(link, page=b"/Annots [4 0 R]"))
    inside = stream(zipped("a"), b"/Type /EmbeddedFile")
    yield Sent("pdf with an archive inside", pdf(inside, attached, catalog=names))
    away = b"/Resources << /XObject << /X << /Type /XObject /F (http://" + MARK + b"/) >> >> >>"
    yield Sent("pdf with a picture elsewhere", pdf(page=away))
    plain = pdf()
    yield Sent("pdf plain", plain)
    yield Sent("pdf of three pages", pdf(pages=3))
    yield Sent("pdf and an archive", plain + zipped("a.txt"))
    yield Sent("pdf and a script", plain + SCRIPT)
    yield Sent("pdf comment", plain.replace(b"%PDF-1.7\n", b"%PDF-1.7\n%" + MARK + b"\n", 1))
    yield Sent("pdf scanned", saved(drawing(size=(800, 1100)), "PDF", title=MARK.decode(), author=MARK.decode()))


def bombs() -> Iterator[Sent]:
    zeros = zlib.compress(bytes(100_000_000), 1)
    yield Sent(
        "pdf with a swollen stream", pdf(stream(zeros, b"/Filter /FlateDecode")), frozenset(Refusal), perhaps=True
    )
    image = stream(zeros, b"/Type /XObject /Subtype /Image /Width 10000 /Height 10000 /BitsPerComponent 8 "
                   b"/ColorSpace /DeviceGray /Filter /FlateDecode")  # fmt: skip
    shown = b"/Resources << /XObject << /F1 4 0 R >> >>"
    yield Sent("pdf with a picture of 100 million dots", pdf(image, page=shown), frozenset(Refusal), perhaps=True)
    yield refused("pdf of 21 pages", pdf(pages=21), Refusal.TOO_MANY_PAGES)
    yield refused("pdf of 20000 pages", pdf(pages=20_000), Refusal.TOO_MANY_PAGES)
    yield Sent("pdf of twenty pages", pdf(pages=20))
    for name, box in {
        "flat": b"0 0 1000000 1",
        "huge": b"0 0 1e30 1e30",
        "none": b"0 0 0 0",
        "odd": b"a b c d",
    }.items():
        yield Sent(f"pdf page {name}", pdf(box=box), frozenset(Refusal), perhaps=True)
    loop = stream(
        b"/Loop Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /Loop 4 0 R >> >>"
    )
    yield Sent("pdf that draws itself", pdf(loop, page=b"/Resources << /XObject << /Loop 4 0 R >> >>"))
    turns = stream(b"q 0 0 595 842 re f Q\n" * 2_000_000)
    heavy = pdf(turns).replace(b"/Contents 3 0 R", b"/Contents 4 0 R")
    yield Sent("pdf that draws for hours", heavy[:14_000_000], frozenset(Refusal), perhaps=True)
    yield refused("pdf that is only a head", b"%PDF-1.7\n", Refusal.BROKEN)
    kids = pdf().replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")
    yield Sent("pdf whose pages hold themselves", kids, frozenset(Refusal), perhaps=True)


def office() -> Iterator[Sent]:
    for name in ("word/document.xml", "xl/workbook.xml", "ppt/presentation.xml", "[Content_Types].xml", "_rels/.rels"):
        yield refused(f"office {name}", zipped(name), Refusal.OFFICE)
    yield refused("office odt", zipped("mimetypeapplication"), Refusal.OFFICE)
    yield refused("office doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + MARK, Refusal.OFFICE)
    yield refused("office rtf", b"{\\rtf1 " + MARK + b"}", Refusal.OFFICE)


def others() -> Iterator[Sent]:
    for name, content in {
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>",
        "svg with a head": b'<?xml version="1.0"?><svg onload="x"/>',
        "html": b"<!doctype html>" + SCRIPT,
        "xml that grows": b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "' + MARK + b'">]><l>&a;</l>',
        "script": SCRIPT,
        "words": b"Hei, jeg heter Noor",
        "words in 16 bits": "Hei".encode("utf-16"),
        "archive": zipped("a.txt"),
        "archive with a pdf behind": zipped("a.txt") + pdf(),
        "html with a jpeg behind": SCRIPT + saved(drawing(), "JPEG"),
        "zeros": bytes(10_000),
        "program": b"MZ" + bytes(100),
        "program of linux": b"\x7fELF" + bytes(100),
        "shell": b"#!/bin/sh\nrm -rf /",
        "postscript": b"%!PS-Adobe-3.0",
        "list of sounds": b"#EXTM3U\nfile:///etc/passwd",
        "list for ffmpeg": b"ffconcat version 1.0\nfile /etc/passwd",
        "gzip": b"\x1f\x8b\x08" + bytes(20),
        "7z": b"7z\xbc\xaf\x27\x1c",
        "rar": b"Rar!\x1a\x07\x01",
        "pdf after a space": b" " + pdf(),
        "half a signature": b"\x89PNG",
        "one byte": b"\xff",
    }.items():
        yield refused(f"other {name}", content, Refusal.OTHER_KIND)
    for name, content in {
        "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1",
        "avif": b"\0\0\0\x18ftypavif\0\0\0\0",
        "tiff": saved(drawing(), "TIFF"),
        "tiff big-endian": b"MM\0*" + bytes(20),
        "bmp": saved(drawing(), "BMP"),
        "icon": saved(drawing(), "ICO"),
        "photoshop": b"8BPS\0\1" + MARK,
    }.items():
        yield refused(f"other picture {name}", content, Refusal.PICTURE_KIND)
    yield refused("nothing", b"", Refusal.EMPTY)
    for name, start in {
        "gif": b"GIF89a/*",
        "jpeg": b"\xff\xd8\xff",
        "webp": b"RIFF\0\0\0\0WEBP",
        "png": b"\x89PNG\r\n\x1a\n",
        "wav": b"RIFF\0\0\0\0WAVE",
    }.items():
        yield refused(f"script dressed as {name}", start + SCRIPT, Refusal.BROKEN, Refusal.TOO_MANY_PIXELS)


def locked() -> bytes:
    """With a password: made by a key that nobody has, which is all that matters here."""
    crypt = b"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <" + b"11" * 32 + b"> /U <" + b"22" * 32 + b"> >>"
    return pdf(crypt).replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 4 0 R /ID [<33> <33>]")


def filled_in() -> bytes:
    """A form somebody has filled in: what is written stands in a field, not on the page."""
    answer = (b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (WWWWWWWW) /Rect [60 100 500 160] /F 4 "
              b"/DA (/Helv 40 Tf 0 g) >>")  # fmt: skip
    fonts = b"/DR << /Font << /Helv << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    form = b"/AcroForm << /Fields [4 0 R] /NeedAppearances true /DA (/Helv 40 Tf 0 g) " + fonts + b" >>"
    return pdf(answer, page=b"/Annots [4 0 R]", catalog=form)


def sent() -> Iterator[Sent]:
    yield from hidden()
    yield from bombs()
    yield from office()
    yield from others()
    yield refused("pdf locked", locked(), Refusal.LOCKED)
    whole = [Sent("pdf whole", pdf(pages=2)), Sent("pdf scanned whole", saved(drawing(size=(300, 400)), "PDF"))]
    yield from cut(whole, 8)
    yield from spoiled(whole, 4)
