"""The size budget (house.md). Exceptions stand here with a reason and may only shrink."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

ROOT = Path(__file__).parents[2]
PORTAL = ROOT / "portal"

FILE_MEDIAN, FILE_MOST = 90, 400
FUNCTION_P95, FUNCTION_MOST = 30, 50
TEMPLATE_P95, COMPONENT_MOST, TEST_MOST, CREATE_APP_MOST = 120, 80, 500, 40


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def functions() -> dict[str, int]:
    found = {}
    for path in PORTAL.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                name = f"{path.relative_to(PORTAL)}:{node.name}"
                found[name] = (node.end_lineno or node.lineno) - node.lineno + 1
    return found


def p95(values: list[int]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def test_files_are_short() -> None:
    sizes = {str(path.relative_to(ROOT)): lines(path) for path in PORTAL.rglob("*.py") if lines(path) > 1}
    assert statistics.median(sizes.values()) < FILE_MEDIAN
    assert {name: size for name, size in sizes.items() if size > FILE_MOST} == {}


def test_functions_are_short() -> None:
    sizes = functions()
    assert p95(list(sizes.values())) < FUNCTION_P95
    assert {name: size for name, size in sizes.items() if size > FUNCTION_MOST} == {}


def test_the_wiring_fits_on_one_screen() -> None:
    assert functions()["app.py:create_app"] < CREATE_APP_MOST


def test_templates_are_short() -> None:
    templates = list((ROOT / "templates").rglob("*.html"))
    assert p95([lines(path) for path in templates]) < TEMPLATE_P95
    components = (ROOT / "templates/components").glob("*.html")
    assert {path.name for path in components if lines(path) >= COMPONENT_MOST} == set()


def test_test_files_are_short() -> None:
    long = {str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("*.py") if lines(path) >= TEST_MOST}
    assert long == set()


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in PORTAL.rglob("*.py")
        if ast.get_docstring(ast.parse(path.read_text("utf-8"))) is None
    ]
    assert silent == []
