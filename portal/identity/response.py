"""What comes back through the browser, judged before anything is sent (RFC 9207, RFC 9700). Shows no word of it."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Protocol

from portal.identity.errors import SignInError, provider_unavailable
from portal.identity.provider import Provider

_LONGEST_CODE = 2048
_ONCE = ("code", "state", "iss", "error", "error_description")


class Parameters(Protocol):
    """A query or a form in which a name may stand more than once."""

    def getlist(self, key: str, /) -> list[str]:
        """All values under this name."""


def single(parameters: Parameters) -> Mapping[str, str]:
    """The parameters that count, refused when one stands there twice."""
    given = {name: parameters.getlist(name) for name in _ONCE}
    if any(len(values) > 1 for values in given.values()):
        raise SignInError("parameter_twice")
    return {name: values[0] for name, values in given.items() if values}


def check_response(given: Mapping[str, str], provider: Provider) -> None:
    """The issuer, then the provider's error, then the code. Raises `SignInError`."""
    profile = provider.profile
    promised = profile.response_iss == "if_advertised" and provider.metadata().response_iss
    if (profile.response_iss == "always" or promised or "iss" in given) and given.get("iss") != profile.issuer:
        raise SignInError("response_issuer")
    if "error" in given:
        raise _provider_error(given, provider)
    if not 0 < len(given.get("code", "")) <= _LONGEST_CODE:
        raise SignInError("code")


def _provider_error(given: Mapping[str, str], provider: Provider) -> SignInError:
    """Our word for the provider's. What the provider wrote goes no further.

    Some brokers put the word that counts into the description; the whole of it must be a word of the profile.
    """
    known = provider.profile.errors
    outcome = known.get(given.get("error_description", "")) or known.get(given["error"])
    if outcome == "cancelled":
        return SignInError("cancelled", HTTPStatus.FORBIDDEN)
    if outcome == "relogin":
        return SignInError("relogin", HTTPStatus.FORBIDDEN)
    if outcome == "down":
        return provider_unavailable()
    return SignInError("provider_refused", HTTPStatus.FORBIDDEN)
