"""The desk from the environment: `LYTT_UPLOAD_MEGABYTES`, `_MINUTES` and `_PAGES`, `LYTT_SCANNER`; none is needed."""

from __future__ import annotations

from collections.abc import Mapping

from portal.settings import SettingsError
from portal.uploads.desk import MEGABYTE, Desk, Limits
from portal.uploads.scanner import scanner_at

_USUAL = Limits()


def desk_from(environ: Mapping[str, str]) -> Desk:
    """Where files are taken in. Without `LYTT_SCANNER` none is asked. Raises `SettingsError`."""
    limits = Limits(
        most_bytes=_number(environ, "LYTT_UPLOAD_MEGABYTES", _USUAL.most_bytes // MEGABYTE, most=15) * MEGABYTE,
        most_seconds=_number(environ, "LYTT_UPLOAD_MINUTES", _USUAL.most_seconds // 60, most=10) * 60,
        most_pages=_number(environ, "LYTT_UPLOAD_PAGES", _USUAL.most_pages, most=50),
    )
    address = environ.get("LYTT_SCANNER", "")
    return Desk(limits, scanner_at(address) if address else None)


def _number(environ: Mapping[str, str], name: str, usual: int, *, most: int) -> int:
    given = environ.get(name, str(usual))
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= most:
        raise SettingsError(name, f"must be a number from 1 to {most}")
    return int(given)
