"""Default deny, as far as reading the source can prove it (house.md, "Default deny, in five rings")."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.access.actions import PUBLIC, SEE_OVERVIEW
from portal.access.grants import Grant, Seal
from portal.access.standing import Target
from portal.app import Portal
from portal.domain.people import Actor, Assurance, Realm

PORTAL = Path(__file__).parents[2] / "portal"
SIDES = ("family", "staff", "public", "account")
BANNED_IN_SIDES = {"sqlalchemy", "authlib", "urllib3", "requests", "flask_login", "joserfc", "cryptography"}


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Every module below the folders of the package, by its path in it."""
    for folder in folders or ("",):
        for path in sorted((PORTAL / folder).rglob("*.py")):
            yield path.relative_to(PORTAL).as_posix(), ast.parse(path.read_text("utf-8"))


def callers(name: str) -> set[str]:
    return {
        path
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    }


def test_access_is_decided_in_the_gate_and_before_delivery_and_nowhere_else() -> None:
    """And in a preview: the gate lets the worker look on, and then it is decided what the person looked on as gets.

    And before a writer is told that somebody opened or answered what was delivered.
    """
    assert callers("decide") == {"web/gate.py", "web/preview.py", "outbox/send.py", "outbox/reconcile.py"}


def test_a_grant_is_made_by_the_decision_and_nowhere_else() -> None:
    assert callers("Grant") == {"access/decide.py"}
    importers = {
        path
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and any(alias.name == "SEAL" for alias in node.names)
    }
    assert importers == {"access/decide.py"}


def test_a_made_up_grant_is_refused() -> None:
    actor = Actor("fjordvik", Realm.FAMILY, "somebody", Assurance.HIGH)
    with pytest.raises(TypeError, match="nowhere else"):
        Grant(SEE_OVERVIEW, actor, Target(), None, None, keep_only=False, seal=Seal())


def test_a_route_without_its_action_cannot_be_registered() -> None:
    app = Portal("portal", static_folder=None)
    with pytest.raises(TypeError, match="access"):
        app.add_url_rule("/forgotten", "forgotten", lambda: "")
    app.add_url_rule("/said", "said", lambda: "", access=PUBLIC)
    assert [rule.endpoint for rule in app.url_map.iter_rules()] == ["said"]


@pytest.mark.parametrize("side", SIDES)
def test_sides_touch_neither_database_nor_network_nor_flask_session(side: str) -> None:
    for path, tree in modules(side):
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                roots = {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                roots = {(node.module or "").split(".")[0]}
                if node.module == "flask":
                    assert "session" not in {alias.name for alias in node.names}, path
            else:
                continue
            assert not roots & BANNED_IN_SIDES, path


COUNTRY = re.compile(
    r"Norw|norsk|barnevern|kommune\b|bufdir|storting|lovdata|\bLOV-\d|\bProp\. \d|\bbvl\b|forvaltning"  # land, law
    r"|§§? ?\d+-\d"  # a section as that law counts it; the RFCs' have a point
    r"|ID-?porten|BankID|MinID\b|Buypass|Altinn|fødselsnummer|no-pid"  # electronic IDs and numbers
    r"|116 ?111|116 ?117|\b112\b|\+47\b|Europe/Oslo",  # whom to call, and the clock
    re.IGNORECASE,
)
KNOWS_ONE: dict[str, set[str]] = {
    "texts/locales.py": {"norsk"},  # a language calls itself by its own name
    "core/contract/openapi.yaml": {"norw", "no-pid"},  # the scheme of a number says whose it is
}
ABOUT_ONE = ("jurisdictions/no/", "demo/", "identity/profiles/", "identity/words_")
"""A country's pack, the invented story, what one provider is like, and a list of everyday words of one language."""


def test_no_country_outside_its_pack() -> None:
    """Issue 4, deliver 2: no statute, number to call, electronic ID or authority of a country in code or template."""
    root = PORTAL.parent
    read = [*PORTAL.rglob("*"), *(root / "templates").rglob("*"), *(root / "static").rglob("*")]
    for path in read:
        if path.suffix not in {
            ".py",
            ".html",
            ".js",
            ".css",
            ".yaml",
            ".toml",
            ".svg",
            ".txt",
            ".json",
            ".webmanifest",
        }:
            continue
        inside = path.relative_to(PORTAL if path.is_relative_to(PORTAL) else root).as_posix()
        if inside.startswith(ABOUT_ONE):
            continue
        found = {word.lower() for word in COUNTRY.findall(path.read_text("utf-8"))}
        assert found == KNOWS_ONE.get(inside, set()), inside


def test_only_the_gateway_methods_named_in_the_house_work_without_a_grant() -> None:
    tree = ast.parse((PORTAL / "core/gateway.py").read_text("utf-8"))
    port = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Gateway")
    without = {
        method.name
        for method in port.body
        if isinstance(method, ast.FunctionDef) and "grant" not in {argument.arg for argument in method.args.args}
    }
    assert without == {"capabilities", "resolve_person", "standing", "changes", "receipt", "keep_head", "latest_head"}
