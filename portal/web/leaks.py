"""What a text would tell its reader that is shielded from them, as this country writes it. Keeps nothing of it."""

from __future__ import annotations

from portal.access.folding import compact
from portal.access.leaks import Finding, find_leaks
from portal.domain.shielding import ShieldedFrom
from portal.jurisdictions.leaks import LeakKind
from portal.web.visit import Visit


def leaks_in(visit: Visit, text: str, shielded: ShieldedFrom) -> tuple[Finding, ...]:
    """Each thing once, but for the service's own number: it stands on every page and gives nothing away."""
    return _but_ours(visit, find_leaks(text, shielded, visit.jurisdiction.leak_patterns))


def leaks_on_page(visit: Visit, words: str, shielded: ShieldedFrom) -> tuple[Finding, ...]:
    """The same for a whole page. It bears numbers to call: of numbers only those count that the core shields."""
    patterns = tuple(one for one in visit.jurisdiction.leak_patterns if one.kind is not LeakKind.PHONE)
    return _but_ours(visit, find_leaks(words, shielded, patterns))


def _but_ours(visit: Visit, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    ours = compact(visit.service.office_phone)
    return tuple(one for one in found if not (one.kind is LeakKind.PHONE and compact(one.words).endswith(ours)))
