"""Pictures made anew: turned upright, made smaller, nothing but their dots left. Runs in the confined child only."""

from __future__ import annotations

from io import BytesIO

from PIL import (  # every decoder that may be used is loaded here: later no file can be opened
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from portal.uploads.refusals import Refusal, UploadRefused

MOST_PIXELS = 60_000_000
"""The largest cameras of telephones make 50 million by themselves."""
LONGEST_SIDE = 2400
QUALITY = 85
LOADED = (GifImagePlugin, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin)

_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a picture upright, by its EXIF orientation (EXIF 2.32, tag 274)."""

Image.preinit()  # else done at the first opening, which is too late
Image.MAX_IMAGE_PIXELS = 2 * MOST_PIXELS  # Pillow's own guard, behind ours
ImageFile.LOAD_TRUNCATED_IMAGES = False


def remade(content: bytes, decoder: str) -> bytes:
    """A new JPEG of the first picture in a file. Raises `UploadRefused`, and what Pillow raises for broken ones."""
    try:
        return _remade(content, decoder)
    except Image.DecompressionBombError:
        raise UploadRefused(Refusal.TOO_MANY_PIXELS) from None


def _remade(content: bytes, decoder: str) -> bytes:
    with Image.open(BytesIO(content), formats=[decoder]) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise UploadRefused(Refusal.TOO_MANY_PIXELS)
        turn = _UPRIGHT.get(_orientation(opened))
        opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        dots = _on_white(opened)
    return _as_jpeg(dots if turn is None else dots.transpose(turn))


def _as_jpeg(picture: Image.Image) -> bytes:
    """The dots alone: a picture's profile, comment and the like would be written along."""
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    made = BytesIO()
    bare.save(made, "JPEG", quality=QUALITY)
    return made.getvalue()


def _orientation(opened: Image.Image) -> int:
    try:
        return int(opened.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 what says how it was held may be broken while the picture is whole
        return 1


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    white = Image.new("RGBA", seen.size, "white")
    return Image.alpha_composite(white, seen).convert("RGB")
