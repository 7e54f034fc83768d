"""The scanner hook: only a clear "clean" lets a file on; silence, noise and absence do not."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest

from portal.settings import SettingsError
from portal.uploads.desk import Desk, Limits
from portal.uploads.refusals import Refusal, UploadRefused
from portal.uploads.scanner import Clamd, scanner_at
from portal.uploads.settings import desk_from
from portal.uploads.words import sentence
from tests.unit.uploads.pictures_sent import drawing, saved

PICTURE = saved(drawing(size=(700, 500)), "PNG")


class Daemon:
    """Speaks as clamd does, once, and remembers what it was sent."""

    def __init__(self, answer: bytes, listening: socket.socket) -> None:
        self.answer = answer
        self.heard = b""
        self.listening = listening
        self.thread = Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        link, _ = self.listening.accept()
        with link, link.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while length := int.from_bytes(stream.read(4), "big"):
                self.heard += stream.read(length)
            with suppress(OSError):  # who has heard enough goes
                for byte in self.answer:
                    link.sendall(bytes([byte]))


@contextmanager
def daemon(answer: bytes, path: Path) -> Iterator[Daemon]:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        speaking = Daemon(answer, listening)
        yield speaking
        speaking.thread.join(10)


def test_a_clean_file_goes_on_and_the_scanner_has_seen_what_was_sent(tmp_path: Path) -> None:
    with daemon(b"stream: OK\0", tmp_path / "clamd") as speaking:
        made = Desk(Limits(), scanner_at(f"unix:{tmp_path}/clamd")).take_in(PICTURE)
    assert speaking.heard == PICTURE
    assert made.media_type == "image/jpeg"


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (b"stream: Eicar-Test-Signature FOUND\0", Refusal.HARMFUL),
        (b"INSTREAM size limit exceeded. ERROR\0", Refusal.NOT_SCANNED),
        (b"stream: OK but\0", Refusal.NOT_SCANNED),
        (b"OK\0", Refusal.NOT_SCANNED),
        (b"", Refusal.NOT_SCANNED),
        (b"x" * 10_000, Refusal.NOT_SCANNED),
    ],
)
def test_every_other_answer_stops_it(tmp_path: Path, answer: bytes, refusal: Refusal) -> None:
    with daemon(answer, tmp_path / "clamd"), pytest.raises(UploadRefused) as refused:
        Desk(Limits(), Clamd(None, None, str(tmp_path / "clamd"))).take_in(PICTURE)
    assert refused.value.refusal is refusal


def test_a_scanner_that_is_not_there_lets_nothing_by(tmp_path: Path) -> None:
    for scanner in (Clamd(None, None, str(tmp_path / "nobody")), Clamd("127.0.0.1", 1, "")):
        with pytest.raises(UploadRefused, match="not_scanned"):
            Desk(Limits(), scanner).take_in(PICTURE)


def test_a_scanner_that_says_nothing_lets_nothing_by(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "clamd"))
        listening.listen()
        with pytest.raises(UploadRefused, match="not_scanned"):
            Desk(Limits(), Clamd(None, None, str(tmp_path / "clamd"), seconds=0.1)).take_in(PICTURE)


def test_where_a_scanner_may_be() -> None:
    assert scanner_at("tcp://127.0.0.1:3310") == Clamd("127.0.0.1", 3310, "")
    assert scanner_at("unix:/run/clamd.ctl") == Clamd(None, None, "/run/clamd.ctl")
    for wrong in ("clamd", "tcp://localhost", "tcp://localhost:99999", "unix:relative", "https://localhost:3310"):
        with pytest.raises(SettingsError, match="LYTT_SCANNER"):
            scanner_at(wrong)


def test_limits_are_settings_and_the_usual_ones_need_none() -> None:
    assert desk_from({}).limits == Limits(most_bytes=15_000_000, most_seconds=120, most_pages=20)
    chosen = {"LYTT_UPLOAD_MEGABYTES": "5", "LYTT_UPLOAD_MINUTES": "1", "LYTT_UPLOAD_PAGES": "3"}
    assert desk_from(chosen).limits == Limits(5_000_000, 60, 3)
    for name, value in [("LYTT_UPLOAD_MEGABYTES", "0"), ("LYTT_UPLOAD_MINUTES", "two"), ("LYTT_UPLOAD_PAGES", "999")]:
        with pytest.raises(SettingsError, match=name):
            desk_from({name: value})


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_is_a_sentence_for_a_child_and_for_an_adult(refusal: Refusal) -> None:
    adult, child = (sentence(refusal, Limits(), child=child) for child in (False, True))
    assert (adult.context, child.context) == (None, "child")
    assert dict(adult.values)["megabytes"] == 15
