"""The last step of every answer: headers, and fewer bytes for a phone on a slow network."""

from __future__ import annotations

import gzip

from flask import Flask, Response, g, request

from portal.settings import Service
from portal.web import headers
from portal.web.parts import parts

SMALLEST_WORTH_IT = 600
LEVEL = 5
COMPRESSIBLE = frozenset({"text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml"})


class FramedResponse(Response):
    """An answer that pages of these origins may hold in a frame: the provider's, while it signs somebody out."""

    framed_by: tuple[str, ...] = ()


class FileResponse(Response):
    """A file somebody has sent: opened on its own it may do nothing at all."""


def install(app: Flask) -> None:
    """Put it behind every handler, errors included."""
    app.after_request(finish)


def finish(response: Response) -> Response:
    """Headers for every answer. The form token is masked anew each time, so compression tells nothing (BREACH)."""
    service: Service | None = getattr(g, "service", None)
    targets = () if service is None else service.form_targets
    framed_by = response.framed_by if isinstance(response, FramedResponse) else ()
    policy = headers.content_security_policy(parts().assets.style_hash, targets, framed_by)
    if isinstance(response, FileResponse):
        policy = headers.FILE_POLICY
    headers.apply(response.headers, policy=policy, secure=service is not None and service.origin.startswith("https:"))
    response.headers["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
    _compress(response)
    return response


def _compress(response: Response) -> None:
    if (
        response.mimetype not in COMPRESSIBLE
        or response.is_streamed
        or "gzip" not in request.headers.get("Accept-Encoding", "")
        or (response.content_length or 0) < SMALLEST_WORTH_IT
    ):
        return
    response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
