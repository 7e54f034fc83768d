"""`python -m portal.demo`: everything at once, on this machine only, with invented people."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from portal.demo.files import write_all
from portal.demo.plan import DEFAULT_FOLDER, DEFAULT_PORT, Plan, plan_for
from portal.demo.processes import PROCESS_FILE, NotStartedError, Processes
from portal.demo.story import DEFAULT_STORY, Story, StoryError, load_story

LARGEST_PORT = 65_000
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, `kill`, and a terminal that is closed; what whoever started us has us ignore stays ignored."""


def main() -> int:
    """Start, say where to look, wait for Ctrl-C, stop. 2 when it cannot start."""
    options = _options()
    try:
        story = load_story(options.story)
    except (StoryError, OSError) as error:
        print(f"The story {options.story} cannot be told.\n  {error}", file=sys.stderr)
        return 2
    plan = plan_for(tuple(service.id for service in story.services), options.port, options.folder)
    taken = plan.taken_ports()
    if taken:  # before anything is written or forgotten: it may be this very folder's demonstration that runs
        print(_taken(plan, taken), file=sys.stderr)
        return 2
    if options.reset:
        shutil.rmtree(options.folder, ignore_errors=True)
    write_all(plan, story, options.story)
    return run(Processes(plan), block(plan, story))


def run(processes: Processes, told: str) -> int:
    """Start all, say `told`, and stop all when asked to, also by a closed terminal or `kill`."""
    heard = [number for number in STOPS if signal.getsignal(number) is not signal.SIG_IGN]

    def stop(*_: object) -> None:
        _listen(heard, signal.SIG_IGN)  # asked twice, it must not leave half of them running
        raise KeyboardInterrupt

    _listen(heard, stop)
    try:
        processes.start_all()
        print(told, flush=True)
        return _watch(processes)
    except NotStartedError as error:
        print(f"\n{error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopping. What was sent is kept for the next start.")
        return 0
    finally:
        _listen(heard, signal.SIG_IGN)
        processes.stop_all()


def _listen(numbers: Iterable[int], handler: Callable[..., None] | signal.Handlers) -> None:
    for number in numbers:
        signal.signal(number, handler)


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


def _taken(plan: Plan, ports: tuple[int, ...]) -> str:
    listed = ", ".join(str(port) for port in ports)
    left = plan.folder / PROCESS_FILE
    stop = f"stop it (kill $(cat {left}))" if left.exists() else "stop it"
    return (
        f"Something listens already where this would: {listed}. Perhaps a demonstration still runs that was not\n"
        f"stopped with Ctrl-C: {stop}, or choose other ports: make demo PORT=9000"
    )


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
