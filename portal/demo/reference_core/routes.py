"""The contract's operations, one line of wiring each. What they do stands elsewhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from importlib.metadata import version

from flask import Flask, Response, jsonify, request

from portal.demo.reference_core import (
    appeals,
    attachments,
    bodies,
    classifications,
    complaints,
    documents,
    family_pages,
    feed,
    give_views,
    inbox,
    journal_heads,
    preview,
    receipts,
    sharing,
    shielding,
    staff_pages,
    stays,
    stops,
    trail,
    visits,
    wishes,
    withdrawals,
    words,
    writes,
)
from portal.demo.reference_core.auth import LOOK, Caller
from portal.demo.reference_core.idempotency import Perform, perform_once, request_digest
from portal.demo.reference_core.parts import Core
from portal.demo.reference_core.problems import Invalid, NotFound
from portal.demo.reference_core.routes_files import install_files
from portal.demo.reference_core.standing import standing

Json = dict[str, object]
Page = Callable[[sqlite3.Connection, Caller, str, date], Json]

FLAGS = (
    "plans",
    "comments",
    "threads",
    "referrals",
    "documents",
    "trail",
    "complaints",
    "views",
    "visits",
    "withdrawals",
    "attachments",
)
LONGEST_RUN = 500
DEFAULT_RUN = 100
LAST_PAGE = 10_000

PAGES: tuple[tuple[str, Page], ...] = (
    ("/me/pages/home", lambda at, who, _, today: family_pages.home(at, who, today)),
    ("/cases/<target>/pages/overview", family_pages.overview),
    ("/cases/<target>/pages/plan", family_pages.plan),
    ("/cases/<target>/pages/documents", documents.documents),
    ("/cases/<target>/pages/requests", wishes.requests),
    ("/cases/<target>/pages/decisions", wishes.decisions),
    ("/cases/<target>/pages/conversation", family_pages.conversation),
    ("/cases/<target>/pages/my-words", words.my_words),
    ("/cases/<target>/pages/who-stays", stays.who_stays),
    ("/cases/<target>/pages/visits", visits.visits),
    ("/staff/threads/<target>/pages/sharing", words.staff_sharing),
    ("/cases/<target>/pages/trail", trail.trail),
    ("/cases/<target>/pages/complaints", complaints.complaints),
    ("/staff/pages/complaints", lambda at, who, _, today: complaints.staff_complaints(at, who, today)),
    ("/referrals/<target>/pages/conversation", lambda at, who, to, _: family_pages.help_conversation(at, who, to)),
    ("/staff/pages/children", lambda at, who, _, today: staff_pages.children(at, who, today)),
    ("/staff/threads/<target>/pages/conversation", staff_pages.staff_conversation),
    ("/staff/cases/<target>/people", lambda at, who, to, _: preview.people(at, who, to)),
)
OF_CASE = "/cases/"
"""Pages of a family, which a worker of that case can look at as one of that family."""
_MOVES_READ_MARK = frozenset({"/cases/<target>/pages/conversation", "/cases/<target>/pages/plan"})

WRITES: tuple[tuple[str, str, Perform], ...] = (
    ("/cases/<place>/comments/<last_id>", "NewComment", writes.put_comment),
    ("/cases/<place>/messages/<last_id>", "NewMessage", writes.put_message),
    ("/cases/<place>/access-requests/<last_id>", "NewAccessRequest", writes.put_access_request),
    ("/cases/<place>/no-longer-agreeing/<last_id>", "NewConsentWithdrawal", withdrawals.put_withdrawal),
    ("/cases/<place>/sharing-answers/<last_id>", "NewSharingAnswer", sharing.put_sharing_answer),
    ("/cases/<place>/sentence-answers/<last_id>", "NewSentenceAnswer", sharing.put_sentence_answer),
    ("/cases/<place>/stays-open/<last_id>", "NewStaysOpen", stays.put_stays_open),
    ("/staff/threads/<place>/sharing-questions/<last_id>", "NewSharingQuestion", sharing.put_sharing_question),
    ("/staff/threads/<place>/sharing-decisions/<last_id>", "NewSharingDecision", sharing.put_sharing_decision),
    ("/cases/<place>/complaints/<last_id>", "NewComplaint", complaints.put_complaint),
    ("/staff/complaints/<about>/answers/<last_id>", "NewComplaintAnswer", complaints.put_answer),
    ("/cases/<place>/visit-wishes/<last_id>", "NewVisitWish", visits.put_visit_wish),
    ("/cases/<place>/appeals/<last_id>", "NewAppeal", appeals.put_appeal),
    ("/cases/<place>/views/<last_id>", "NewView", give_views.put_view),
    ("/staff/threads/<place>/views/<about>/answers/<last_id>", "NewInfluenceAnswer", give_views.put_influence_answer),
    ("/staff/threads/<place>/views/<about>/later/<last_id>", "NewInfluenceLater", give_views.put_influence_later),
    ("/referrals/<last_id>", "NewReferral", writes.put_referral),
    (
        "/staff/threads/<place>/classifications/<last_id>",
        "NewClassification",
        classifications.put_classification,
    ),
    ("/referrals/<place>/messages/<last_id>", "NewMessage", writes.put_referral_message),
    ("/staff/threads/<place>/messages/<last_id>", "NewReply", writes.put_reply),
    ("/staff/threads/<place>/opened/<last_id>", "Opened", writes.put_opened),
    ("/staff/threads/<place>/stops/<last_id>", "NewStop", stops.put_stop),
    ("/staff/threads/<place>/remarks/<about>/answers/<last_id>", "NewRemarkAnswer", writes.put_remark_answer),
)


def install_routes(app: Flask, core: Core) -> None:
    """Put every operation of the contract on the application."""
    _install_meta(app)
    _install_people(app, core)
    _install_following(app, core)
    _install_journal_heads(app, core)
    for rule, page in PAGES:
        _install_page(app, core, rule, page)
    _install_inbox(app, core)
    _install_document(app, core)
    _install_person(app, core)
    _install_shielded(app, core)
    install_files(app, core)
    for rule, schema, perform in WRITES:
        _install_write(app, core, rule, schema, perform)


def _install_meta(app: Flask) -> None:
    @app.get("/health")
    def health() -> Json:
        return {"status": "ok"}

    @app.get("/capabilities")
    def capabilities() -> Json:
        return {
            "contract": bodies.contract_version(),
            "system": {"name": "reference core", "version": version("lytt")},
            "flags": dict.fromkeys(FLAGS, True),
            "limits": {
                "message_characters": writes.MESSAGE_CHARACTERS,
                "comment_characters": writes.COMMENT_CHARACTERS,
                "referral_answer_characters": writes.ANSWER_CHARACTERS,
                "attachment_bytes": attachments.MOST_BYTES,
            },
        }


def _install_people(app: Flask, core: Core) -> None:
    @app.post("/person-resolutions")
    def resolve() -> Json:
        number = bodies.read_body(request, "PersonNumber")
        with core.database.read() as connection:
            row = connection.execute(
                "SELECT person_id FROM number WHERE scheme = ? AND value = ?", (number["scheme"], number["value"])
            ).fetchone()
        if row is None:
            raise NotFound
        return {"person_id": row["person_id"]}

    @app.get("/me/standing")
    def my_standing() -> Json:
        targets = {name: request.args.get(name) for name in ("case_id", "thread_id", "referral_id", "child_id")}
        if sum(target is not None for target in targets.values()) > 1:
            raise Invalid([("", "one_target")])
        caller = core.caller()
        with core.database.read() as connection:
            return standing(connection, caller, core.today(), **targets)


def _install_following(app: Flask, core: Core) -> None:
    @app.get("/receipts/<operation_id>")
    def receipt(operation_id: str) -> Json:
        with core.database.read() as connection:
            return receipts.receipt(connection, operation_id)

    @app.get("/changes")
    def changes() -> Json:
        limit = request.args.get("limit", default=str(DEFAULT_RUN))
        if not (limit.isdecimal() and 1 <= int(limit) <= LONGEST_RUN):
            raise Invalid([("/limit", "range")])
        with core.database.read() as connection:
            return feed.changes(connection, request.args.get("after"), int(limit))


def _install_journal_heads(app: Flask, core: Core) -> None:
    @app.put("/journal-heads/<int:sequence>")
    def keep_head(sequence: int) -> Json:
        body = bodies.read_body(request, "NewJournalHead")
        with core.database.write() as connection:
            return journal_heads.keep(connection, sequence, body["hash"], core.clock())

    @app.get("/journal-heads/latest")
    def latest_head() -> Json:
        with core.database.read() as connection:
            return journal_heads.latest(connection)


def _install_page(app: Flask, core: Core, rule: str, page: Page) -> None:
    def get(target: str = "") -> Json:
        caller = core.caller(previews=rule.startswith(OF_CASE))
        marks = rule in _MOVES_READ_MARK and caller.purpose == LOOK
        with core.database.write() if marks else core.database.read() as connection:
            return page(connection, preview.reader(connection, caller, target), target, core.today())

    app.add_url_rule(rule, endpoint=rule, view_func=get, methods=["GET"])


def _install_inbox(app: Flask, core: Core) -> None:
    @app.get("/staff/pages/inbox")
    def staff_inbox() -> Json:
        page = request.args.get("page", default="1")
        if not (page.isdecimal() and 1 <= int(page) <= LAST_PAGE):
            raise Invalid([("/page", "range")])
        asked = inbox.Asked(int(page), request.args.get("undelivered", "").split(","))
        caller = core.caller()
        with core.database.read() as connection:
            return inbox.inbox(connection, caller, asked, core.clock())


def _install_document(app: Flask, core: Core) -> None:
    @app.get("/cases/<case_id>/documents/<document_id>")
    def document(case_id: str, document_id: str) -> Json:
        caller = core.caller(previews=True)
        with core.database.read() as connection:
            reader = preview.reader(connection, caller, case_id)
            return documents.document(connection, reader, case_id, document_id, core.today())


def _install_shielded(app: Flask, core: Core) -> None:
    @app.get("/staff/threads/<thread_id>/shielded")
    def shielded(thread_id: str) -> Json:
        caller = core.caller()
        with core.database.read() as connection:
            return shielding.shielded(connection, caller, thread_id, core.today(), request.args.get("reader"))


def _install_person(app: Flask, core: Core) -> None:
    @app.get("/staff/cases/<case_id>/people/<person_id>")
    def person(case_id: str, person_id: str) -> Json:
        caller = core.caller()
        with core.database.read() as connection:
            return preview.person(connection, caller, case_id, person_id, core.today())


def _install_write(app: Flask, core: Core, rule: str, schema: str, perform: Perform) -> None:
    def put(last_id: str, place: str = "", about: str = "") -> tuple[Response, int]:
        caller = core.caller()
        key = bodies.read_key(request.headers.get("Idempotency-Key", ""), last_id)
        body = bodies.read_body(request, schema)
        digest = request_digest(request.method, request.path, caller, body)
        write = writes.Write(caller, key, place, body, core.clock(), about)
        stored = perform_once(core.database, write, digest, perform)
        answer = jsonify(stored.receipt)
        if stored.replayed:
            answer.headers["Idempotency-Replayed"] = "true"
        return answer, 201

    app.add_url_rule(rule, endpoint=rule, view_func=put, methods=["PUT"])
