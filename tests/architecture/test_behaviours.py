"""Each of the 43 behaviours of a safe sign-in is named by a test, and the page that lists them is never stale.

Write the page's last column anew with `python -m tests.architecture.test_behaviours`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/decisions/sign-in-behaviours.md"
BEHAVIOURS = range(1, 44)
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \|[^|]*\|$", re.MULTILINE)
_NAMED = re.compile(r"(?<![a-z])item[\s_](\d+)|\bitems\s(\d+(?:(?:,\s|\sand\s|\sto\s)\d+)*)", re.IGNORECASE)


def numbers(text: str) -> set[int]:
    """What a text names: "item 7", "items 7 and 8", "items 7, 8 and 10", "items 7 to 9"."""
    found: set[int] = set()
    for one, several in _NAMED.findall(text):
        if one:
            found.add(int(one))
        for part in re.split(r",\s|\sand\s", several) if several else ():
            ends = [int(end) for end in re.split(r"\sto\s", part)]
            found |= set(range(ends[0], ends[-1] + 1))
    return found


@lru_cache
def proofs() -> tuple[tuple[int, str], ...]:
    """Behaviours and the tests that name them, as `file: test`."""
    return tuple(_proofs())


def _proofs() -> Iterator[tuple[int, str]]:
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        if "node_modules" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for number in numbers(f"{node.name} {ast.get_docstring(node) or ''}"):
                    yield number, f"`{path.stem}`: {node.name.removeprefix('test_').replace('_', ' ')}"


def page_now(page: str) -> str:
    """The page with the tests that there are."""

    def row(found: re.Match[str]) -> str:
        tests = sorted({test for number, test in proofs() if number == int(found[1])})
        return f"| {found[1]} | {found[2]} | {'<br>'.join(tests) or 'none'} |"

    return ROW.sub(row, page)


def test_numbers_are_read_as_people_write_them() -> None:
    assert numbers("Items 7, 8 and 10 (RFC 9207); item 12.") == {7, 8, 10, 12}
    assert numbers("test_this_is_item_3 Items 33 to 35, and 36 times") == {3, 33, 34, 35}
    assert numbers("An item of 7, or 8 items") == set()


def test_every_behaviour_is_named_by_a_test() -> None:
    missing = set(BEHAVIOURS) - {number for number, _ in proofs()}
    assert missing == set(), f"no test names item {', '.join(map(str, sorted(missing)))}"


def test_no_test_names_a_behaviour_that_is_not_listed() -> None:
    assert {test for number, test in proofs() if number not in BEHAVIOURS} == set()


def test_the_page_lists_the_behaviours_with_the_tests_there_are() -> None:
    page = PAGE.read_text("utf-8")
    assert [int(number) for number, _ in ROW.findall(page)] == list(BEHAVIOURS)
    assert page == page_now(page), "write it anew: python -m tests.architecture.test_behaviours"


if __name__ == "__main__":
    PAGE.write_text(page_now(PAGE.read_text("utf-8")), "utf-8")
