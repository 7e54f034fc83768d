"""`python -m portal.texts extract|update|check`: the translators' files from the code and back. For checkouts only."""

import argparse
import sys
from pathlib import Path

from portal.texts.catalogues import CatalogueError
from portal.texts.extraction import ExtractionError
from portal.texts.upkeep import faults, tags, update, write_template

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run one command; 0 when all is well, 1 when texts are missing or files cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m portal.texts", description=__doc__)
    parser.add_argument("command", choices=("extract", "update", "check"))
    parser.add_argument("--prune", action="store_true", help="with update: drop texts that are no longer used")
    chosen = parser.parse_args(arguments)
    try:
        problems = _run(chosen.command, root, prune=chosen.prune)
    except (CatalogueError, ExtractionError) as error:
        problems = [str(error)]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _run(command: str, root: Path, *, prune: bool) -> list[str]:
    if command == "check":
        return faults(root)
    write_template(root)
    if command == "extract":
        return []
    return [f"{tag}: missing: {text}" for tag in tags(root) for text in update(root, tag, prune=prune)]


if __name__ == "__main__":
    sys.exit(main())
