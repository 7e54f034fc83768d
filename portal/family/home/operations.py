"""Opening a door of the home."""

from __future__ import annotations

from portal.web.visit import Visit


def renew_session(visit: Visit) -> str:
    """The cookie's new value; what is half written in another tab can still be sent.

    Raises `SignInError` when the session was ended meanwhile.
    """
    with visit.parts.store.write() as connection:
        return visit.parts.sessions.rotate(connection, visit.session, keep_forms=True)
