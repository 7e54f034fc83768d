"""The child process: reads one file, gives up everything it could do harm with, makes the file anew, and ends.

`python -m portal.uploads.child KIND DECODER MOST_SECONDS MOST_PAGES`: the file on standard input, the answer on
standard output. Its first line is a state; what was made follows `MADE`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from portal.uploads.confine import confine
from portal.uploads.refusals import Refusal, UploadRefused
from portal.uploads.sniff import DOCUMENT, PICTURE

MADE, REFUSED, NOT_CONFINED = b"made\n", b"refused\n", b"not confined\n"


def main(kind: str, decoder: str, most_seconds: int, most_pages: int) -> bytes:
    """The answer. Loads only what this kind needs, before nothing more can be opened."""
    work = _worker(kind, decoder, most_seconds, most_pages)
    content = sys.stdin.buffer.read()
    try:
        confine()
    except (OSError, ValueError):
        return NOT_CONFINED
    try:
        return MADE + work(content)
    except UploadRefused as refused:
        return REFUSED + refused.refusal.value.encode()
    except MemoryError:
        return REFUSED + Refusal.TOO_HEAVY.value.encode()
    except Exception:  # noqa: BLE001 a decoder may raise anything at all for a broken file
        return REFUSED + Refusal.BROKEN.value.encode()


def _worker(kind: str, decoder: str, most_seconds: int, most_pages: int) -> Callable[[bytes], bytes]:
    if kind == PICTURE:
        from portal.uploads import pictures  # noqa: PLC0415 a decoder that is not loaded cannot be attacked

        return lambda content: pictures.remade(content, decoder)
    if kind == DOCUMENT:
        from portal.uploads import documents  # noqa: PLC0415 as above

        return lambda content: documents.remade(content, most_pages)
    from portal.uploads import sounds  # noqa: PLC0415 as above

    sounds.rehearse()
    return lambda content: sounds.remade(content, decoder, most_seconds)


if __name__ == "__main__":
    sys.stdout.buffer.write(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
    sys.stdout.buffer.flush()
