"""The form token of a session, masked anew for each response so that compression tells nothing (BREACH)."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets

from portal.identity.session import SECRET_BYTES, IdleExpired, Session


def issue(session: Session) -> str:
    """A token for one response: 86 URL-safe characters, mask and masked secret."""
    mask = secrets.token_bytes(SECRET_BYTES)
    return base64.urlsafe_b64encode(mask + _mix(mask, session.csrf_secret)).rstrip(b"=").decode("ascii")


def check(session: Session | IdleExpired, token: str) -> bool:
    """Was this token issued for this session? Takes the same time whichever byte is wrong."""
    try:
        raw = base64.b64decode(token.encode("ascii") + b"==", altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return False
    if len(raw) != 2 * SECRET_BYTES:
        return False
    return hmac.compare_digest(_mix(raw[:SECRET_BYTES], raw[SECRET_BYTES:]), session.csrf_secret)


def _mix(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
