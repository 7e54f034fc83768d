"""The routes of the inbox."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from portal.access.actions import SEE_INBOX, SEE_INBOX_NEWS
from portal.staff.inbox.build import inbox_page, undelivered
from portal.staff.inbox.pages import NewsPage
from portal.web.errors import NoError
from portal.web.pages import render, render_block
from portal.web.visit import Visit

staff_inbox = Blueprint("staff_inbox", __name__)

LONGEST_NUMBER = 4


@staff_inbox.get("/staff", access=SEE_INBOX)
def inbox(visit: Visit) -> Response:
    """What waits for this worker, one page of it. Raises `NoError` for a page no list of ours links to."""
    number = visit.query("page") or "1"
    if not (number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER and int(number) > 0):
        raise NoError
    return render(inbox_page(visit, int(number)))


@staff_inbox.get("/staff/inbox-news", access=SEE_INBOX_NEWS, live=True)
def news(visit: Visit) -> Response:
    """Nothing, or that something is new: never what. An open inbox asks by itself, so nobody has read anything."""
    found = visit.core.inbox(visit.grant, visit.language, 1, undelivered(visit))
    if found.mark == visit.query("after"):
        return Response(status=204)
    return render_block(NewsPage(inbox_url=url_for("staff_inbox.inbox")), "news")
