"""Why somebody is not shown more, and how to appeal, in the core's own words. None of them says that there is more.

The codes are those of the country's pack; protection against harm and an investigation have one wording, so that
nobody can tell the two apart (rules.md R11, R12).
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import timedelta

from portal.demo.reference_core.schema import service_fact
from portal.jurisdictions import jurisdiction

WISH_WORKING_DAYS = 10
"""Within how many working days a wish to see more is answered; counted from the wish alone."""
APPEAL_WORKING_DAYS = 20
APPEAL_WITHIN = timedelta(weeks=3)  # fvl section 29


@dataclass(frozen=True)
class Said:
    """The same for a child and for an adult."""

    child: str
    adult: str

    def to(self, *, is_child: bool) -> str:
        """The words for this reader."""
        return self.child if is_child else self.adult


REASONS = {
    "protection": Said(
        "Noen ganger kan vi ikke vise alt. Det er for å passe på noen. Svaret sier ikke om det er mer, eller hva det "
        "er.",
        "Loven sier at vi noen ganger ikke kan vise alt. Det gjelder når det kan skade noen, eller hindre at noe blir "
        "undersøkt. Svaret sier ikke om det finnes mer, eller hva det er.",
    ),
    "privacy": Said(
        "Det andre sier om seg selv, viser vi ikke til noen. Sånn er det med det du sier også.",
        "Det andre har fortalt om seg selv, er deres. Det viser vi ikke til noen. Det samme gjelder det du forteller.",
    ),
    "not_a_party": Said(
        "Brev og papirer leser vi sammen med deg. Spør oss, så finner vi en dag.",
        "Dokumenter vises til dem som er parter. Du får likevel vite hva som er bestemt, og du kan spørre oss om det.",
    ),
}

HOW_TO_APPEAL = Said(
    "Du kan skrive hva du er uenig i. Du kan også bare trykke. Da ser vi på det en gang til. Sier vi nei igjen, er det "
    "noen andre som bestemmer.",
    "Skriv hva du er uenig i, eller bare send klagen. Vi ser på det en gang til. Blir svaret det samme, avgjør noen "
    "utenfor tjenesten.",
)


def legal_basis(connection: sqlite3.Connection, code: str) -> str | None:
    """The law a reason rests on, as the pack of the service's country cites it."""
    pack = jurisdiction(service_fact(connection, "jurisdiction"))
    found = next((refusal for refusal in pack.refusals if refusal.code == code), None)
    return None if found is None else pack.references[found.reference].title
