"""Sounds of the corpus: what telephones record, with where and who in their tags, and lengths that lie."""

from __future__ import annotations

import math
import struct
from array import array
from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from typing import cast

import av

from portal.uploads.refusals import Refusal
from tests.unit.uploads.corpus import MARK, SCRIPT, Sent, cut, refused, spoiled
from tests.unit.uploads.pictures_sent import zipped

KINDS = {
    "wav": ("wav", "pcm_s16le"),
    "mp3": ("mp3", "libmp3lame"),
    "ogg": ("ogg", "libopus"),
    "flac": ("flac", "flac"),
    "m4a": ("mp4", "aac"),
    "aac": ("adts", "aac"),
    "webm": ("webm", "libopus"),
    "amr": ("amr", "libopencore_amrnb"),
}
TAGS = {"title": MARK.decode(), "location": MARK.decode(), "comment": MARK.decode(), "artist": MARK.decode()}


def hum(seconds: float, rate: int) -> av.AudioFrame:
    beat = array("h", (int(9000 * math.sin(at * math.tau / 100)) for at in range(100)))
    waves = beat * int(seconds * rate / 100)
    frame = av.AudioFrame(format="s16", layout="mono", samples=len(waves))
    frame.planes[0].update(bytes(waves).ljust(frame.planes[0].buffer_size, b"\0"))
    frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
    return frame


def recorded(kind: str, seconds: float = 1.0, *, tags: bool = False, film: bool = False) -> bytes:
    container, codec = KINDS[kind]
    rate = 8000 if kind == "amr" else 48_000
    made = BytesIO()
    with av.open(made, "w", format=container) as sink:
        sink.metadata.update(TAGS if tags else {})
        voice = cast("av.AudioStream", sink.add_stream(codec, rate=rate, layout="mono"))
        if film:
            moving = sink.add_stream("mpeg4" if container == "mp4" else "libvpx", rate=5)
            moving.width, moving.height, moving.pix_fmt = 64, 48, "yuv420p"
            for number in range(5):
                seen = av.VideoFrame(64, 48, "yuv420p")
                seen.pts = number
                sink.mux(moving.encode(seen))
            sink.mux(moving.encode(None))
        even = av.AudioResampler(format=voice.codec_context.format, layout="mono", rate=rate)
        for frame in (*even.resample(hum(seconds, rate)), *even.resample(None)):
            sink.mux(voice.encode(frame))
        sink.mux(voice.encode(None))
    return made.getvalue()


def wav_that_lies(content: bytes) -> bytes:
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 0xFFFFFFFF, b"WAVE", b"fmt ", 16, 1, 1, 8000, 16_000, 2, 16,
                       b"data", 0xFFFFFFFF)  # fmt: skip
    return head + content


def lengths() -> Iterator[Sent]:
    yield Sent("wav that says it never ends", wav_that_lies(bytes(16_000)))
    yield refused("wav that lies and is long", wav_that_lies(bytes(16_000 * 130)), Refusal.TOO_LONG)
    yield Sent("wav just within", wav_that_lies(bytes(16_000 * 119)))
    short = recorded("mp3", 130)
    yield refused("mp3 of 130 seconds", short, Refusal.TOO_LONG)
    yield refused("ogg of 130 seconds", recorded("ogg", 130), Refusal.TOO_LONG)
    flac = bytearray(recorded("flac", 130))
    flac[21:26] = bytes([flac[21] & 0xF0]) + struct.pack(">I", 48_000)
    yield refused("flac that says one second", bytes(flac), Refusal.TOO_LONG, Refusal.BROKEN)
    yield refused("wav without a sound", wav_that_lies(b""), Refusal.BROKEN)
    slow = bytearray(wav_that_lies(bytes(10_000)))
    slow[24:28] = struct.pack("<I", 1)
    yield refused("wav of one beat a second", bytes(slow), Refusal.TOO_LONG, Refusal.BROKEN, Refusal.TOO_HEAVY)


def films() -> Iterator[Sent]:
    yield refused("film mp4", recorded("m4a", film=True), Refusal.FILM)
    yield refused("film webm", recorded("webm", film=True), Refusal.FILM)
    yield refused("film avi", b"RIFF\0\0\0\0AVI LIST" + MARK, Refusal.FILM)


def sent() -> Iterator[Sent]:
    for kind in KINDS:
        yield Sent(f"{kind} plain", recorded(kind))
        if kind not in {"aac", "amr"}:  # they have no tags
            yield Sent(f"{kind} tags", recorded(kind, tags=True))
    for kind in ("wav", "mp3", "flac", "ogg"):
        yield Sent(f"{kind} with an archive behind", recorded(kind) + zipped("a.txt"), frozenset(Refusal), perhaps=True)
    listed = b"LIST" + struct.pack("<I", 4 + 8 + len(MARK)) + b"INFOICMT" + struct.pack("<I", len(MARK)) + MARK
    yield Sent("wav list", recorded("wav") + listed)
    yield refused("mp3 that is only a tag", b"ID3\3\0\0\0\0\1\0" + SCRIPT.ljust(128), *Refusal)
    yield from lengths()
    yield from films()
    whole = [Sent(f"{kind} whole", recorded(kind, 0.5)) for kind in ("wav", "mp3", "ogg", "flac", "m4a", "webm")]
    yield from cut(whole, 5)
    yield from spoiled(whole, 2)
