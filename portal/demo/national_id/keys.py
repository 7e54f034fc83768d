"""The provider's signing key: made once, kept readable by its owner only, never shown."""

import base64
import hmac
import os
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from joserfc import jwt
from joserfc.errors import InvalidPayloadError, JoseError, UnsupportedAlgorithmError
from joserfc.jwa import JWSAlgModel
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

_READABLE_BY_OTHERS = 0o077


class KeyRefused(ValueError):
    """The key file cannot be used as it is."""


class Registry(JWSRegistry):
    """Algorithms by allow-list alone, with room for a certificate in the header.

    `EdDSA` still has to be understood; the library would warn on each use that RFC 9864 renamed it.
    """

    max_header_length = 16_384

    def get_alg(self, name: str) -> JWSAlgModel:
        """The model of an allowed algorithm."""
        if not self.allowed or name not in self.allowed or name not in self.algorithms:
            raise UnsupportedAlgorithmError("not on the allow-list")
        return self.algorithms[name]


@dataclass(frozen=True)
class SigningKey:
    """An RSA key with its identifier and a certificate of its own making."""

    key: RSAKey = field(repr=False)
    certificate: str = field(repr=False)

    @classmethod
    def load_or_create(cls, path: Path) -> "SigningKey":
        """The key kept at `path`, made now if there is none; raises `KeyRefused`."""
        if not path.exists():
            _create(path)
        if path.stat().st_mode & _READABLE_BY_OTHERS:
            raise KeyRefused("the signing key can be read by others: remove it or set its mode to 0600")
        try:
            key = RSAKey.import_key(path.read_bytes())
        except (JoseError, ValueError):
            raise KeyRefused("the signing key cannot be read") from None
        private = key.private_key
        if private is None:
            raise KeyRefused("the signing key is not a private key")
        key.ensure_kid()
        return cls(key, _certificate(private))

    def public_keys(self) -> dict[str, Any]:
        """The JWK set clients verify with (RFC 7517)."""
        return {"keys": [self.key.as_dict(private=False, use="sig", alg="RS256")]}

    def sign(self, claims: dict[str, Any], kind: str = "JWT") -> str:
        """A signed token. Its header carries `x5c`, as ID-porten's does: clients must cope with the length."""
        header = {"alg": "RS256", "kid": self.key.kid, "typ": kind, "x5c": [self.certificate]}
        return jwt.encode(header, claims, self.key, registry=Registry(algorithms=["RS256"]))

    def read(self, token: str, kind: str = "JWT") -> dict[str, Any]:
        """The claims of a token signed here, expired or not; raises `JoseError`."""
        try:
            decoded = jwt.decode(token, self.key, registry=Registry(algorithms=["RS256"]))
        except ValueError as error:  # not base64, not JSON
            raise InvalidPayloadError from error
        if decoded.header.get("typ") != kind:
            raise JoseError("another kind of token")
        return dict(decoded.claims)

    def subject(self, client_id: str, person_key: str) -> str:
        """A pseudonym for one person at one client (OpenID Connect Core section 8.1, pairwise)."""
        secret = self.key.as_der(private=True)
        return base64url(hmac.digest(secret, f"{client_id}\n{person_key}".encode(), "sha256"))


def base64url(value: bytes) -> str:
    """Bytes as tokens and challenges write them, without padding (RFC 7515 section 2)."""
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _create(path: Path) -> None:
    # Written aside and linked in one step: a killed process leaves no half key, two processes agree on one.
    private = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()


def _certificate(private: rsa.RSAPrivateKey) -> str:
    # Certifies nothing: it is here so that tokens are as long as those of a real provider (RFC 7515, x5c).
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sign-in simulator, invented people")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2025, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2055, 1, 1, tzinfo=UTC))
        .sign(private, hashes.SHA256())
    )
    return base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()
