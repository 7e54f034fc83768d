"""The web process can seal and never open; what is sealed fits one place only."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from portal.domain.people import PersonNumber
from portal.outbox.errors import ContentUnfit
from portal.outbox.seal import STEP_BYTES, Opener, Sealer, canonical
from portal.store.crypto import KeyUnusable, SealBroken

KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))
PRIVATE_PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
PUBLIC_PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
SEALER = Sealer.from_pem(PUBLIC_PEM)
OPENER = Opener.from_pem(PRIVATE_PEM)
NUMBER = PersonNumber("no-pid", "15911399956")
CONTENT: dict[str, object] = {"body": "Kan dere ringe? Ráhkis 😊", "language": "nb"}


def test_what_was_sealed_can_be_opened_by_the_worker_alone() -> None:
    sealed = SEALER.seal(CONTENT, "a", "id-1", "message")
    assert OPENER.open(sealed, "a", "id-1", "message") == CONTENT
    assert b"ringe" not in sealed
    with pytest.raises(SealBroken):
        Opener(X25519PrivateKey.generate()).open(sealed, "a", "id-1", "message")


def test_the_web_half_has_nothing_to_open_with() -> None:
    assert not [name for name in dir(SEALER) if "open" in name]
    assert not any(isinstance(value, X25519PrivateKey) for value in vars(SEALER).values())


@pytest.mark.parametrize("place", [("b", "id-1", "message"), ("a", "id-2", "message"), ("a", "id-1", "reply")])
def test_a_submission_opens_only_as_itself(place: tuple[str, str, str]) -> None:
    with pytest.raises(SealBroken):
        OPENER.open(SEALER.seal(CONTENT, "a", "id-1", "message"), *place)


def test_every_flipped_byte_is_found() -> None:
    sealed = SEALER.seal({"body": "x"}, "a", "id-1", "message")
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 0x80
        with pytest.raises(SealBroken):
            OPENER.open(bytes(changed), "a", "id-1", "message")


@pytest.mark.parametrize("cut", [0, 1, 32, 60])
def test_a_cut_is_found(cut: int) -> None:
    with pytest.raises(SealBroken):
        OPENER.open(SEALER.seal(CONTENT, "a", "id-1", "message")[:cut], "a", "id-1", "message")


def test_sizes_do_not_tell() -> None:
    short, longer = (len(SEALER.seal({"body": "x" * n}, "a", "i", "k")) for n in (1, 300))
    long = len(SEALER.seal({"body": "x" * 600}, "a", "i", "k"))
    assert short == longer
    assert long - short == STEP_BYTES


def test_a_number_opens_for_its_own_account_only() -> None:
    sealed = SEALER.seal_number("a", "account-1", NUMBER)
    assert OPENER.open_number("a", "account-1", sealed) == NUMBER
    for place in (("a", "account-2"), ("b", "account-1")):
        with pytest.raises(SealBroken):
            OPENER.open_number(*place, sealed)
    with pytest.raises(SealBroken):
        OPENER.open(sealed, "a", "account-1", "message")


@pytest.mark.parametrize("content", [{"a": object()}, {"a": float("nan")}, {"a": "\ud800"}])
def test_what_is_no_json_is_refused(content: object) -> None:
    with pytest.raises(ContentUnfit):
        canonical(content)


def test_other_keys_are_refused_without_showing_them() -> None:
    other = Ed25519PrivateKey.generate()
    public = other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    private = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for pem in (b"", b"hunter2", public, PRIVATE_PEM):
        with pytest.raises(KeyUnusable) as caught:
            Sealer.from_pem(pem)
        assert "hunter2" not in str(caught.value)
    for pem in (b"", b"hunter2", private, PUBLIC_PEM):
        with pytest.raises(KeyUnusable):
            Opener.from_pem(pem)
