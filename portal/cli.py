"""The command `lytt`: serve, deliver, migrate, verify. Settings come from the environment (docs/operations.md)."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

import requests

from portal.app import build_gateways, build_parts, utc_now
from portal.audit.anchors import Anchors, said
from portal.audit.events import Entry, Event
from portal.audit.journal import Journal
from portal.domain.people import Realm
from portal.identity.errors import ProfileError
from portal.identity.inspection import Verdict, inspect
from portal.identity.providers import load_providers
from portal.identity.registration import report
from portal.identity.sign_in import Providers
from portal.jurisdictions import jurisdiction
from portal.logs import configure, log
from portal.outbox.reconcile import Reconciler
from portal.outbox.seal import Opener
from portal.outbox.send import Worker
from portal.settings import Settings, SettingsError, web_settings, worker_settings
from portal.store.migrate import upgrade
from portal.store.unit import Store, create_engine_for
from portal.uploads.settings import desk_from

PAUSE_SECONDS = 0.5
RECONCILE_EVERY = 4
"""Rounds of delivery between two looks at the change feed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. 0 when it did what it says, 1 when a check failed, 2 when it could not start."""
    configure()
    parser = argparse.ArgumentParser(prog="lytt", description=__doc__)
    subparsers = parser.add_subparsers(dest="command", required=True)
    commands: Mapping[str, tuple[str, Callable[[Mapping[str, str]], int]]] = {
        "serve": ("serve pages (granian, in this process's place)", serve),
        "deliver": ("bring submissions to the cores until stopped", deliver),
        "migrate": ("bring the database to this version's schema", migrate),
        "check": ("read the settings and say what is wrong with them", check),
    }
    for name, (told, _) in commands.items():
        subparsers.add_parser(name, help=told)
    idp = subparsers.add_parser("idp", help="look at a provider of identities before anybody signs in")
    idp.add_argument("what", choices=["check"])
    idp.add_argument("profile", help="the profile's id")
    idp.add_argument("--service", help="one service only")
    audit = subparsers.add_parser("audit", help="check the audit journal against what the cores keep of it")
    audit.add_argument("what", choices=["verify"])
    audit.add_argument("--service", help="one service only")
    forgotten = subparsers.add_parser("code-away", help="take a forgotten own code away, after meeting its owner")
    forgotten.add_argument("service", help="the service's id")
    forgotten.add_argument("person", help="the person's id in the core of that service")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "code-away":
            return code_away(os.environ, chosen.service, chosen.person)
        if chosen.command == "audit":
            return verify_audit(os.environ, chosen.service)
        if chosen.command == "idp":
            return check_provider(os.environ, chosen.profile, chosen.service)
        return commands[chosen.command][1](os.environ)
    except (SettingsError, ProfileError) as error:
        print(f"Refusing to start. {error}", file=sys.stderr)
        return 2


def serve(environ: Mapping[str, str]) -> int:
    """Serve pages on LYTT_LISTEN (host:port); settings are read once before, so that a fault is named once."""
    _providers(web_settings(environ).shared)
    desk_from(environ)
    host, _, port = environ.get("LYTT_LISTEN", "127.0.0.1:8000").rpartition(":")
    granian = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        port,
        "--workers",
        environ.get("LYTT_WEB_PROCESSES", "2"),
        "--blocking-threads",
        "8",
        "--no-ws",
        "--no-access-log",  # said, because the environment could turn it on; its lines may hold codes and states
        "--respawn-failed-workers",
        "--log-level",
        "warning",
        "portal.wsgi:application",
    ]
    os.execv(sys.executable, granian)  # noqa: S606 our own server, no shell


def deliver(environ: Mapping[str, str]) -> int:
    """Deliver until SIGTERM or Ctrl-C; what is under way is finished first."""
    settings = worker_settings(environ)
    stop = threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    store = Store(create_engine_for(settings.shared.database_url))
    journal = Journal(settings.shared.audit_key, utc_now)
    gateways = build_gateways(settings.shared, utc_now)
    opener = Opener.from_pem(settings.delivery_private_key)
    timezones = {service.id: service.timezone for service in settings.shared.services.values()}
    ages = {service.id: jurisdiction(service.jurisdiction).ages for service in settings.shared.services.values()}
    worker = Worker(store, opener, gateways, journal, utc_now, timezones=timezones, ages=ages)
    reconciler = Reconciler(store, opener, gateways, journal, utc_now, timezones=timezones, ages=ages)
    anchors = Anchors(store, journal, gateways, utc_now)
    log("worker.started")
    turn = 0
    while not stop.is_set():
        try:
            sent = worker.run_once()
            if turn % RECONCILE_EVERY == 0:
                reconciler.run_once()
                anchors.send_due()
        except Exception as error:  # noqa: BLE001 whatever it is, what waits is tried again; nobody else delivers it
            log("worker.fault", level=logging.ERROR, error=error)
            sent = 0
        turn += 1
        if not sent:
            stop.wait(PAUSE_SECONDS)
    return 0


def code_away(environ: Mapping[str, str], service_id: str, person_id: str) -> int:
    """Take away the code before an adult's own words (rules.md R20); a child's is taken away by its worker.

    0 whether there was one or not: that there is one is told to nobody but the journal. 1 for an unknown service.
    """
    parts = build_parts(web_settings(environ))
    if service_id not in parts.settings.services:
        print("There is no such service.", file=sys.stderr)
        return 1
    with parts.store.write() as connection:
        parts.sessions.revoke_person(connection, service_id, person_id, "code_away")
        codes = parts.own_codes.reset(connection, service_id, person_id)
        outcome = "operator" if codes else "none"
        parts.journal.record(connection, Entry(service_id, Event.CODE_REMOVED, Realm.STAFF, outcome=outcome))
    print("If there was a code, it is gone.")
    return 0


def migrate(environ: Mapping[str, str]) -> int:
    """Bring the database to this version's schema; safe to repeat."""
    upgrade(create_engine_for(web_settings(environ).shared.database_url))
    return 0


