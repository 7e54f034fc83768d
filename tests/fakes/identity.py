"""The portal's sign-in and sessions, wired for tests to a fake provider and a fresh database."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from portal.domain.people import Assurance, PersonNumber, Realm
from portal.identity.accounts import Account, Accounts
from portal.identity.profile_reader import read_profile
from portal.identity.provider import Provider
from portal.identity.session import IdleExpired, Session
from portal.identity.sessions import NewSession, Sessions
from portal.identity.sign_in import Begun, Identified, SignIn, Wish
from portal.store.crypto import DraftKeys
from portal.store.unit import Store
from tests.fakes.clock import ManualClock
from tests.fakes.provider import PID, REDIRECT_URI, FakeProvider

SERVICE = "fjordvik"
ISSUER = "https://id.example"


@dataclass
class Door:
    """The portal's sign-in at one provider, as a browser meets it."""

    fake: FakeProvider
    store: Store
    clock: ManualClock
    keys: DraftKeys = field(default_factory=lambda: DraftKeys({"k": secrets.token_bytes(32)}, "k"))

    def open(self, **changes: Any) -> SignIn:
        """Wire a sign-in to a profile with these changes."""
        profile = read_profile(self.fake.profile_values(**changes), allow_loopback=True)
        self.provider = Provider(profile, self.clock)
        self.sign_in = SignIn(self.store, {(SERVICE, profile.id): self.provider}, self.keys, self.clock)
        return self.sign_in

    def begin(self, **changes: Any) -> Begun:
        """Press the button."""
        wish: dict[str, Any] = {
            "service_id": SERVICE,
            "profile_id": "national",
            "realm": Realm.FAMILY,
            "redirect_uri": REDIRECT_URI,
            "next_url": "/home",
            "language": "nb",
            "assurance": Assurance.SUBSTANTIAL,
        }
        return self.sign_in.begin(Wish(**wish | changes))

    def through(self, **changes: Any) -> Identified:
        """The whole way: button, provider, callback with these changes."""
        begun = self.begin()
        return self.sign_in.finish(SERVICE, "national", self.fake.approve(begun.url, **changes), begun.browser_secret)


def identified(**changes: Any) -> Identified:
    """Somebody a provider vouches for."""
    values: dict[str, Any] = {
        "service_id": SERVICE,
        "realm": Realm.FAMILY,
        "profile_id": "national",
        "issuer": ISSUER,
        "subject": "pairwise-1",
        "provider_sid": "provider-session-1",
        "assurance": Assurance.HIGH,
        "auth_time_utc": ManualClock().now - timedelta(seconds=5),
        "number": PersonNumber("no-pid", PID),
        "next_url": "/home",
        "language": "nb",
    }
    return Identified(**values | changes)


@dataclass
class Desk:
    """Accounts and sessions over a database."""

    store: Store
    clock: ManualClock

    def __post_init__(self) -> None:
        self.accounts = Accounts(self.clock)
        self.sessions = Sessions(self.store, self.clock)

    def bind(self, who: Identified) -> Account:
        """The account of somebody whom the core knows; each subject at the provider is a person of their own."""
        with self.store.write() as connection:
            return self.accounts.bind(connection, who, who.subject.replace("pairwise", "person"))

    def sign_in(self, who: Identified, replaced: str | None = None, sealed_number: bytes | None = None) -> str:
        """A new session's token."""
        account = self.bind(who)
        with self.store.write() as connection:
            return self.sessions.create(connection, NewSession(account, who, sealed_number), replaced)

    def read(self, token: str, realm: Realm = Realm.FAMILY, service_id: str = SERVICE) -> Session | IdleExpired | None:
        """What the token opens."""
        return self.sessions.read(service_id, realm, token)

    def opens(self, token: str) -> bool:
        """Does the token still open a session?"""
        return isinstance(self.read(token), Session)

    def live(self, token: str) -> Session:
        """The live session of a token."""
        found = self.read(token)
        assert isinstance(found, Session)
        return found
