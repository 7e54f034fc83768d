"""Sealed values open only where they belong, and never when a single bit has changed."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from portal.store.crypto import CryptoError, DraftKeys, KeyUnusable, Place, SealBroken, UnknownKey

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
KEYS = DraftKeys({"2031-01": OLD, "2031-02": NEW}, "2031-02")
PLACE = Place("draft", "sealed", "fjordvik", "row-1", "account-1")
TEXT = "Jeg vil ikke dit på fredag.".encode()


def test_what_was_sealed_can_be_opened() -> None:
    assert KEYS.open(KEYS.seal(TEXT, PLACE), PLACE) == TEXT


def test_the_text_is_not_in_the_sealed_bytes_and_no_two_are_alike() -> None:
    first, second = KEYS.seal(TEXT, PLACE), KEYS.seal(TEXT, PLACE)
    assert TEXT not in first
    assert first != second


@pytest.mark.parametrize("field", ["table", "column", "service_id", "row_id", "writer"])
def test_a_sealed_value_opens_in_no_other_place(field: str) -> None:
    with pytest.raises(SealBroken):
        KEYS.open(KEYS.seal(TEXT, PLACE), replace(PLACE, **{field: "another"}))


def test_parts_of_a_place_cannot_slide_into_each_other() -> None:
    with pytest.raises(SealBroken):
        KEYS.open(KEYS.seal(TEXT, Place("t", "c", "a", "b|c")), Place("t", "c", "a|b", "c"))


def test_every_flipped_bit_is_found() -> None:
    sealed = KEYS.seal(TEXT, PLACE)
    for position in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[position // 8] ^= 1 << position % 8
        with pytest.raises(CryptoError):
            KEYS.open(bytes(changed), PLACE)


def test_every_cut_is_found() -> None:
    sealed = KEYS.seal(TEXT, PLACE)
    for length in range(len(sealed)):
        with pytest.raises(CryptoError):
            KEYS.open(sealed[:length], PLACE)


def test_the_newest_key_writes_and_older_ones_still_read() -> None:
    old = DraftKeys({"2031-01": OLD}, "2031-01").seal(TEXT, PLACE)
    assert KEYS.open(old, PLACE) == TEXT
    assert b"2031-02" in KEYS.seal(TEXT, PLACE)


def test_a_key_taken_away_is_told_apart() -> None:
    with pytest.raises(UnknownKey):
        DraftKeys({"2031-01": OLD}, "2031-01").open(KEYS.seal(TEXT, PLACE), PLACE)


@pytest.mark.parametrize(
    ("keys", "newest"),
    [({}, "a"), ({"a": OLD[:16]}, "a"), ({"": OLD}, ""), ({"a" * 33: OLD}, "a" * 33), ({"a": OLD}, "b")],
)
def test_unfit_keys_are_refused(keys: dict[str, bytes], newest: str) -> None:
    with pytest.raises(KeyUnusable):
        DraftKeys(keys, newest)


def test_a_key_file_names_the_newest_last() -> None:
    content = b"2031-01 " + base64.b64encode(OLD) + b"\n\n2031-02 " + base64.b64encode(NEW) + b"\n"
    keys = DraftKeys.parse(content)
    assert keys.newest == "2031-02"
    assert keys.open(KEYS.seal(TEXT, PLACE), PLACE) == TEXT


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"only-an-id",
        b"a b c",
        b"a !!!!",
        b"\xff\xfe x",
        b"a " + base64.b64encode(OLD[:3]),
        b"a " + base64.b64encode(OLD) + b"\na " + base64.b64encode(NEW),
    ],
)
def test_an_unfit_key_file_is_refused_without_showing_it(content: bytes) -> None:
    with pytest.raises(KeyUnusable) as caught:
        DraftKeys.parse(content)
    assert caught.value.__cause__ is None
