"""Houses for stories that are made up on the way, and their people's browsers. Nothing in them is too quick."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from limits.storage import MemoryStorage

from portal.demo.reference_core import core_id
from portal.identity.limits import Limiter
from tests.canary.oracle import Json
from tests.house import START, House, build
from tests.inspector import Browser

NOBODYS_ID = "00000000-0000-4000-8000-000000000000"
Ids = dict[str, Iterable[str]]


class Forgetful(MemoryStorage):
    """Counts nothing: who goes everywhere reads more than a person does."""

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Always the first time."""
        return min(1, super().incr(key, expiry, amount))

    def get(self, key: str) -> int:
        """Never before."""
        return min(0, super().get(key))


def house_of(document: Json, folder: Path) -> House:
    """A house with this story."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "story.json"
    file.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return build(folder / "house", file, limiter=Limiter(Forgetful(), b"k" * 32, lambda: START))


def ids(document: Json, person: str | None = None) -> Ids:
    """Every id a story makes, by what stands in its place in an address; and one that is nobody's.

    With a person only those of cases in which that person has, or had, any part.
    """
    cases = [
        (service["id"], case)
        for service in document["services"]
        for case in service["cases"]
        if person is None or person in {case["child"], *(grant["person"] for grant in case["grants"])}
    ]
    documents = [
        core_id(service, "document", case["key"], one["key"])
        for service, case in cases
        for one in case.get("documents", [])
    ]
    threads = [
        core_id(service, "thread", case["key"], grant["person"]) for service, case in cases for grant in case["grants"]
    ]
    people = {core_id(service, "person", person["key"]) for service, _ in cases for person in document["people"]}
    return {
        "case_id": [*(core_id(service, "case", case["key"]) for service, case in cases), NOBODYS_ID],
        "document_id": [*documents, NOBODYS_ID],
        "thread_id": threads,
        "child_id": [core_id(service, "person", case["child"]) for service, case in cases],
        "person_id": sorted(people),
        "referral_id": [NOBODYS_ID],
        "submission_id": [NOBODYS_ID],
    }


def browser_of(house: House, person: str) -> Browser:
    """Signed in at the first service as they can: with a national ID, or let in by a worker."""
    service = house.story.services[0].id
    if house.story.person(person).pid is None:
        return house.let_in(person, service)
    return house.signed_in(person, service)
