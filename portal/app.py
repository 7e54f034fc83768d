"""The whole wiring on one screen: which parts there are, and how a request passes through them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask

from portal.account.channels.routes import account_channels
from portal.account.code.routes import account_code
from portal.account.passkey.routes import account_passkey
from portal.account.routes import account
from portal.account.sessions.routes import account_sessions
from portal.account.time_left.routes import time_left
from portal.account.way_in.routes import way_in
from portal.audit.journal import Journal
from portal.core.gateway import Gateway
from portal.core.http import HttpGateway
from portal.core.pool import PoolTransport
from portal.domain.people import Realm
from portal.family import BLUEPRINTS as FAMILY
from portal.identity.accounts import Accounts
from portal.identity.credentials import Credentials
from portal.identity.enrolment import WaysIn
from portal.identity.invitations import Invitations
from portal.identity.limits import build_limiter
from portal.identity.logout import SignOut
from portal.identity.own_code import OwnCodes
from portal.identity.passkeys import Passkeys
from portal.identity.providers import load_providers
from portal.identity.session import Lifetime
from portal.identity.sessions import Sessions
from portal.identity.sign_in import SignIn
from portal.identity.slow import SlowHash
from portal.outbox.box import Box
from portal.outbox.drafts import Drafts
from portal.outbox.seal import Sealer
from portal.outbox.stops import Stops
from portal.public.routes import public
from portal.settings import Service, Settings, WebSettings, data_folder
from portal.staff import BLUEPRINTS as STAFF
from portal.store.crypto import DraftKeys
from portal.store.unit import Store, create_engine_for
from portal.texts import Texts
from portal.uploads.desk import Desk, Limits
from portal.web import errors, finish, gate
from portal.web.assets import Assets
from portal.web.i18n import LanguagePrefix
from portal.web.limits import behind_proxies
from portal.web.parts import EXTENSION, Clock, Parts
from portal.web.rule import SMALL_BODY, GatedRule
from portal.web.uploads import MemoryRequest

ACCOUNT = (account, account_channels, account_passkey, account_code, account_sessions, time_left, way_in)


class Portal(Flask):
    """Flask with routes that must say which action they are."""

    url_rule_class = GatedRule  # type: ignore[assignment] # stricter on purpose
    request_class = MemoryRequest


def create_app(parts: Parts) -> Flask:
    """The application over its parts. Tests give parts of their own; nothing else differs."""
    app = Portal("portal", static_folder=None, template_folder=None)
    app.config.update(PROVIDE_AUTOMATIC_OPTIONS=False, MAX_CONTENT_LENGTH=SMALL_BODY, MAX_FORM_MEMORY_SIZE=SMALL_BODY)
    app.url_map.merge_slashes = False
    app.extensions[EXTENSION] = parts
    finish.install(app)
    gate.install(app)
    errors.install(app)
    for blueprint in (public, *ACCOUNT, *FAMILY, *STAFF):
        app.register_blueprint(blueprint)
    tags = [locale.tag for locale in parts.texts.locales]
    prefixed = LanguagePrefix(app.wsgi_app, tags)
    app.wsgi_app = behind_proxies(prefixed, parts.trusted_proxies)  # type: ignore[assignment, method-assign]
    return app


def lifetime(service: Service, realm: Realm) -> Lifetime:
    """How long sessions last at a service."""
    chosen = service.sessions
    if realm is Realm.STAFF:
        return Lifetime(chosen.staff_idle, chosen.staff_absolute, chosen.staff_idle)
    return Lifetime(chosen.family_idle, chosen.family_absolute, chosen.family_shared_idle)


def utc_now() -> datetime:
    """The clock outside tests."""
    return datetime.now(UTC)


def build_gateways(settings: Settings, clock: Clock) -> dict[str, Gateway]:
    """The core of each service. The only place that picks an adapter."""
    return {
        service.id: HttpGateway(service.core, service.id, clock, PoolTransport(service.core.url))
        for service in settings.services.values()
    }


def build_parts(settings: WebSettings, clock: Clock = utc_now, **replaced: Any) -> Parts:  # noqa: ANN401 parts by name
    """The parts of the web process; `replaced` puts others in their place."""
    shared = settings.shared
    store = replaced.get("store") or Store(create_engine_for(shared.database_url))
    keys = DraftKeys.parse(settings.draft_keys)
    sealer = Sealer.from_pem(settings.delivery_public_key)
    journal = Journal(shared.audit_key, clock)
    drafts = Drafts(store, keys, clock)
    providers = replaced.get("providers") or load_providers(
        {service.id: service.sign_in for service in shared.services.values()},
        clock,
        allow_loopback=not shared.production,
    )
    sessions = Sessions(store, clock, lambda service_id, realm: lifetime(shared.services[service_id], realm))
    accounts = Accounts(clock)
    invitations = Invitations(store, settings.credential_key, clock)
    slow = replaced.get("slow") or SlowHash()
    credentials = Credentials(store, settings.credential_key, slow, clock)
    own_codes = OwnCodes(store, drafts, clock, slow, settings.credential_key)
    return Parts(
        settings=shared,
        clock=clock,
        gateways=replaced.get("gateways") or build_gateways(shared, clock),
        store=store,
        journal=journal,
        sessions=sessions,
        sign_in=SignIn(store, providers, keys, clock),
        sign_out=SignOut(store, sessions, providers, clock),
        accounts=accounts,
        invitations=invitations,
        credentials=credentials,
        ways_in=WaysIn(invitations, credentials, accounts, sessions, own_codes=own_codes, clock=clock),
        own_codes=own_codes,
        passkeys=Passkeys(store, settings.credential_key, clock),
        box=Box(store, sealer, journal, drafts, clock),
        drafts=drafts,
        stops=Stops(store, journal, clock),
        sealer=sealer,
        texts=replaced.get("texts") or Texts([data_folder("templates")], data_folder("translations")),
        assets=Assets(data_folder("static")),
        limiter=replaced.get("limiter")
        or build_limiter(settings.limits_storage, settings.credential_key, store, clock),
        uploads=replaced.get("uploads") or Desk(Limits(), None),
        trusted_proxies=settings.trusted_proxies,
    )
