"""Requests that change something must come from our own page (OWASP ASVS 5.0 V3.5.1)."""

from __future__ import annotations

from flask import request

from portal.identity import csrf
from portal.identity.session import IdleExpired, Session
from portal.settings import Service
from portal.web.pages import CSRF_FIELD


def from_our_own_page(service: Service, session: Session | IdleExpired | None) -> bool:
    """`Sec-Fetch-Site: same-origin`, else the exact Origin; with a session also its masked token."""
    site = request.headers.get("Sec-Fetch-Site")
    told = request.headers.get("Origin")
    same_origin = told == service.origin if site is None else site == "same-origin"
    if not same_origin:
        return False
    return session is None or csrf.check(session, request.form.get(CSRF_FIELD, ""))
