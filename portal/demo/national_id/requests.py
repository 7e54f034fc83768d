"""What a client asks for when it pushes a sign-in request (RFC 9126, OpenID Connect Core section 3.1.2.1).

Takes nothing by default that weakens the flow: code only, PKCE by S256, state and nonce, exact redirect address.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from portal.demo.national_id.config import Client
from portal.demo.national_id.faults import ProtocolFault
from portal.demo.national_id.words import language_for

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes, base64url without padding
_SECONDS = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class SignInRequest:
    """A checked request. `lowest` is the rank of the lowest acceptable level; `max_age` is in seconds."""

    client_id: str
    redirect_uri: str
    language: str
    prompt: frozenset[str]
    max_age: int | None
    lowest: int
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    challenge: str = field(repr=False)

    def answer(self, issuer: str, **parameters: str) -> str:
        """The address that carries the answer back, naming its sender (RFC 9207)."""
        joint = "&" if "?" in self.redirect_uri else "?"
        return self.redirect_uri + joint + urlencode({**parameters, "state": self.state, "iss": issuer})


def read_request(form: Mapping[str, str], client: Client, levels: Sequence[str]) -> SignInRequest:
    """Check a pushed request of an authenticated client; raises `ProtocolFault`."""
    _check_flow(form, client)
    prompt = frozenset(form.get("prompt", "").split())
    if "none" in prompt and len(prompt) > 1:
        raise _invalid("prompt none stands alone")
    max_age = form.get("max_age")
    if max_age is not None and not _SECONDS.fullmatch(max_age):
        raise _invalid("max_age must be seconds")
    return SignInRequest(
        client_id=client.client_id,
        redirect_uri=form["redirect_uri"],
        language=language_for(form.get("ui_locales", "").split()),
        prompt=prompt,
        max_age=None if max_age is None else int(max_age),
        lowest=_lowest(form.get("acr_values", "").split(), levels),
        state=form["state"],
        nonce=form["nonce"],
        challenge=form["code_challenge"],
    )


def _check_flow(form: Mapping[str, str], client: Client) -> None:
    if form.get("redirect_uri") not in client.redirect_uris:
        raise _invalid("redirect_uri is not registered")
    if "request" in form or "request_uri" in form:
        raise ProtocolFault("request_not_supported", "request objects are not taken")
    if form.get("response_type") != "code" or form.get("response_mode", "query") != "query":
        raise ProtocolFault("unsupported_response_type", "only a code in the query")
    if "openid" not in form.get("scope", "").split():
        raise ProtocolFault("invalid_scope", "scope must hold openid")
    if form.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(form.get("code_challenge", "")):
        raise _invalid("PKCE by S256 is required")
    if not form.get("state") or not form.get("nonce"):
        raise _invalid("state and nonce are required")


def _lowest(asked: Sequence[str], levels: Sequence[str]) -> int:
    known = [levels.index(level) for level in asked if level in levels]
    if asked and not known:
        raise _invalid("none of acr_values is known")
    return min(known, default=0)


def _invalid(reason: str) -> ProtocolFault:
    return ProtocolFault("invalid_request", reason)
