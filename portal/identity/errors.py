"""What can go wrong with an identity. Codes are constant words: no provider's text, no claim, no number ever."""

from __future__ import annotations

from http import HTTPStatus


class SignInError(Exception):
    """A sign-in that ends here. `code` is safe in logs; `status` is the HTTP status of the page that says so."""

    def __init__(self, code: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


class ClockSkew(SignInError):
    """Our clock and the provider's differ too much. `seconds`: how far the provider's seems ahead (behind: negative).

    Its own code, because people cannot mend it by trying again and operators can.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__("clock_skew", HTTPStatus.SERVICE_UNAVAILABLE)
        self.seconds = round(seconds)


class ProfileError(Exception):
    """A provider's profile that cannot be used. `field` names what must be mended, never its value."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def provider_unavailable() -> SignInError:
    """The provider cannot be reached or cannot be understood just now: try again later."""
    return SignInError("provider_unavailable", HTTPStatus.SERVICE_UNAVAILABLE)
