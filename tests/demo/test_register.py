"""What a population register says changes who has responsibility, and opens no door (R0)."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from portal.demo.reference_core.__main__ import main
from portal.demo.reference_core.config import CoreConfig
from portal.demo.reference_core.register import Imported, ImportRefused, import_register, read_import
from portal.demo.reference_core.schema import Database
from portal.demo.story import DEFAULT_STORY, load_story
from tests.demo.core_client import FRIDAY, CoreAtWork, config, core_at_work
from tests.demo.test_reference_core_rules import child_facts, has_nothing

SHIELDS = ("blocked", "hidden_from", "inside", "withheld", "danger", "child_case")


@pytest.fixture
def core(tmp_path: Path) -> CoreAtWork:
    return core_at_work(tmp_path)


def number(who: str) -> dict[str, str]:
    value = load_story(DEFAULT_STORY).person(who).pid
    assert value is not None
    return {"scheme": "no-pid", "value": value}


def entry(core: CoreAtWork, child: str, parent: str, *, held: bool, relation: str = "father") -> dict[str, Any]:
    """A child by this core's own id: the youngest have no number here."""
    who = {"id": core.id("person", child)}
    return {"child": who, "parent": number(parent), "relation": relation, "responsibility": held}


def taken_in(folder: Path, *entries: dict[str, Any]) -> Imported:
    path = folder / "register.json"
    path.write_text(json.dumps({"source": "register", "parents": entries}), encoding="utf-8")
    with Database(folder / "fjordvik.sqlite").write() as connection:
        return import_register(connection, read_import(path), FRIDAY)


def rows(folder: Path, *tables: str) -> list[list[tuple[Any, ...]]]:
    with sqlite3.connect(folder / "fjordvik.sqlite") as database:
        found = [database.execute(f"SELECT * FROM {table}").fetchall() for table in tables]  # noqa: S608 names above
    database.close()
    return found


def test_a_father_whom_a_block_keeps_away_stays_away(core: CoreAtWork, tmp_path: Path) -> None:
    """R0: the register says that Kent is Mia's father with responsibility; he is blocked all the same."""
    done = taken_in(
        tmp_path,
        entry(core, "mia", "kent", held=False),
        entry(core, "mia", "kent", held=True),
    )
    assert done.updated == 2
    assert has_nothing(core, "kent", "mia")
    facts = child_facts(core, "kent", "mia")
    assert facts["blocked"] == {"state": "known", "value": True}
    assert facts["responsibility"]["value"] == {"held": True, "source": "register"}


def test_an_import_gives_no_access(core: CoreAtWork, tmp_path: Path) -> None:
    """R0: a father of the register without a grant of the core has none afterwards."""
    before = rows(tmp_path, "access")
    taken_in(tmp_path, entry(core, "sofie", "rune", held=True), entry(core, "jakob", "thomas", held=True))
    assert rows(tmp_path, "access") == before
    assert has_nothing(core, "rune", "sofie")
    assert core.page("thomas", "jakob", "overview").status == 404


def test_an_import_touches_no_shield(core: CoreAtWork, tmp_path: Path) -> None:
    """R0: blocks, hidden and protected addresses, what is withheld and dangers survive every import."""
    before = rows(tmp_path, *SHIELDS)
    people = ("kent", "silje"), ("rune", "anne"), ("idris", "sara"), ("thomas", "ingrid")
    for child, (father, mother) in zip(("mia", "jakob", "adam", "sofie"), people, strict=True):
        for held in (False, True):
            taken_in(
                tmp_path,
                entry(core, child, father, held=held),
                entry(core, child, mother, held=held, relation="mother"),
            )
    assert rows(tmp_path, *SHIELDS) == before


