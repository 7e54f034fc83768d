"""The operations that carry bytes and not JSON: files in, files out."""

from __future__ import annotations

import base64
import hashlib
import sqlite3

from flask import Flask, Response, jsonify, request

from portal.demo.reference_core import attachments, bodies
from portal.demo.reference_core.parts import Core
from portal.demo.reference_core.problems import Invalid, UnsupportedMediaType


def install_files(app: Flask, core: Core) -> None:
    """Put them on the application."""
    _install_put(app, core, "/attachments/<attachment_id>", attachments.READABLE)
    _install_put(app, core, "/evidence/<attachment_id>", frozenset({attachments.ORIGINAL}))

    @app.get("/cases/<case_id>/attachments/<attachment_id>")
    def attachment(case_id: str, attachment_id: str) -> Response:
        caller = core.caller()
        with core.database.read() as connection:
            return _answer(attachments.for_family(connection, caller, case_id, attachment_id, core.today()))

    @app.get("/staff/threads/<thread_id>/attachments/<attachment_id>")
    def staff_attachment(thread_id: str, attachment_id: str) -> Response:
        caller = core.caller()
        with core.database.read() as connection:
            return _answer(attachments.for_worker(connection, caller, thread_id, attachment_id, core.today()))


def _install_put(app: Flask, core: Core, rule: str, media_types: frozenset[str]) -> None:
    def put(attachment_id: str) -> tuple[Response, int]:
        request.max_content_length = attachments.MOST_BYTES
        caller = core.caller()
        bodies.read_key(request.headers.get("Idempotency-Key", ""), attachment_id)
        if request.mimetype not in media_types:
            raise UnsupportedMediaType
        content = request.get_data()
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        if request.headers.get("Content-Digest") != f"sha-256=:{digest}:":
            raise Invalid([("", "content_digest")])
        with core.database.write() as connection:
            kept = attachments.put(connection, caller, attachment_id, request.mimetype, content, now=core.clock())
        return jsonify(kept), 201

    app.add_url_rule(rule, endpoint=rule, view_func=put, methods=["PUT"])


def _answer(row: sqlite3.Row) -> Response:
    return Response(row["content"], mimetype=row["media_type"])
