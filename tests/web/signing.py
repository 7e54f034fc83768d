"""A house whose national ID is a fake provider on loopback, and a browser that goes the whole way through it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.demo.story_types import SignIn
from portal.identity.logout_token import EVENT
from portal.identity.profile_reader import read_profile
from portal.identity.provider import Provider
from portal.store.tables import audit_event, session
from portal.web.parts import EXTENSION
from tests.fakes.clock import ManualClock
from tests.fakes.provider import CLIENT_ID, REMOVED, FakeProvider
from tests.house import Clock, House, build
from tests.inspector import Browser

SERVICE = "fjordvik"
BACK, FRONT = "/sign-in/back-channel", "/sign-in/front-channel"


def wire(
    providers: dict[tuple[str, str], Provider], fake: FakeProvider, clock: Callable[[], datetime], **logout: str | bool
) -> None:
    """Both realms of one service at the same fake."""
    staff = {"person_claim": "employee_id", "person_pattern": "[a-z0-9.:-]{3,64}", "person_scheme": "staff"}
    for profile_id, realm, person in (("national-id", "family", {}), ("staff-id", "staff", staff)):
        rules = {"front_channel": "slash_tolerant"} | logout
        values = fake.profile_values(id=profile_id, realm=realm, logout=rules, required_claims=[], **person)
        providers[SERVICE, profile_id] = Provider(read_profile(values, allow_loopback=True), clock)


@dataclass
class SignedInHouse:
    """The portal, and the provider it sends people to. Both realms of one service use the same fake."""

    house: House
    fake: FakeProvider
    providers: dict[tuple[str, str], Provider]
    sid: str = "session-0"
    """What the provider calls its session; another one for each test, since an ended one never comes back."""

    @classmethod
    def open(cls, folder: Path, fake: FakeProvider) -> SignedInHouse:
        """Wired, with the house's clock at the provider, too."""
        providers: dict[tuple[str, str], Provider] = {}
        wire(providers, fake, Clock())
        mine = cls(build(folder, providers=providers), fake, providers)
        mine.rules()
        fake.reset(cast("ManualClock", mine.house.clock))
        return mine

    def begin_anew(self) -> None:
        """The next morning nobody is signed in, and the provider is honest."""
        self.house.clock.now = self.house.clock.now.replace(hour=9, minute=0, second=0) + timedelta(days=1)
        self.fake.reset(self.fake.clock)
        self.rules()
        self.sid = f"session-{self.house.clock():%m%d}"
        assert self.live() == 0

    def rules(self, **logout: str | bool) -> None:
        """Profiles with these rules for signing out."""
        wire(self.providers, self.fake, self.house.clock, **logout)

    def person(self, key: str) -> SignIn:
        return next(who for who in self.house.story.people_for_sign_in() if who.key == key)

    def goes_to_provider(self, browser: Browser, key: str, **form: str) -> str:
        """Press the button, and sign in there; where the provider sends the browser back to."""
        who = self.person(key)
        claim = "pid" if who.service is None else "employee_id"
        self.fake.claims = {
            "sid": self.sid,
            "sub": f"subject-{key}",
            "pid": who.value,
            claim: who.value,
        } | self.fake.claims
        begun = browser.post(self.path(key, "/sign-in"), {"next": "/account"} | form)
        assert begun.status_code == 303, begun.get_data(as_text=True)
        answer = self.fake.approve(begun.headers["Location"])
        return self.path(key, "/sign-in/callback") + "?" + urlencode(dict(answer.items()))

    def path(self, key: str, path: str) -> str:
        return path if self.person(key).service is None else "/staff" + path

    def signs_in(self, key: str, browser: Browser | None = None, sid: str | None = None, **form: str) -> Browser:
        """The whole way, in a new browser unless one is given."""
        browser = browser or self.house.browser()
        self.fake.claims = {"sid": sid or self.sid}
        answer = browser.get(self.goes_to_provider(browser, key, **form))
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return browser

    def order(self, **changes: Any) -> str:
        """A logout token."""
        now = int(self.house.clock().timestamp())
        claims = {
            "iss": self.fake.origin,
            "aud": CLIENT_ID,
            "sub": "subject-sofie",
            "sid": self.sid,
            "iat": now,
            "exp": now + 120,
            "jti": f"logout-{len(self.fake.received)}-{now}",
            "events": {EVENT: {}},
        } | changes
        self.fake.header = {"typ": "logout+jwt"}
        signed = self.fake.signed({name: value for name, value in claims.items() if value is not REMOVED})
        self.fake.header = {}
        return signed

    def back_channel(self, order: str, path: str = BACK) -> TestResponse:
        """The provider's server calls: no cookie, no Origin, no Sec-Fetch-Site."""
        caller = self.house.browser()
        form = {"logout_token": order}
        return caller.inspected(caller.client.post(path, base_url=caller.base_url, data=form))

    def live(self) -> int:
        """How many sessions are open at all."""
        with self.house.parts.store.read() as connection:
            rows = connection.execute(select(session.c.idle_until).where(session.c.revoked_at.is_(None))).scalars()
            return sum(until > self.house.clock() for until in rows)

    def journal(self, event: str, outcome: str) -> int:
        """How many rows of the journal say so."""
        found = select(audit_event.c.actor).where(audit_event.c.event == event, audit_event.c.outcome == outcome)
        with self.house.parts.store.read() as connection:
            return len(connection.execute(found).all())


class Meanwhile:
    """A core during whose first answer something else happens: that is how two requests meet."""

    def __init__(self, core: Any, method: str, happens: Any) -> None:
        self._core = core
        self._method = method
        self._happens = happens

    def __getattr__(self, name: str) -> Any:
        if name == self._method:
            self._method = ""
            other = threading.Thread(target=self._happens)  # a request of its own, as from another server
            other.start()
            other.join()
        return getattr(self._core, name)


@contextmanager
def meanwhile(house: House, method: str, happens: Any) -> Iterator[None]:
    """While the core answers this, that happens."""
    gateways = cast("dict[str, Any]", house.app.extensions[EXTENSION].gateways)
    real = gateways[SERVICE]
    gateways[SERVICE] = Meanwhile(real, method, happens)
    try:
        yield
    finally:
        gateways[SERVICE] = real
