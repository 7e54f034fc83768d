"""Who is signed in at the provider, in which browser, and at which clients (single sign-on).

The browser holds a secret; clients learn `sid`, from which the secret cannot be found.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace

from portal.demo.national_id.config import Person
from portal.demo.national_id.keys import base64url
from portal.demo.national_id.memory import Clock, Memory, epoch

_IDLE_SECONDS = 30 * 60  # both as at ID-porten
_LONGEST_SECONDS = 120 * 60


@dataclass(frozen=True)
class Session:
    """One sign-in at one level; moments in seconds since 1970."""

    sid: str
    person: Person
    acr: str
    authenticated_at: int
    ends_at: int
    clients: frozenset[str] = frozenset()


def sid_of(secret: str) -> str:
    """The session identifier that belongs to a browser's secret."""
    return base64url(hashlib.sha256(secret.encode()).digest())


class Sessions:
    """The live sessions by `sid`. Lookups raise `Gone`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: Memory[Session] = Memory(clock)

    def start(self, person: Person, acr: str) -> str:
        """Sign a person in at a level; returns the secret for the browser."""
        secret = secrets.token_urlsafe(32)
        now = epoch(self._clock)
        session = Session(sid_of(secret), person, acr, now, now + _LONGEST_SECONDS)
        self._kept.keep(session.sid, session, _IDLE_SECONDS)
        return secret

    def find(self, sid: str) -> Session:
        """The live session."""
        return self._kept.look(sid)

    def renew(self, sid: str, acr: str) -> Session:
        """The same person has just signed in again: the session goes on, with a new moment and level of sign-in."""
        now = epoch(self._clock)
        return self._kept.change(
            sid,
            lambda session: (
                replace(session, acr=acr, authenticated_at=now, ends_at=now + _LONGEST_SECONDS),
                _IDLE_SECONDS,
            ),
        )

    def join(self, sid: str, client_id: str) -> Session:
        """Note that a client was let in by this session, which also counts as use."""
        now = epoch(self._clock)
        return self._kept.change(
            sid,
            lambda session: (
                replace(session, clients=session.clients | {client_id}),
                min(_IDLE_SECONDS, session.ends_at - now),
            ),
        )

    def end(self, sid: str) -> Session:
        """Sign out; returns what was, for telling the clients."""
        return self._kept.take(sid)
