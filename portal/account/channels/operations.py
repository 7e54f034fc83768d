"""Ends sessions on a provider's word, journalled in the same transaction. Nothing of the word itself is logged."""

from __future__ import annotations

from portal.account.operations import profile_id
from portal.audit.events import Entry, Event
from portal.domain.people import Realm
from portal.identity.errors import SignInError
from portal.identity.logout import RecordOf
from portal.logs import log
from portal.web.visit import Visit

REPEATED = "logout_replayed"


def end_by_back_channel(visit: Visit, realm: Realm, logout_token: object) -> bool:
    """Is it so that what this token names has ended? An order that comes again changes nothing and is so, too."""
    try:
        count = visit.parts.sign_out.end_by_provider(
            visit.service.id, profile_id(visit, realm), logout_token, _recorder(visit, realm)
        )
    except SignInError as error:
        log("sign_out.order_refused", code=error.code, kind="back_channel", service=visit.service.id)
        return error.code == REPEATED
    log("sign_out.ordered", kind="back_channel", count=count, service=visit.service.id)
    return True


def end_by_front_channel(visit: Visit, realm: Realm, issuer: str | None, provider_sid: str) -> None:
    """End what grew from this session at the provider, if anything did."""
    count = visit.parts.sign_out.end_by_front_channel(
        visit.service.id, profile_id(visit, realm), issuer, provider_sid, _recorder(visit, realm)
    )
    log("sign_out.ordered", kind="front_channel", count=count, service=visit.service.id)


def provider_origins(visit: Visit, realm: Realm) -> tuple[str, ...]:
    """Where the provider's own pages are."""
    return visit.parts.sign_out.frame_origins(visit.service.id, profile_id(visit, realm))


def _recorder(visit: Visit, realm: Realm) -> RecordOf:
    return lambda account_id: visit.recorder(
        Entry(visit.service.id, Event.SESSION_ENDED, realm, account_id, outcome="provider")
    )
