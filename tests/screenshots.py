"""Photographs: `python -m tests.screenshots` makes docs/phone.png, `--all FOLDER` every page in four looks as well.

Starts a demonstration of its own and ends it again; shows invented people only.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.accessibility.visits import Look, Place, Visitor, places
from tests.journeys.browsers import PHONE, People, open_browser
from tests.journeys.world import start_world

ROOT = Path(__file__).parents[1]
PHONE_PICTURE = ROOT / "docs/phone.png"
LARGEST_BYTES = 150_000
WIDTHS = {360: 740, 1280: 900}
LOOKS = tuple(
    Look(f"{width}-{scheme}", "nb", scheme, width, height)
    for width, height in WIDTHS.items()
    for scheme in ("light", "dark")
)


def main() -> int:
    """0 when every picture was taken; 1 when the phone's is too large for a README."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="also every page, at 360 and 1280, light and dark")
    parser.add_argument("--only", default="", metavar="NAME", help="with --all: only pages whose name begins so")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lytt-screenshots-") as folder:
        world = start_world(Path(folder))
        try:
            with open_browser() as browser:
                people = People(browser, world)
                size = take_phone(people)
                if options.all is not None:
                    take_all(people, options.all, options.only)
        finally:
            world.stop()
    print(f"{PHONE_PICTURE.relative_to(ROOT)}: {size} bytes")
    return 0 if size < LARGEST_BYTES else 1


def take_phone(people: People) -> int:
    """Sofie's first screen, as a cheap phone shows it. The size of the picture in bytes."""
    window = people.window(viewport=PHONE, device_scale_factor=2, color_scheme="light", is_mobile=True)
    sofie = people.somebody_in(window, "sofie")
    sofie.sign_in()
    sofie.page.screenshot(path=PHONE_PICTURE)
    people.close()
    return PHONE_PICTURE.stat().st_size


def take_all(people: People, folder: Path, only: str) -> None:
    """Every page of accessibility/pages.toml in every look."""
    folder.mkdir(parents=True, exist_ok=True)
    visitor = Visitor(people)
    visitor.prepare()
    for place in places():
        if place.name.startswith(only):
            _take(visitor, place, folder)


def _take(visitor: Visitor, place: Place, folder: Path) -> None:
    for look in LOOKS:
        with visitor.at(place, look) as page:
            page.screenshot(path=folder / f"{place.name}-{look.name}.png", full_page=True)
        print(f"{place.name} {look.name}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
