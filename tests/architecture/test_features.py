"""Each feature that is said to be built is named by a test: "Feature S1" in its docstring."""

from __future__ import annotations

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
BUILT = {f"S{number}" for number in range(1, 6)} | {"Y1", "Y2", "Y3", "W1", "W4", "C6", "C7", "V5", "V8", "C8"} | {"C9"}
BUILT |= {"W2", "V1", "V2", "V3", "V4", "V7"}
BUILT |= {"M3"}
"""Signing in: any national ID, a child without one, staff, several children, somebody else with the phone."""
BUILT |= {"C4", "P1", "P2", "P3", "P4", "P5"}
"""The plan: goals and measures, and what one thinks of each."""
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
