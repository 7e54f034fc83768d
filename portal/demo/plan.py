"""What a demonstration consists of: addresses by port, files by folder. Decides nothing and starts nothing."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path

DEFAULT_PORT = 8000
DEFAULT_FOLDER = Path("instance/demo")


@dataclass(frozen=True)
class Place:
    """One service of the demonstration: its id in the story, and the name its browsers reach it by."""

    service_id: str
    host: str


@dataclass(frozen=True)
class Plan:
    """Ports follow the portal's: national ID +1, staff ID +2, then one core for each service."""

    port: int
    folder: Path
    services: tuple[Place, ...]

    @property
    def national_id(self) -> str:
        """The national ID's issuer."""
        return f"http://id.localhost:{self.port + 1}"

    @property
    def staff_id(self) -> str:
        """The staff provider's issuer."""
        return f"http://staff-id.localhost:{self.port + 2}"

    def origin(self, place: Place) -> str:
        """Where browsers reach a service."""
        return f"http://{place.host}:{self.port}"

    def core_port(self, place: Place) -> int:
        """The port of a service's core."""
        return self.port + 3 + self.services.index(place)

    def taken_ports(self) -> tuple[int, ...]:
        """Those of our ports where somebody listens already, so that we would take them for ourselves."""
        ours = (self.port, self.port + 1, self.port + 2, *(self.core_port(place) for place in self.services))
        return tuple(port for port in ours if not _free(port))

    @property
    def keys(self) -> Path:
        """The folder of the keys."""
        return self.folder / "keys"


def plan_for(service_ids: tuple[str, ...], port: int, folder: Path) -> Plan:
    """The first service lives at localhost, the next at b.localhost, c.localhost and so on."""
    hosts = ["localhost", *(f"{letter}.localhost" for letter in "bcdefgh")]
    return Plan(port, folder, tuple(Place(i, hosts[n]) for n, i in enumerate(service_ids)))


def _free(port: int) -> bool:
    with socket.socket() as probe:
        # As the servers do: a port whose last connections are still fading is free
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
