"""The whole wiring of one provider: state, routes, refusals."""

from flask import Flask, Response, abort, current_app, jsonify, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException

from portal.demo.national_id.config import ProviderConfig
from portal.demo.national_id.endpoints import endpoints
from portal.demo.national_id.faults import PageFault, ProtocolFault
from portal.demo.national_id.loopback import ADDRESS, post_form
from portal.demo.national_id.memory import Clock, MemoryFull
from portal.demo.national_id.pages import StoppedPage, browser_language, harden, show
from portal.demo.national_id.sign_in import sign_in
from portal.demo.national_id.sign_out import sign_out
from portal.demo.national_id.state import EXTENSION, Post, Provider

_LARGEST_BODY_BYTES = 65_536


def create_provider(config: ProviderConfig, clock: Clock, post: Post = post_form) -> Flask:
    """A provider as a WSGI application; `post` carries back-channel notices. Raises `KeyRefused`."""
    app = Flask(__name__, static_folder=None, template_folder="templates")
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_BODY_BYTES
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions[EXTENSION] = Provider.build(config, clock, post)
    app.before_request(_refuse_strangers)
    app.after_request(harden)
    app.register_error_handler(ProtocolFault, _tell_client)
    app.register_error_handler(PageFault, _tell_person)
    app.register_error_handler(MemoryFull, _full)
    app.register_error_handler(HTTPException, _plain_refusal)
    app.register_error_handler(Exception, _unexpected)
    for blueprint in (endpoints, sign_in, sign_out):
        app.register_blueprint(blueprint)
    return app


def _refuse_strangers() -> None:
    # A second lock: however the application is served, it answers this machine only.
    if request.remote_addr != ADDRESS:
        abort(403)


def _tell_client(fault: ProtocolFault) -> tuple[Response, int]:
    return jsonify(error=fault.error, error_description=fault.reason), fault.status


def _tell_person(fault: PageFault) -> Response:
    return show("stopped.html", browser_language(), StoppedPage(), status=fault.status)


def _full(_fault: MemoryFull) -> tuple[Response, int]:
    return jsonify(error="temporarily_unavailable", error_description="try again in a minute"), 503


def _plain_refusal(fault: HTTPException) -> Response:
    return show("stopped.html", browser_language(), StoppedPage(), status=fault.code or 500)


def _unexpected(fault: Exception) -> Response:
    # The kind of fault only: its words could repeat a code, a token or a number.
    current_app.logger.error("unexpected fault: %s", type(fault).__name__)
    return show("stopped.html", browser_language(), StoppedPage(), status=500)