def check(environ: Mapping[str, str]) -> int:
    """Say what is wrong with the settings, or that nothing is."""
    shared = web_settings(environ).shared
    _providers(shared)
    desk_from(environ)
    print(f"The settings are complete: {len(shared.services)} services, environment {shared.environment}.")
    return 0


def check_provider(environ: Mapping[str, str], profile_id: str, service_id: str | None) -> int:
    """Compare a provider with its profile. 1 for a misfit, 2 when it cannot be reached or nobody has it."""
    shared = web_settings(environ).shared
    chosen = {
        service: provider.profile
        for (service, profile), provider in _providers(shared).items()
        if profile == profile_id and service_id in {None, service}
    }
    if not chosen:
        print("No service has this profile.", file=sys.stderr)
        return 2
    misfits = 0
    for service, profile in chosen.items():
        targets = shared.services[service].form_targets
        try:
            findings = inspect(profile, targets, utc_now)
        except requests.RequestException as error:
            print(f"{service}: the provider cannot be reached or understood ({type(error).__name__}).", file=sys.stderr)
            return 2
        print("\n".join(report(profile, shared.services[service].origin, targets, findings)))
        misfits += sum(finding.verdict is Verdict.MISFIT for finding in findings)
    return 1 if misfits else 0


def _providers(shared: Settings) -> Providers:
    """The providers' profiles, checked; keys that expire soon are written down."""
    tables = {service.id: service.sign_in for service in shared.services.values()}
    return load_providers(tables, utc_now, allow_loopback=not shared.production)


def verify_audit(environ: Mapping[str, str], service_id: str | None) -> int:
    """Name the first broken row of each service's journal, held against what its core keeps.

    0 when all are whole, 1 when one is broken, 3 when none is and a core could not be asked; 2 for an unknown service.
    """
    shared = web_settings(environ).shared
    if service_id not in {None, *shared.services}:
        print("There is no such service.", file=sys.stderr)
        return 2
    store = Store(create_engine_for(shared.database_url))
    anchors = Anchors(store, Journal(shared.audit_key, utc_now), build_gateways(shared, utc_now), utc_now)
    findings = [anchors.check(service_id) for service_id in ([service_id] if service_id else shared.services)]
    print("\n".join(said(finding) for finding in findings))
    if any(finding.broken is not None for finding in findings):
        return 1
    return 3 if any(finding.anchor is None for finding in findings) else 0


if __name__ == "__main__":
    sys.exit(main())
