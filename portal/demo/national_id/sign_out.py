"""Leaving: for one client's sake, for all of them (RP-Initiated, Back-Channel and Front-Channel Logout 1.0).

Never sends a browser to an address that the client did not register.
"""

import contextlib
import secrets
from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from joserfc.errors import JoseError
from werkzeug.wrappers import Response as AnyResponse

from portal.demo.national_id.assertions import read_form
from portal.demo.national_id.faults import PageFault, ProtocolFault
from portal.demo.national_id.memory import Gone
from portal.demo.national_id.pages import SignedOutPage, browser_language, show
from portal.demo.national_id.sessions import Session, sid_of
from portal.demo.national_id.state import SignOut, provider
from portal.demo.national_id.tokens import logout_token

_POSTED_SECONDS = 60

sign_out = Blueprint("sign_out", __name__)


@sign_out.get("/logout")
def asked_by_link() -> AnyResponse:
    """Sign out by a link."""
    return _end(_read(_fields()))


@sign_out.post("/logout")
def asked_by_form() -> AnyResponse:
    """Sign out by a form: goes on as a link, since a form from another site brings no `SameSite=Lax` cookie."""
    name = secrets.token_urlsafe(32)
    provider().sign_outs.keep(name, _read(_fields()), _POSTED_SECONDS)
    return redirect(f"/logout/posted?name={name}", 303)


@sign_out.get("/logout/posted")
def posted() -> AnyResponse:
    """The second half of signing out by a form."""
    try:
        return _end(provider().sign_outs.take(request.args.get("name", "")))
    except Gone:
        raise PageFault from None


def tell_clients(session: Session) -> None:
    """Tell every client of a session by the back channel, once each; one that does not answer is left alone."""
    for client_id in sorted(session.clients):
        address = provider().config.clients[client_id].backchannel_logout_uri
        if address is not None:
            with contextlib.suppress(OSError):
                provider().post(address, {"logout_token": logout_token(provider(), client_id, session)})


def _fields() -> dict[str, str]:
    try:
        return read_form(request.values)
    except ProtocolFault:
        raise PageFault from None


def _read(fields: Mapping[str, str]) -> SignOut:
    client_id, sid = fields.get("client_id"), None
    if "id_token_hint" in fields:
        hinted_client, sid = _read_hint(fields["id_token_hint"])
        if client_id not in {None, hinted_client}:
            raise PageFault
        client_id = hinted_client
    client = provider().config.clients.get(client_id or "")
    address = fields.get("post_logout_redirect_uri")
    if client is None or address is None or address not in client.post_logout_redirect_uris:
        return SignOut(None, sid)
    if "state" in fields:
        address += ("&" if "?" in address else "?") + urlencode({"state": fields["state"]})
    return SignOut(address, sid)


def _read_hint(hint: str) -> tuple[str, str]:
    try:
        claims = provider().key.read(hint)
    except JoseError:
        raise PageFault from None
    if claims.get("iss") != provider().config.issuer:
        raise PageFault
    return str(claims["aud"]), str(claims["sid"])


def _end(wish: SignOut) -> AnyResponse:
    sids = {sid_of(request.cookies.get(provider().session_cookie, "")), wish.hinted_sid} - {None}
    frames: list[str] = []
    for sid in sids:
        with contextlib.suppress(Gone):
            session = provider().sessions.end(str(sid))
            tell_clients(session)
            frames += _frames(session)
    response = _farewell(wish, tuple(frames))
    response.delete_cookie(provider().session_cookie, httponly=True, samesite="Lax")
    return response


def _farewell(wish: SignOut, frames: tuple[str, ...]) -> AnyResponse:
    if wish.return_to and not frames:
        return redirect(wish.return_to, 303)
    return show("signed_out.html", browser_language(), SignedOutPage(wish.return_to, frames), frames=frames)


def _frames(session: Session) -> list[str]:
    told = urlencode({"iss": provider().config.issuer, "sid": session.sid})
    clients = (provider().config.clients[client_id] for client_id in sorted(session.clients))
    return [f"{client.frontchannel_logout_uri}?{told}" for client in clients if client.frontchannel_logout_uri]
