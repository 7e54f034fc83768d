"""Sound made anew as Opus in Ogg (RFC 7845), one voice wide, without its tags. Runs in the confined child only."""

from __future__ import annotations

import struct
from io import BytesIO

import av
import av.error

from portal.uploads.refusals import Refusal, UploadRefused

RATE = 48_000
BITS_A_SECOND = 32_000
_BARE = {"fflags": "+bitexact"}
"""Neither the program's name nor a random number is written."""

_SILENCE = b"RIFF" + struct.pack(
    "<I4s4sIHHIIHH4sI", 1636, b"WAVE", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16, b"data", 1600
)


def rehearse() -> None:
    """Load what PyAV loads at its first use: afterwards no file can be opened."""
    remade(_SILENCE + bytes(1600), "wav", 1)


def remade(content: bytes, decoder: str, most_seconds: int) -> bytes:
    """A new file of the first sound. Its length is counted, never believed. Raises `UploadRefused` and FFmpeg's."""
    made = BytesIO()
    heard = 0
    with (
        av.open(BytesIO(content), mode="r", format=decoder) as source,
        av.open(made, "w", format="ogg", options=_BARE) as sink,
    ):
        if any(not _is_cover(stream) for stream in source.streams.video):
            raise UploadRefused(Refusal.FILM)
        if not source.streams.audio:
            raise UploadRefused(Refusal.OTHER_KIND)
        voice = source.streams.audio[0]
        voice.codec_context.thread_count = 1
        written = sink.add_stream("libopus", rate=RATE, layout="mono")
        written.bit_rate = BITS_A_SECOND
        written.codec_context.flags |= av.codec.context.Flags.bitexact
        evenly = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        for frame in source.decode(voice):
            frame.pts = None
            for piece in evenly.resample(frame):
                heard += piece.samples
                if heard > most_seconds * RATE:
                    raise UploadRefused(Refusal.TOO_LONG)
                sink.mux(written.encode(piece))
        for piece in evenly.resample(None):
            sink.mux(written.encode(piece))
        if not heard:
            raise UploadRefused(Refusal.BROKEN)
        sink.mux(written.encode(None))
    return made.getvalue()


def _is_cover(stream: av.VideoStream) -> bool:
    """The picture of an album is no film."""
    return bool(stream.disposition & av.stream.Disposition.attached_pic)
