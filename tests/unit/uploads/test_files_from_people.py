"""Every file of the corpus: what is made anew bears nothing that was hidden; what is refused is refused kindly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import av
import pypdfium2
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageOps

from portal.uploads.desk import Desk, Limits, Made
from portal.uploads.refusals import Refusal, UploadRefused
from portal.uploads.sniff import DOCUMENT, PICTURE, SOUND, sniff
from tests.unit.uploads import documents_sent, pictures_sent, sounds_sent
from tests.unit.uploads.corpus import MARK, SCRIPT, Sent

DESK = Desk(Limits(), None, seconds=300, wait=600)  # other tests may need the machine, too
SEGMENTS_OF_DOTS = {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}
"""JFIF's head, tables, size and dots: what a picture cannot be without (ITU-T T.81, annex B)."""


def taken(content: bytes) -> Made | Refusal:
    try:
        return DESK.take_in(content)
    except UploadRefused as refused:
        return refused.refusal


def faults(corpus: Iterable[Sent], *, at_least: int) -> dict[str, str]:
    sent = list(corpus)
    assert len(sent) >= at_least
    assert len({one.name for one in sent}) == len(sent)
    with ThreadPoolExecutor(2) as both:
        results = list(both.map(lambda one: taken(one.content), sent))
    found = {one.name: fault(one, result) for one, result in zip(sent, results, strict=True)}
    return {name: what for name, what in found.items() if what}


def fault(sent: Sent, result: Made | Refusal) -> str:
    """What is wrong with what became of a file; nothing, as a rule."""
    if isinstance(result, Refusal):
        return "" if sent.becomes is not None and result in sent.becomes else f"refused: {result}"
    if sent.becomes is not None and not sent.perhaps:
        return "should have been refused"
    if MARK in result.content or SCRIPT in result.content:
        return "bears what was hidden"
    return LOOKED_AT[result.kind](result.content)


def picture_fault(content: bytes) -> str:
    with Image.open(BytesIO(content), formats=["JPEG"]) as picture:
        picture.load()
        if max(picture.size) > 2400 or picture.info.keys() - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}:
            return f"{picture.size} {picture.info.keys()}"
    place = 2
    while content[place + 1] != 0xDA:
        if content[place + 1] not in SEGMENTS_OF_DOTS:
            return f"segment {content[place + 1]:x}"
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    return "" if content.index(b"\xff\xd9", place) == len(content) - 2 else "something behind its end"


def sound_fault(content: bytes) -> str:
    with av.open(BytesIO(content), mode="r", format="ogg") as sound:
        voice = sound.streams.audio[0]
        length = sum(frame.samples for frame in sound.decode(voice)) / 48_000
        told = {**sound.metadata, **voice.metadata}
        if len(sound.streams) != 1 or voice.codec_context.name not in {"opus", "libopus"} or told:
            return f"{len(sound.streams)} {voice.codec_context.name} {told}"
    return "" if 0 < length <= 120.1 else f"{length} seconds"


def document_fault(content: bytes) -> str:
    found = re.findall(
        rb"/(?:JavaScript|JS|Embedded\w+|AA|OpenAction|Annots|AcroForm|Metadata|URI|Info|Font)\b", content
    )
    with pypdfium2.PdfDocument(content) as document:
        words = [page.get_textpage().get_text_range() for page in document]
        if found or any(words) or document.count_attachments() or not 1 <= len(document) <= 20:
            return f"{found} {words} {len(document)}"
    return "" if content.rstrip().endswith(b"%%EOF") and content.count(b"%%EOF") == 1 else "something behind its end"


LOOKED_AT: dict[str, Callable[[bytes], str]] = {
    PICTURE: picture_fault,
    SOUND: sound_fault,
    DOCUMENT: document_fault,
}


def test_pictures() -> None:
    """Feature M3: place, maker, comments, little pictures, what hangs behind, what is too large, what is broken."""
    assert faults(pictures_sent.sent(), at_least=120) == {}


def test_sounds() -> None:
    """Feature M3: tags, covers, lengths that lie, films."""
    assert faults(sounds_sent.sent(), at_least=60) == {}


def test_documents_and_what_is_none() -> None:
    """Feature M3: attachments, scripts, forms, bombs; office files, web pages, programs, archives."""
    assert faults(documents_sent.sent(), at_least=90) == {}


@pytest.mark.parametrize("way", pictures_sent.ORIENTATIONS)
def test_a_picture_stands_upright_without_being_told_how_it_was_held(way: int) -> None:
    plain = pictures_sent.drawing(size=(120, 80))
    held = pictures_sent.saved(plain, "JPEG", exif=pictures_sent.exif(way), quality=95)
    made = taken(held)
    assert isinstance(made, Made)
    with Image.open(BytesIO(held)) as original, Image.open(BytesIO(made.content)) as remade:
        meant = ImageOps.exif_transpose(original).convert("RGB")
        assert remade.size == meant.size
        assert max(ImageChops.difference(meant, remade).tobytes()) < 60


def test_a_large_picture_is_made_smaller_and_keeps_its_shape() -> None:
    made = taken(pictures_sent.saved(pictures_sent.drawing(size=(4800, 3200)), "JPEG"))
    assert isinstance(made, Made)
    with Image.open(BytesIO(made.content)) as picture:
        assert picture.size == (2400, 1600)


def test_what_is_see_through_is_white_and_not_black() -> None:
    made = taken(pictures_sent.saved(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "PNG"))
    assert isinstance(made, Made)
    with Image.open(BytesIO(made.content)) as picture:
        assert picture.getpixel((10, 10)) == (255, 255, 255)


def test_what_somebody_has_filled_in_on_a_form_is_still_there() -> None:
    made = taken(documents_sent.filled_in())
    assert isinstance(made, Made)
    with pypdfium2.PdfDocument(made.content) as document:
        seen = document[0].render().to_pil().convert("L")
    assert seen.crop((60, 842 - 160, 500, 842 - 100)).getextrema()[0] < 60


def test_the_same_sound_is_made_the_same_so_that_nothing_of_the_day_is_in_it() -> None:
    one, other = taken(sounds_sent.recorded("m4a", tags=True)), taken(sounds_sent.recorded("m4a"))
    assert isinstance(one, Made)
    assert isinstance(other, Made)
    assert one.content == other.content


def test_the_largest_file_is_taken_and_one_byte_more_is_not() -> None:
    plain = pictures_sent.saved(pictures_sent.drawing(), "JPEG")
    assert isinstance(taken(plain.ljust(15_000_000, b"\0")), Made)
    assert taken(plain.ljust(15_000_001, b"\0")) is Refusal.TOO_LARGE


@settings(derandomize=True, max_examples=400)
@given(st.binary(max_size=400))
@example(b"\xff")
@example(b"RIFF")
def test_whatever_comes_has_one_kind_or_one_refusal(content: bytes) -> None:
    try:
        answer = sniff(content).kind
    except UploadRefused as refused:
        answer = refused.refusal
    assert answer in {*LOOKED_AT, Refusal.EMPTY, Refusal.OFFICE, Refusal.PICTURE_KIND, Refusal.FILM, Refusal.OTHER_KIND}


STARTS = st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"%PDF-1.7\n", b"OggS", b"fLaC", b"ID3\3"])


@settings(derandomize=True, max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STARTS, st.binary(min_size=1, max_size=2000))
def test_noise_after_a_known_beginning_is_refused_or_made_anew_and_nothing_falls(start: bytes, noise: bytes) -> None:
    assert fault(Sent("noise", start + noise, frozenset(Refusal), perhaps=True), taken(start + noise)) == ""
