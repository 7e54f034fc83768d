"""One request after the gate has let it through: what a handler gets instead of bare ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import request, url_for
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from portal.access.grants import Grant
from portal.audit.events import Entry, Event, Sight
from portal.core.gateway import Gateway
from portal.domain.people import Realm
from portal.identity.session import IdleExpired, Session
from portal.jurisdictions import Jurisdiction, jurisdiction
from portal.settings import Service
from portal.web import cookies
from portal.web.parts import Parts


class NotSignedInError(Exception):
    """A handler of a public page asked for a session that is not there."""


@dataclass(frozen=True)
class Visit:
    """A granted request. `arguments` are the parts of the URL, `form` what was posted."""

    parts: Parts
    service: Service
    language: str
    now: datetime
    grant: Grant
    arguments: Mapping[str, str]
    maybe_session: Session | None

    @property
    def session(self) -> Session:
        """The session of a signed-in person. Raises `NotSignedInError` on a public page without one."""
        if self.maybe_session is None:
            raise NotSignedInError
        return self.maybe_session

    def open_session(self, realm: Realm) -> Session | None:
        """The live session this browser has in a realm, asked for on a page that is open to everybody."""
        token = cookies.read_session(request, realm)
        found = self.parts.sessions.read(self.service.id, realm, token)
        return found if isinstance(found, Session) else None

    @property
    def core(self) -> Gateway:
        """The core of this service."""
        return self.parts.gateways[self.service.id]

    @property
    def jurisdiction(self) -> Jurisdiction:
        """The country this service works in."""
        return jurisdiction(self.service.jurisdiction)

    @property
    def today(self) -> date:
        """The day it is at the service."""
        return self.now.astimezone(self.service.timezone).date()

    @property
    def form(self) -> MultiDict[str, str]:
        """The posted fields."""
        return request.form

    def query(self, name: str) -> str:
        """A parameter of the URL, empty when absent."""
        return request.args.get(name, "")

    def note_seen(self, what: str, item: str | None = None) -> None:
        """Write down that this person sees case content: without the row there is no page.

        The gate does it for pages that are asked for. Whoever answers with content to anything else (a form with a
        mistake in it, a poll that found something) does it here; `what` as in `Action.seen`, `item` the opaque id of
        what was seen where that is something smaller than the target.
        """
        target, session = self.grant.target, self.session
        item = item or target.id
        staff = session.realm is Realm.STAFF
        sight = Sight(
            self.service.id,
            session.token_hash,
            session.realm,
            session.account_id,
            self.grant.action.name,
            what if item is None else f"{what}:{item}",
            role=self.grant.role,
            about=target.about if staff else None,
        )
        self.parts.journal.seen(self.parts.store, sight)

    def end_session(self, reason: str, session: Session | IdleExpired | None = None) -> int:
        """End a session here, journalled in the same transaction; how many were still open."""
        ended = session or self.session
        with self.parts.store.write() as connection:
            count = self.parts.sessions.revoke(connection, ended, reason)
            self.parts.journal.record(
                connection,
                Entry(self.service.id, Event.SESSION_ENDED, ended.realm, ended.account_id, outcome=reason),
            )
        return count

    def recorder(self, entry: Entry) -> Callable[[Connection], None]:
        """Writes this entry in whatever transaction it is given."""

        def record(connection: Connection) -> None:
            self.parts.journal.record(connection, entry)

        return record

    def redirect(self, endpoint: str, **values: Any) -> Response:  # noqa: ANN401 whatever url_for takes
        """Go on to another page (303, so that going back never posts again)."""
        return redirect(url_for(endpoint, **values), 303)
