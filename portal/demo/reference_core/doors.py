"""The way in and the way out: bearer tokens before anything else, every fault as a problem that repeats nothing."""

from __future__ import annotations

import logging

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from portal.demo.reference_core.auth import BEARER_SECONDS, TokenRefused
from portal.demo.reference_core.parts import Core
from portal.demo.reference_core.problems import Invalid, NotFound, Problem, TooLarge, Unauthenticated

_NO_BEARER = frozenset({"/health", "/oauth/token", "/_faults"})
_BY_STATUS: dict[int | None, type[Problem]] = {
    401: Unauthenticated,
    404: NotFound,
    405: NotFound,
    413: TooLarge,
}
_log = logging.getLogger(__name__)


def install_doors(app: Flask, core: Core) -> None:
    """Ask every request for the portal's bearer token, and hand such tokens out."""

    @app.before_request
    def check_bearer() -> None:
        if request.path not in _NO_BEARER:
            core.doorkeeper.check_bearer(request.headers.get("Authorization", ""))

    @app.post("/oauth/token")
    def token() -> Response:
        bearer = core.doorkeeper.token(request.form)
        return jsonify(access_token=bearer, token_type="Bearer", expires_in=BEARER_SECONDS)  # noqa: S106 a kind


def install_refusals(app: Flask) -> None:
    """Turn every refusal and fault into the contract's words; let nobody on the way keep an answer."""

    @app.errorhandler(TokenRefused)
    def token_refused(refusal: TokenRefused) -> tuple[Response, int]:
        return jsonify(error=refusal.error), refusal.status

    @app.errorhandler(Problem)
    def refuse(problem: Problem) -> Response:
        return problem.answer()

    @app.errorhandler(HTTPException)
    def not_served(error: HTTPException) -> Response:
        return _BY_STATUS.get(error.code, Invalid)().answer()

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        _log.error("fault in the reference core: %s", type(error).__name__)  # a traceback could hold content
        return Problem().answer()

    @app.after_request
    def not_kept(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        return response
