"""Keys of a demonstration, made once and kept beside its data. Never the keys of a real installation."""

from __future__ import annotations

import base64
import json
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from joserfc.jwk import ECKey, OKPKey

SECRET_BYTES = 32


def write_secret(path: Path, content: bytes) -> Path:
    """Write a file that only its owner reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=True)
    path.write_bytes(content)
    return path


def symmetric(folder: Path) -> None:
    """The draft key, the audit key, and the key for what children sign in with."""
    if not (folder / "draft.keys").exists():
        line = f"demo-1 {base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}\n"
        write_secret(folder / "draft.keys", line.encode())
    for name in ("audit.key", "credential.key"):
        if not (folder / name).exists():
            write_secret(folder / name, secrets.token_hex(SECRET_BYTES).encode())


def delivery(folder: Path) -> None:
    """The pair under which submissions are sealed: the web process gets the public half only."""
    if (folder / "delivery-private.pem").exists():
        return
    key = X25519PrivateKey.generate()
    write_secret(folder / "delivery-private.pem", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / "delivery-public.pem").write_bytes(public)


def signing(path: Path, *, curve: str) -> dict[str, object]:
    """A signing key in a file (JWK), made when missing; returns its public half. `curve`: P-256 or Ed25519."""
    kind = OKPKey if curve == "Ed25519" else ECKey
    if not path.exists():
        new = kind.generate_key(curve, {"kid": path.stem, "use": "sig"}, private=True)  # type: ignore[arg-type]
        write_secret(path, json.dumps(new.as_dict(private=True)).encode())
    key = kind.import_key(json.loads(path.read_bytes()))
    return dict(key.as_dict(private=False))
