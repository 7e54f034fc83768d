"""Pictures of the corpus: everything a camera or a program hides in one, and what pretends to be one."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from zipfile import ZipFile

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from portal.uploads.refusals import Refusal
from tests.unit.uploads.corpus import MARK, SCRIPT, Sent, cut, refused, spoiled

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
ORIENTATIONS = range(1, 9)


def drawing(seed: int = 5, size: tuple[int, int] = (96, 64)) -> Image.Image:
    chance = random.Random(seed)  # noqa: S311 the same every time
    small = Image.frombytes("RGB", (12, 8), bytes(chance.randrange(256) for _ in range(12 * 8 * 3)))
    return small.resize(size)


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    made = BytesIO()
    picture.save(made, kind, **options)
    return made.getvalue()


def zipped(*names: str) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, MARK)
    return made.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """Place, maker, owner, a comment and a little picture of what was there before it was cut."""
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F], tags[0x0131], tags[0xA430] = MARK.decode(), MARK.decode(), MARK.decode()
    tags.get_ifd(0x8825).update({1: "N", 2: (59.0, 54.0, 50.0), 3: "E", 4: (10.0, 45.0, 8.0), 27: MARK})
    tags.get_ifd(0x8769).update({0x9286: b"ASCII\0\0\0" + MARK, 0x927C: MARK})
    return tags


XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>' + MARK + b"</rdf:RDF></x:xmpmeta>"


def segment(code: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, code, len(content) + 2) + content


def with_segments(*segments: bytes) -> bytes:
    plain = saved(drawing(), "JPEG")
    return plain[:2] + b"".join(segments) + plain[2:]


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def with_chunk(kind: bytes, content: bytes) -> bytes:
    plain = saved(drawing(), "PNG")
    return plain[:33] + chunk(kind, content) + plain[33:]


def png_of(width: int, height: int, packed: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def hidden_in_jpeg() -> Iterator[Sent]:
    little = saved(drawing(9), "JPEG", comment=MARK)
    yield Sent("jpeg comment", saved(drawing(), "JPEG", comment=MARK))
    yield Sent("jpeg photoshop", with_segments(segment(0xED, b"Photoshop 3.0\0" + b"8BIM\4\4\0\0\0\0\0\x20" + MARK)))
    yield Sent("jpeg profile", with_segments(segment(0xE2, b"ICC_PROFILE\0\1\1" + MARK * 9)))
    yield Sent("jpeg thumbnail", with_segments(segment(0xE1, b"Exif\0\0" + little)))
    yield Sent("jpeg jfxx", with_segments(segment(0xE0, b"JFXX\0\x10" + little)))
    yield Sent("jpeg unknown segments", with_segments(*(segment(code, MARK) for code in range(0xE3, 0xF0))))
    yield Sent("jpeg broken exif", with_segments(segment(0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff" + MARK)))
    yield Sent("jpeg several pictures", saved(drawing(), "MPO", save_all=True, append_images=[drawing(8)]))
    yield Sent("jpeg progressive", saved(drawing(), "JPEG", progressive=True, exif=exif()))
    yield Sent("jpeg four inks", saved(drawing().convert("CMYK"), "JPEG"))
    yield Sent("jpeg with a film behind", saved(drawing(), "JPEG") + b"\0\0\0\x18ftypmp42" + MARK * 40)


def hidden_in_others() -> Iterator[Sent]:
    told = PngInfo()
    told.add_text("Author", MARK.decode(), zip=True)
    told.add_itxt("XML:com.adobe.xmp", XMP.decode())
    yield Sent("png texts", saved(drawing(), "PNG", pnginfo=told))
    yield Sent("png plain text", with_chunk(b"tEXt", b"Comment\0" + MARK))
    yield Sent("png private chunk", with_chunk(b"prIv", MARK))
    yield Sent("png profile", with_chunk(b"iCCP", b"x\0\0" + zlib.compress(MARK * 9)))
    yield Sent("png of 16 bits", saved(Image.new("I;16", (40, 30), 30_000), "PNG"))
    yield Sent("png see-through", saved(Image.new("RGBA", (40, 30), (9, 9, 9, 9)), "PNG"))
    yield Sent("png palette", saved(drawing().convert("P"), "PNG", transparency=3))
    yield Sent("gif comment", saved(drawing(), "GIF", comment=MARK))
    block = b"\x21\xff\x0bXMP DataXMP" + bytes([len(MARK)]) + MARK + b"\0"
    plain = saved(drawing(), "GIF")
    yield Sent("gif application block", plain[:-1] + block + b";")
    yield Sent("gif that moves", saved(drawing(1), "GIF", save_all=True, append_images=[drawing(2), drawing(3)]))
    yield Sent("webp that moves", saved(drawing(1), "WEBP", save_all=True, append_images=[drawing(2)]))
    yield Sent("webp without loss", saved(drawing(), "WEBP", lossless=True, xmp=XMP))


def in_every_format(kind: str) -> Iterator[Sent]:
    plain, name = saved(drawing(), kind), kind.lower()
    yield Sent(f"{name} plain", plain)
    yield Sent(f"{name} wide", saved(drawing(size=(5000, 40)), kind))
    yield Sent(f"{name} of one dot", saved(drawing(size=(1, 1)), kind))
    for what, behind in {
        "words": MARK,
        "archive": zipped("where.txt"),
        "script": SCRIPT,
        "pdf": b"%PDF-1.7\n" + MARK,
        "another": saved(drawing(7), kind, **({"comment": MARK} if kind in {"JPEG", "GIF"} else {})),
        "much": MARK * 20_000,
    }.items():
        yield Sent(f"{name} with {what} behind", plain + behind)
    if kind != "GIF":
        yield Sent(f"{name} exif", saved(drawing(), kind, exif=exif()))
        yield Sent(f"{name} icc", saved(drawing(), kind, icc_profile=MARK * 9))
    if kind in {"JPEG", "WEBP"}:
        yield Sent(f"{name} xmp", saved(drawing(), kind, xmp=XMP))


def bombs() -> Iterator[Sent]:
    blank = zlib.compress(bytes(30_000 * 3751))
    yield refused("png of 900 million dots", png_of(30_000, 30_000, blank), Refusal.TOO_MANY_PIXELS)
    yield refused("png just above", png_of(10_000, 6001, blank), Refusal.TOO_MANY_PIXELS)
    yield Sent("png just within", png_of(10_000, 6000, zlib.compress(bytes(1251 * 6000))))
    lying = png_of(2**31 - 1, 2**31 - 1, zlib.compress(b"\0"))
    yield refused("png that lies about its size", lying, Refusal.TOO_MANY_PIXELS, Refusal.BROKEN)
    swollen = with_chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(50_000_000)))
    yield Sent("png with a swollen text", swollen, frozenset({Refusal.BROKEN, Refusal.TOO_HEAVY}))
    gif = saved(drawing(), "GIF")
    yield refused("gif that lies", gif[:6] + b"\xff\xff\xff\xff" + gif[10:], Refusal.TOO_MANY_PIXELS)
    frame = gif[gif.index(b",") : -1]
    yield Sent("gif without an end", gif[:-1] + frame * (4_000_000 // len(frame)))
    webp = bytearray(saved(drawing(), "WEBP", lossless=True))
    webp[21:25] = struct.pack("<I", 0x3FFF | 0x3FFF << 14)  # the largest width and height there are
    yield refused("webp of 268 million dots", bytes(webp), Refusal.TOO_MANY_PIXELS, Refusal.TOO_HEAVY, Refusal.BROKEN)
    scans = saved(drawing(size=(1000, 1000)), "JPEG", progressive=True)
    last = scans[scans.rindex(b"\xff\xda") : -2]
    yield Sent("jpeg of 20000 passes", scans[:-2] + last * 20_000, frozenset(Refusal), perhaps=True)


def sent() -> Iterator[Sent]:
    plain = [Sent(f"{kind.lower()} whole", saved(drawing(size=(300, 200)), kind)) for kind in FORMATS]
    for kind in FORMATS:
        yield from in_every_format(kind)
    makers: tuple[Callable[[], Iterator[Sent]], ...] = (hidden_in_jpeg, hidden_in_others, bombs)
    for maker in makers:
        yield from maker()
    yield from (Sent(f"jpeg held {way}", saved(drawing(), "JPEG", exif=exif(way))) for way in ORIENTATIONS)
    yield from cut(plain, 9)
    yield from spoiled(plain, 4)
