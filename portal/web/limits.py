"""Where limits meet requests: whose address counts, and one function for everything that is tried.

Asking for help, the numbers and the way out are never counted (rules.md, "Help cannot be blocked").
"""

from __future__ import annotations

import re
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

from flask import request
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.identity.limits import CODE_TRY, CODE_WRONG, READING, Limit
from portal.identity.session import Session
from portal.web.parts import Parts
from portal.web.visit import Visit

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

ONE_NETWORK = 64
"""Bits of an IPv6 address that are one household's; the rest it chooses freely (RFC 6177, RFC 8981)."""
EVERYBODY = "everybody"


def behind_proxies(application: WSGIApplication, trusted: int) -> WSGIApplication:
    """Take the sender's address from X-Forwarded-For as this many proxies of our own wrote it, and no further.

    What a sender writes there stands before what our proxies add, and is not looked at.
    """
    if not trusted:
        return application
    return ProxyFix(application, x_for=trusted, x_proto=0, x_host=0, x_port=0, x_prefix=0)


def address() -> str:
    """Whom a request comes from, as far as it can be counted: an IPv4 address, or an IPv6 network."""
    told = request.remote_addr or ""
    try:
        found = ip_address(_without_port(told).partition("%")[0])
    except ValueError:
        return told
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return f"{int(found) >> (128 - ONE_NETWORK):x}/{ONE_NETWORK}"


def _without_port(told: str) -> str:
    """Some proxies write the sender's port, too, and that the sender chooses (RFC 7239 §6)."""
    with_port = re.fullmatch(r"\[([^\]]+)\](?::\d+)?|(\d+(?:\.\d+){3}):\d+", told)
    return told if with_port is None else with_port[1] or with_port[2]


def by_address(visit: Visit, limit: Limit) -> None:
    """Count one more from this address. Raises `TooOften` and `LimitsUnavailable`, which become pages."""
    visit.parts.limiter.count(limit, visit.service.id, address())


def by_account(visit: Visit, limit: Limit) -> None:
    """Count one more of the signed-in person. Raises as `by_address` does."""
    visit.parts.limiter.count(limit, visit.service.id, visit.session.account_id)


def code_is_tried(visit: Visit) -> None:
    """Before a spoken or scanned code is looked up. Raises as `by_address` does."""
    visit.parts.limiter.require_room(CODE_WRONG, visit.service.id, EVERYBODY)
    by_address(visit, CODE_TRY)


def code_was_wrong(visit: Visit) -> None:
    """After a code that there is not. Many of them slow down everybody's next one. Raises `LimitsUnavailable`."""
    visit.parts.limiter.note(CODE_WRONG, visit.service.id, EVERYBODY)


def page_is_read(own: Parts, session: Session) -> None:
    """Count a page that shows what the core knows. Raises `TooOften`."""
    own.limiter.count(READING, session.service_id, session.token_hash)
