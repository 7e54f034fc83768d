"""The headers of every answer (OWASP ASVS 5.0 V3.4). No third party appears in any of them."""

from __future__ import annotations

from collections.abc import Iterable

from werkzeug.datastructures import Headers

NO_STORE = "no-store"
FILE_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
"""Of a file that somebody has sent: no script, no form, no origin of ours."""


def content_security_policy(style_hash: str, form_targets: Iterable[str], framed_by: Iterable[str] = ()) -> str:
    """The policy of a page. Sign-in and sign-out are forms whose redirect goes to the provider, so it is named.

    `framed_by`: whose pages may hold this one in a frame; nobody's but for the provider's own sign-out.
    """
    targets = " ".join(["'self'", *sorted(set(form_targets))])
    ancestors = " ".join(sorted(set(framed_by))) or "'none'"
    return (
        f"default-src 'none'; base-uri 'none'; frame-ancestors {ancestors}; object-src 'none'; "
        f"form-action {targets}; connect-src 'self'; img-src 'self' data:; media-src 'self'; script-src 'self'; "
        f"style-src 'self' '{style_hash}'"
    )


def apply(headers: Headers, *, policy: str, secure: bool) -> None:
    """Set what every answer carries, errors and redirects included.

    `Referrer-Policy: same-origin` keeps the Origin header truthful on our own forms and says nothing to others.
    """
    headers["Content-Security-Policy"] = policy
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    headers["X-Robots-Tag"] = "noindex, nofollow"
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cache-Control", NO_STORE)
    if secure:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
