"""Children whom a caseworker lets in: from the code to a session, from words and PIN to a session, and its end.

Everything takes the caller's transaction, so that the journal stands in it, too. It decides no right.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection

from portal.domain.people import Assurance, Enrolment, Realm
from portal.identity.accounts import Accounts
from portal.identity.credentials import ISSUER, Credentials, NewSecret, Opened
from portal.identity.invitations import Invitations
from portal.identity.own_code import OwnCodes
from portal.identity.provider import Clock
from portal.identity.sessions import NewSession, Sessions
from portal.identity.sign_in import Identified

PROFILE = "in-person"
"""In place of a provider's profile: there is none to sign out from."""

ENDED = "enrolment_ended"


@dataclass(frozen=True)
class Arrival:
    """Where somebody comes in: `replaced_token` is the session cookie this browser had before."""

    service_id: str
    language: str
    shared: bool
    replaced_token: str | None = field(repr=False)


@dataclass(frozen=True)
class Entered:
    """A session that has just begun. `made_by`: the account of the worker who let the child in, at the first time."""

    account_id: str
    token: str = field(repr=False)
    person_id: str
    made_by: str | None = None


class WaysIn:
    """What invitations, credentials, accounts and sessions do together."""

    def __init__(
        self,
        invitations: Invitations,
        credentials: Credentials,
        accounts: Accounts,
        sessions: Sessions,
        *,
        own_codes: OwnCodes,
        clock: Clock,
    ) -> None:
        self._invitations = invitations
        self._credentials = credentials
        self._accounts = accounts
        self._sessions = sessions
        self._own_codes = own_codes
        self._clock = clock

    def enrol(self, connection: Connection, arrival: Arrival, browser_secret: str | None, new: NewSecret) -> Entered:
        """Use the invitation of this browser up: the words it was shown and this PIN are a way in from now on.

        Raises `InvitationRefusedError`.
        """
        taken = self._invitations.use(connection, arrival.service_id, browser_secret)
        subject = self._credentials.subject_of(connection, arrival.service_id, taken.person_id)
        entered = self.enter(connection, arrival, subject, taken.person_id)
        self._credentials.create(connection, arrival.service_id, entered.account_id, taken, new)
        return Entered(entered.account_id, entered.token, taken.person_id, taken.made_by)

    def sign_in(self, connection: Connection, arrival: Arrival, opened: Opened) -> Entered:
        """A session for words and PIN that did fit. Raises `CredentialRefusedError` if they were taken away since."""
        self._credentials.confirm(connection, arrival.service_id, opened)
        return self.enter(connection, arrival, opened.account_subject, opened.person_id)

    def enter(self, connection: Connection, arrival: Arrival, account_subject: str, person_id: str) -> Entered:
        """A session for a child whom a worker let in. The session this browser had before dies (sign-in.md, item 28).

        The core need not be asked: a worker has said who it is. *Substantial*, and marked as let in (rules.md R4).
        """
        who = Identified(
            service_id=arrival.service_id,
            realm=Realm.FAMILY,
            profile_id=PROFILE,
            issuer=ISSUER,
            subject=account_subject,
            provider_sid=None,
            assurance=Assurance.SUBSTANTIAL,
            auth_time_utc=self._clock(),
            number=None,
            next_url="/",
            language=arrival.language,
            shared=arrival.shared,
        )
        account = self._accounts.bind(connection, who, person_id)
        locked = self._own_codes.is_set(connection, arrival.service_id, account.id)
        new = NewSession(account, who, enrolment=Enrolment.IN_PERSON, locked=locked)
        token = self._sessions.create(connection, new, arrival.replaced_token)
        return Entered(account.id, token, person_id)

    def take_away(self, connection: Connection, service_id: str, person_id: str) -> None:
        """End every way in of a child, every session that came of one, and every code not yet used.

        In this order: what is being made at the same moment is found by the step after.
        """
        self._invitations.revoke(connection, service_id, person_id)
        for account_id in self._credentials.revoke(connection, service_id, person_id):
            self._sessions.revoke_all(connection, service_id, account_id, ENDED)
