"""The child that decodes can do nothing but decode; what it answers is not believed; the parent outlives all of it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from portal.uploads.child import MADE, NOT_CONFINED
from portal.uploads.desk import Desk, Limits
from portal.uploads.refusals import Refusal, UploadRefused
from portal.uploads.sniff import Format
from tests.unit.uploads.pictures_sent import drawing, saved
from tests.unit.uploads.sounds_sent import recorded

PICTURE = saved(drawing(), "JPEG")
ATTEMPTS = {
    "read a file": "open('/etc/hostname')",
    "write a file": "open('/tmp/x', 'w')",
    "reach the network": "socket.socket()",
    "start a program": "os.execv('/bin/true', ['true'])",
    "become two": "os.fork()",
    "have a thread": "threading.Thread(target=print).start()",
    "end its parent": "os.kill(os.getppid(), 9)",
    "list a folder": "os.listdir('/')",
    "take more memory": "bytearray(2 << 30)",
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_decoder_that_is_taken_over_cannot(attempt: str) -> None:
    code = (
        "import os, socket, threading\nfrom portal.uploads.confine import confine\nconfine()\n"
        f"try:\n    {ATTEMPTS[attempt]}\nexcept (OSError, RuntimeError, MemoryError):\n    os.write(1, b'held')\n"
        "else:\n    os.write(1, b'done')\nos._exit(0)"
    )
    ended = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, env={}, check=False)
    assert (ended.stdout, ended.returncode) == (b"held", 0)


class TakenOver(Desk):
    """Its child answers what it likes."""

    def __init__(self, answer: bytes | None) -> None:
        super().__init__(Limits(), None)
        self.answer = answer

    def _asked(self, content: bytes, found: Format) -> bytes | None:  # noqa: ARG002 it does not look
        return self.answer


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (MADE + b"<script>", Refusal.BROKEN),
        (MADE + recorded("ogg"), Refusal.BROKEN),
        (MADE, Refusal.BROKEN),
        (b"", Refusal.BROKEN),
        (b"refused\nsomething of its own", Refusal.BROKEN),
        (b"refused\n\xff", Refusal.BROKEN),
        (None, Refusal.TOO_HEAVY),
        (NOT_CONFINED, Refusal.BUSY),
    ],
)
def test_what_a_child_answers_is_looked_at_again(answer: bytes | None, refusal: Refusal) -> None:
    with pytest.raises(UploadRefused) as refused:
        TakenOver(answer).take_in(PICTURE)
    assert refused.value.refusal is refusal


def test_a_child_that_takes_too_long_is_ended() -> None:
    with pytest.raises(UploadRefused, match="too_heavy"):
        Desk(Limits(), None, seconds=0.01).take_in(PICTURE)


def test_only_two_files_are_made_anew_at_a_time_and_the_third_is_asked_to_wait() -> None:
    desk = Desk(Limits(), None, wait=0.05)
    with desk._place(), desk._place(), pytest.raises(UploadRefused, match="busy"):
        desk.take_in(PICTURE)
    assert desk.take_in(PICTURE).media_type == "image/jpeg"


def test_a_place_is_free_again_whatever_has_happened() -> None:
    desk = Desk(Limits(), None, wait=5)
    for _ in range(5):
        with pytest.raises(UploadRefused, match="broken"):
            desk.take_in(PICTURE[:40])
    assert desk.take_in(PICTURE).kind == "picture"


def test_neither_content_nor_name_shows_in_what_is_kept_of_a_file() -> None:
    made = Desk(Limits(), None).take_in(PICTURE)
    assert repr(made) == "Made(kind='picture', media_type='image/jpeg')"
    assert str(UploadRefused(Refusal.BROKEN)) == "broken"
