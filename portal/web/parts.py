"""The working parts a request may use, put together once in `app.create_app`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from portal.audit.journal import Journal
from portal.core.gateway import Gateway
from portal.identity.accounts import Accounts
from portal.identity.credentials import Credentials
from portal.identity.enrolment import WaysIn
from portal.identity.invitations import Invitations
from portal.identity.limits import Limiter
from portal.identity.logout import SignOut
from portal.identity.own_code import OwnCodes
from portal.identity.passkeys import Passkeys
from portal.identity.sessions import Sessions
from portal.identity.sign_in import SignIn
from portal.outbox.box import Box
from portal.outbox.drafts import Drafts
from portal.outbox.seal import Sealer
from portal.outbox.stops import Stops
from portal.settings import Settings
from portal.store.unit import Store
from portal.texts import Texts
from portal.uploads.desk import Desk
from portal.web.assets import Assets

Clock = Callable[[], datetime]
"""The time now, in UTC."""

EXTENSION = "lytt"


@dataclass(frozen=True)
class Parts:
    """Everything with state or an outside; tests put fakes in at exactly these places."""

    settings: Settings
    clock: Clock
    gateways: Mapping[str, Gateway]
    store: Store
    journal: Journal
    sessions: Sessions
    sign_in: SignIn
    sign_out: SignOut
    accounts: Accounts
    invitations: Invitations
    credentials: Credentials
    ways_in: WaysIn
    own_codes: OwnCodes
    passkeys: Passkeys
    box: Box
    drafts: Drafts
    stops: Stops
    sealer: Sealer
    texts: Texts
    assets: Assets
    limiter: Limiter
    uploads: Desk
    trusted_proxies: int = 0


def parts() -> Parts:
    """The parts of the running application."""
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Parts)  # noqa: S101 set once by create_app; tells the type checker
    return found
