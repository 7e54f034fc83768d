"""`python -m portal.demo`: everything at once, on this machine only, with invented people."""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from pathlib import Path

from portal.demo.files import write_all
from portal.demo.plan import DEFAULT_FOLDER, DEFAULT_PORT, Plan, plan_for
from portal.demo.processes import NotStartedError, Processes
from portal.demo.story import DEFAULT_STORY, Story, StoryError, load_story

LARGEST_PORT = 65_000


def main() -> int:
    """Start, say where to look, wait for Ctrl-C, stop. 2 when it cannot start."""
    options = _options()
    try:
        story = load_story(options.story)
    except (StoryError, OSError) as error:
        print(f"The story {options.story} cannot be told.\n  {error}", file=sys.stderr)
        return 2
    if options.reset:
        shutil.rmtree(options.folder, ignore_errors=True)
    plan = plan_for(tuple(service.id for service in story.services), options.port, options.folder)
    write_all(plan, story, options.story)
    processes = Processes(plan)
    try:
        processes.start_all()
        print(block(plan, story), flush=True)
        return _watch(processes)
    except NotStartedError as error:
        print(f"\n{error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopping. What was sent is kept for the next start.")
        return 0
    finally:
        processes.stop_all()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m portal.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--story", type=Path, default=DEFAULT_STORY)
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--reset", action="store_true", help="forget everything and begin the story today")
    options = parser.parse_args()
    if not 0 < options.port < LARGEST_PORT:
        parser.error(f"--port must be between 1 and {LARGEST_PORT - 1}")
    return options


def _watch(processes: Processes) -> int:
    while True:
        name = processes.ended()
        if name is not None:
            print(f"\n{name} has ended by itself; stopping. Its log: {processes.plan.folder / name}.log")
            return 1
        time.sleep(0.5)


def block(plan: Plan, story: Story) -> str:
    """The one clear block: addresses, who can sign in, how to stop."""
    lines = ["", f"  {story.title}: a demonstration with invented people", ""]
    for place in plan.services:
        told = story.service(place.service_id)
        lines.append(f"  {plan.origin(place)}   families of {told.name}; staff: {plan.origin(place)}/staff")
    lines += ["", "  Who can sign in (pick the name; no password)", ""]
    for person in story.people_for_sign_in():
        age = f", {person.age}" if person.age is not None else ""
        lines.append(f"    {person.name + age:<28} {person.role.en:<22} {person.story.en}")
    lines += ["", "  Stop: Ctrl-C.   Begin afresh: make demo RESET=1.   Another port: make demo PORT=9000", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