def test_responsibility_that_ends_ends_the_access_at_once_and_its_return_wakes_nothing(
    core: CoreAtWork, tmp_path: Path
) -> None:
    """R10, R0: the service gives it anew, or does not."""
    assert core.page("thomas", "sofie", "overview").status == 200
    assert taken_in(tmp_path, entry(core, "sofie", "thomas", held=False)).ended == 0
    assert has_nothing(core, "thomas", "sofie")
    assert core.page("thomas", "emil", "overview").status == 200  # another child, another fact
    assert taken_in(tmp_path, entry(core, "sofie", "thomas", held=True)).ended == 1
    assert has_nothing(core, "thomas", "sofie")
    assert has_nothing(core, "henrik", "sofie")
    assert child_facts(core, "thomas", "sofie")["responsibility"]["value"]["held"] is True


def test_what_a_court_has_said_a_register_does_not_undo(core: CoreAtWork, tmp_path: Path) -> None:
    assert taken_in(tmp_path, entry(core, "leila", "omid", held=True)).kept_from_court == 1
    assert has_nothing(core, "omid", "leila")
    assert child_facts(core, "omid", "leila")["responsibility"]["value"] == {"held": False, "source": "court"}


def test_whom_the_core_does_not_know_it_does_not_get_to_know(core: CoreAtWork, tmp_path: Path) -> None:
    before = rows(tmp_path, "person", "number", "responsibility")
    stranger = {**entry(core, "sofie", "thomas", held=True), "parent": {"scheme": "no-pid", "value": "01810112345"}}
    no_child = {**entry(core, "sofie", "thomas", held=True), "child": number("ingrid")}
    assert taken_in(tmp_path, stranger, no_child).not_known_here == 2
    assert rows(tmp_path, "person", "number", "responsibility") == before


def test_what_says_the_same_changes_nothing_and_a_change_is_in_the_feed(core: CoreAtWork, tmp_path: Path) -> None:
    assert taken_in(tmp_path, entry(core, "sofie", "thomas", held=True)).unchanged == 1
    assert core.types_of_changes() == []
    taken_in(tmp_path, entry(core, "sofie", "thomas", held=False))
    assert core.types_of_changes() == [("standing.changed", core.id("person", "thomas"))]


@pytest.mark.parametrize(
    "text", ["{", '{"source": "register"}', '{"source": "gossip", "parents": []}', '{"parents": [{"child": 1}]}']
)
def test_what_is_no_import_is_refused_without_repeating_it(text: str, tmp_path: Path) -> None:
    (tmp_path / "register.json").write_text(text, encoding="utf-8")
    with pytest.raises(ImportRefused) as refusal:
        read_import(tmp_path / "register.json")
    assert "gossip" not in str(refusal.value)


def test_the_command_says_what_came_of_it_in_numbers(
    core: CoreAtWork, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = written(config(tmp_path), tmp_path)
    file = tmp_path / "register.json"
    file.write_text(
        json.dumps({"source": "register", "parents": [entry(core, "sofie", "thomas", held=False)]}), encoding="utf-8"
    )
    main(["import-register", str(settings), str(file)])
    said = capsys.readouterr().out
    assert said.startswith("updated: 1, unchanged: 0, ")
    assert number("thomas")["value"] not in said
    assert has_nothing(core, "thomas", "sofie")
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"register\.json: \$"):
        main(["import-register", str(settings), str(file)])
    (tmp_path / "fjordvik.sqlite").unlink()
    file.write_text('{"source": "register", "parents": []}', encoding="utf-8")
    with pytest.raises(SystemExit, match="no data yet"):
        main(["import-register", str(settings), str(file)])


def written(core: CoreConfig, folder: Path) -> Path:
    path = folder / "core.json"
    path.write_text(
        json.dumps(
            {
                "service": core.service,
                "story": str(core.story),
                "database": str(core.database),
                "port": 0,
                "audience": core.audience,
                "client_id": core.client_id,
                "client_jwks": core.client_keys.as_dict(private=False),
                "actor_jwks": core.actor_keys.as_dict(private=False),
            }
        ),
        encoding="utf-8",
    )
    return path
