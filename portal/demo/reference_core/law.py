"""The ages this core's country sets, as its pack dates them. The core decides by them; the portal decides again."""

from __future__ import annotations

import sqlite3

from portal.demo.reference_core.schema import service_fact
from portal.jurisdictions import Ages, jurisdiction


def ages(connection: sqlite3.Connection) -> Ages:
    """Those of the country the service works in."""
    return jurisdiction(service_fact(connection, "jurisdiction")).ages
