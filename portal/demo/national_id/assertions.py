"""Which registered client is calling: signed assertions only, each good for one call (RFC 7523, private_key_jwt).

Knows no client secrets; a refusal does not tell a wrong client from a wrong key.
"""

from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from werkzeug.datastructures import MultiDict

from portal.demo.national_id.config import Client
from portal.demo.national_id.faults import ProtocolFault
from portal.demo.national_id.keys import Registry
from portal.demo.national_id.memory import AlreadyKept, Clock, Memory

ALGORITHMS = ["RS256", "ES256", "EdDSA", "Ed25519"]
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LIFE_SECONDS = 120
_LEEWAY_SECONDS = 10
_LONGEST_IDENTIFIER = 255


def read_form(form: MultiDict[str, str]) -> dict[str, str]:
    """The fields of a form in which none stands twice (RFC 6749 section 3.1); raises `ProtocolFault`."""
    if any(len(values) > 1 for _, values in form.lists()):
        raise ProtocolFault("invalid_request", "a parameter stands twice")
    return form.to_dict()


class ClientGate:
    """Lets a client in by its assertion."""

    def __init__(self, clients: Mapping[str, Client], audiences: tuple[str, ...], clock: Clock) -> None:
        self._clients = clients
        self._audiences = audiences
        self._clock = clock
        self._used: Memory[None] = Memory(clock)

    def admit(self, form: Mapping[str, str]) -> Client:
        """The client that signed the assertion in `form`; raises `ProtocolFault` (401, invalid_client)."""
        client = self._clients.get(form.get("client_id", ""))
        if client is None or form.get("client_assertion_type") != _ASSERTION_TYPE:
            raise _refused("the client is not known by such an assertion")
        claims = self._verified(client, form.get("client_assertion", ""))
        self._check(client, claims)
        try:
            self._used.keep(f"{client.client_id}\n{claims['jti']}", None, _LIFE_SECONDS + _LEEWAY_SECONDS)
        except AlreadyKept:
            raise _refused("the assertion was used before") from None
        return client

    def _verified(self, client: Client, assertion: str) -> dict[str, Any]:
        try:
            return dict(jwt.decode(assertion, client.keys, registry=Registry(algorithms=ALGORITHMS)).claims)
        except (JoseError, ValueError):  # ValueError: no such key, not base64, not JSON
            raise _refused("the client is not known by such an assertion") from None

    def _check(self, client: Client, claims: Mapping[str, Any]) -> None:
        if claims.get("iss") != client.client_id or claims.get("sub") != client.client_id:
            raise _refused("iss and sub must be the client")
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if not audiences or any(one not in self._audiences for one in audiences):
            raise _refused("aud must be the issuer or the token endpoint, and nobody else")
        now = self._clock().timestamp()
        issued, ends = claims.get("iat"), claims.get("exp")
        if not isinstance(issued, int) or not isinstance(ends, int):
            raise _refused("iat and exp must be whole seconds")
        if not (issued <= now + _LEEWAY_SECONDS and now < ends <= issued + _LIFE_SECONDS):
            raise _refused("expired, from the future, or longer than 120 seconds")
        identifier = claims.get("jti")
        if not isinstance(identifier, str) or not 0 < len(identifier) <= _LONGEST_IDENTIFIER:
            raise _refused("jti is missing")


def _refused(reason: str) -> ProtocolFault:
    return ProtocolFault("invalid_client", reason, 401)
