"""Each feature that is said to be built is named by a test: "Feature S1" in its docstring."""

from __future__ import annotations

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
BUILT = {
    *(f"S{number}" for number in range(1, 6)),  # signing in
    *("C4", "C6", "C7", "C8", "C9"),  # the case
    *("P1", "P2", "P3", "P4"),  # the plan
    *("V1", "V2", "V3", "V4", "V5", "V7", "V8"),  # having a say
    "M3",  # pictures, sounds and documents with messages
    *("W1", "W2", "W4"),  # caseworkers
    *("Y1", "Y2", "Y3"),  # privacy inside the family
}
NAMED = re.compile(r"\bFeatures? ([A-Z]\d+(?:(?:, | and )[A-Z]\d+)*)")


def named(path: Path) -> set[str]:
    """The features that the tests of a file name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            for several in NAMED.findall(ast.get_docstring(node) or ""):
                found |= set(re.split(r", | and ", several))
    return found


def test_every_feature_is_named_by_a_test() -> None:
    files = [path for path in TESTS.rglob("test_*.py") if "node_modules" not in path.parts]
    assert set().union(*map(named, files)) >= BUILT
