"""The application: a database filled once, guarded doors, the contract's operations."""

from __future__ import annotations

from flask import Flask

from portal.demo.reference_core.auth import Clock, Doorkeeper
from portal.demo.reference_core.bodies import LARGEST_BODY_BYTES
from portal.demo.reference_core.config import ConfigurationRefused, CoreConfig
from portal.demo.reference_core.doors import install_doors, install_refusals
from portal.demo.reference_core.faults import Faults, install_faults
from portal.demo.reference_core.load import load
from portal.demo.reference_core.parts import Core
from portal.demo.reference_core.routes import install_routes
from portal.demo.reference_core.schema import Database, has_tables, is_of_this_version
from portal.demo.story import load_story


def create_core(config: CoreConfig, clock: Clock) -> Flask:
    """A core for one service over its own database, filled from the story the first time.

    `clock` gives the moment in UTC. Raises `ConfigurationRefused`, and `StoryError` for a bad story.
    """
    core = Core(Database(config.database), clock, Doorkeeper(config, clock))
    _fill(core, config)
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY_BYTES
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # of the default provider
    if config.faults:
        install_faults(app, Faults())
    install_doors(app, core)
    install_refusals(app)
    install_routes(app, core)
    return app


def _fill(core: Core, config: CoreConfig) -> None:
    config.database.parent.mkdir(parents=True, exist_ok=True)
    with core.database.write() as connection:
        if has_tables(connection):
            if not is_of_this_version(connection):
                raise ConfigurationRefused("database: of another version of this core; begin afresh: make demo RESET=1")
            return  # a second start finds its data again
        try:
            load(connection, load_story(config.story), config.service, core.today())
        except KeyError:
            raise ConfigurationRefused("service: the story knows no such service") from None
