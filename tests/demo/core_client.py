"""A reference core in this process with a clock to turn; every answer is held against the contract on its way."""

from __future__ import annotations

import json
import secrets
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry, serialize_compact

from portal.demo.reference_core import CoreConfig, core_id, create_core
from portal.demo.story import DEFAULT_STORY
from tests.contract.validation import check_answer, check_request

FRIDAY = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
CLIENT = "lytt-fjordvik"
AUDIENCE = "urn:core:fjordvik"
CLIENT_KEY = OKPKey.generate_key("Ed25519", {"kid": "client"})
ACTOR_KEY = OKPKey.generate_key("Ed25519", {"kid": "actor"})
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass
class Clock:
    now: datetime = FRIDAY

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json.get("code", ""))


def sign(key: OKPKey | ECKey | RSAKey | OctKey, claims: dict[str, object], algorithm: str = "Ed25519") -> str:
    header = {"alg": algorithm, "kid": key.kid, "typ": "JWT"}
    return serialize_compact(header, json.dumps(claims), key, registry=JWSRegistry(algorithms=[algorithm]))


def config(folder: Path, service: str = "fjordvik", story: Path = DEFAULT_STORY, *, faults: bool = False) -> CoreConfig:
    return CoreConfig(
        service=service,
        story=story,
        database=folder / f"{service}.sqlite",
        port=0,
        audience=AUDIENCE,
        client_id=CLIENT,
        client_keys=KeySet.import_key_set({"keys": [CLIENT_KEY.as_dict(private=False)]}),
        actor_keys=KeySet.import_key_set({"keys": [ACTOR_KEY.as_dict(private=False)]}),
        faults=faults,
    )


@cache
def _filled_once(service: str) -> bytes:
    # The story is loaded once for all tests; each works on a copy of its own.
    with tempfile.TemporaryDirectory() as folder:
        create_core(config(Path(folder), service), Clock())
        return (Path(folder) / f"{service}.sqlite").read_bytes()


def core_at_work(folder: Path, service: str = "fjordvik", *, faults: bool = False) -> CoreAtWork:
    """A core of the default story, on the Friday it was loaded."""
    (folder / f"{service}.sqlite").write_bytes(_filled_once(service))
    return CoreAtWork(config(folder, service, faults=faults), Clock())


class CoreAtWork:
    """The portal's side of one core."""

    def __init__(self, core: CoreConfig, clock: Clock) -> None:
        self.service = core.service
        self.clock = clock
        self.app: Flask = create_core(core, clock)
        self._bearer = ""
        self._bearer_until = clock.now

    def id(self, kind: str, *keys: str) -> str:
        return core_id(self.service, kind, *keys)

    def claims(self, **changes: object) -> dict[str, object]:
        now = int(self.clock.now.timestamp())
        claims: dict[str, object] = {"iss": CLIENT, "aud": AUDIENCE, "iat": now, "exp": now + 60}
        return {**claims, "jti": secrets.token_urlsafe(24), **changes}

    def actor(self, who: str, loa: str = "high", purpose: str | None = "look") -> str:
        """`Portal-Actor` for somebody of the story by key; "unresolved:..." goes through as it is."""
        realm = "staff" if who in {"kari", "jonas", "marit", "eline", "sigrid"} else "family"
        kind = "worker" if realm == "staff" else "person"
        subject = who if ":" in who else self.id(kind, who)
        told = {} if purpose is None else {"purpose": purpose}
        return sign(ACTOR_KEY, self.claims(sub=subject, realm=realm, loa=loa, **told))

    def token_form(self, **changes: object) -> dict[str, str]:
        assertion = sign(CLIENT_KEY, self.claims(sub=CLIENT, **changes))
        return {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
        }

    def bearer(self) -> str:
        if self.clock.now >= self._bearer_until:
            answer = self.app.test_client().post("/oauth/token", data=self.token_form())
            self._bearer = answer.get_json()["access_token"]
            self._bearer_until = self.clock.now + timedelta(minutes=5)
        return f"Bearer {self._bearer}"

    def get(self, path: str, who: str | None = None, loa: str = "high") -> Answer:
        return self.send("GET", path, who, loa=loa)

    def send(
        self,
        method: str,
        path: str,
        who: str | None = None,
        *,
        body: object = None,
        key: str | None = None,
        loa: str = "high",
        good: bool = True,
        purpose: str | None = "look",
    ) -> Answer:
        """One call. `good`: the request itself is as the contract wants it, which is checked."""
        headers = {"Authorization": self.bearer()}
        headers |= {"Portal-Actor": self.actor(who, loa, purpose)} if who else {}
        headers |= {"Idempotency-Key": key} if key else {}
        headers |= {"Content-Type": "application/json"} if body is not None else {}
        data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        if good:
            check_request(method, path, headers, data)
        response = self.app.test_client().open(path, method=method, headers=headers, data=data)
        answer = Answer(response.status_code, dict(response.headers), response.get_data())
        check_answer(method, path, answer.status, answer.headers, answer.body)
        return answer

    def put(self, path: str, who: str, body: dict[str, object], key: str | None = None, loa: str = "high") -> Answer:
        """Send a body to `path`, which ends in "/{id}" or in an id of its own."""
        key = key or str(uuid4())
        return self.send("PUT", path.replace("{id}", key), who, body=self.composed(body), key=key, loa=loa)

    def composed(self, body: dict[str, object]) -> dict[str, object]:
        return {"composed_at": self.clock.now.strftime("%Y-%m-%dT%H:%M:%SZ"), **body}

    def say(self, who: str, text: str, case: str = "sofie", key: str | None = None) -> Answer:
        body: dict[str, object] = {"body": text, "language": "nb"}
        return self.put(f"/cases/{self.id('case', case)}/messages/{{id}}", who, body, key)

    def page(self, who: str, case: str, page: str, loa: str = "high") -> Answer:
        return self.get(f"/cases/{self.id('case', case)}/pages/{page}", who, loa)

    def types_of_changes(self, after: str = "0") -> list[tuple[str, str]]:
        items = self.get(f"/changes?after={after}&limit=500").json["items"]
        return [(item["type"], item["entity_id"]) for item in items]
