"""What the way in does: take a code, show words, make a way in, sign in. Each change with its row in the journal."""

from __future__ import annotations

from flask import request

from portal.audit.events import Entry, Event
from portal.domain.people import Realm
from portal.identity.credentials import CredentialRefusedError
from portal.identity.enrolment import Arrival, Entered
from portal.identity.invitations import InvitationRefusedError, Taken
from portal.identity.limits import WORDS_TRY
from portal.web import cookies, limits
from portal.web.visit import Visit

CODE, WORDS = "code", "words"
"""What was refused, in the journal."""


def take(visit: Visit, code: str) -> str:
    """Bind a code to this browser; the secret it must bring from now on. Raises `InvitationRefusedError`.

    And `TooOften` and `LimitsUnavailable`, which become pages: codes are short, so guessing them is slowed down.
    """
    limits.code_is_tried(visit)
    try:
        with visit.parts.store.write() as connection:
            known = cookies.read_browser_secret(request)
            return visit.parts.invitations.take(connection, visit.service.id, code, known)
    except InvitationRefusedError:
        _refused(visit, CODE)
        limits.code_was_wrong(visit)
        raise


def new_words(visit: Visit, browser_secret: str | None) -> tuple[str, ...]:
    """Four words for the invitation of this browser. Raises `InvitationRefusedError`."""
    if browser_secret is None:
        raise InvitationRefusedError
    with visit.parts.store.write() as connection:
        return visit.parts.invitations.show_words(connection, visit.service.id, browser_secret, words_language(visit))


def may_use_own_phone(visit: Visit, browser_secret: str) -> bool:
    """Has the worker said that this device is the child's alone? Raises `InvitationRefusedError`."""
    return visit.parts.invitations.find(visit.service.id, browser_secret).passkey_allowed


def words_language(visit: Visit) -> str:
    """The words are in the language of the place, whatever language its pages are read in: they are said aloud."""
    return visit.service.languages[0]


def begun(visit: Visit) -> Taken:
    """The invitation of this browser, its words shown. Raises `InvitationRefusedError`."""
    taken = visit.parts.invitations.find(visit.service.id, cookies.read_browser_secret(request))
    if not taken.words_chosen:
        raise InvitationRefusedError
    return taken


def enrol(visit: Visit, pin: str) -> Entered:
    """Make the way in and a session. Raises `InvitationRefusedError` and `EasyPinError`."""
    begun(visit)  # nothing is hashed slowly for a browser that has no invitation
    new = visit.parts.credentials.prepare(visit.service.id, pin)
    with visit.parts.store.write() as connection:
        secret = cookies.read_browser_secret(request)
        entered = visit.parts.ways_in.enrol(connection, _arrival(visit), secret, new)
        enrolled = Entry(
            visit.service.id, Event.ENROLLED, Realm.STAFF, entered.made_by, outcome="ok", item=entered.person_id
        )
        visit.parts.journal.record(connection, enrolled)
        visit.parts.journal.record(connection, _signed_in(visit, entered))
    return entered


def sign_in(visit: Visit, words: str, pin: str) -> Entered:
    """A session for words and PIN. Raises `CredentialRefusedError`, `MustWaitError`, and what limits raise."""
    limits.by_address(visit, WORDS_TRY)
    try:
        opened = visit.parts.credentials.check(visit.service.id, words, pin)
        with visit.parts.store.write() as connection:
            entered = visit.parts.ways_in.sign_in(connection, _arrival(visit), opened)
            visit.parts.journal.record(connection, _signed_in(visit, entered))
    except CredentialRefusedError as error:
        _refused(visit, WORDS, error.account_id)
        raise
    return entered


def _arrival(visit: Visit) -> Arrival:
    return Arrival(
        service_id=visit.service.id,
        language=visit.language,
        shared="shared" in visit.form,
        replaced_token=cookies.read_session(request, Realm.FAMILY),
    )


def _signed_in(visit: Visit, entered: Entered) -> Entry:
    return Entry(visit.service.id, Event.SIGNED_IN, Realm.FAMILY, entered.account_id)


def _refused(visit: Visit, what: str, account_id: str | None = None) -> None:
    entry = Entry(visit.service.id, Event.CREDENTIAL_REFUSED, Realm.FAMILY, account_id, outcome=what)
    with visit.parts.store.write() as connection:
        visit.parts.journal.record(connection, entry)
