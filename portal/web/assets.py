"""Style sheet, scripts and icons: read once at start, served under names that change with their content."""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup


@dataclass(frozen=True)
class Asset:
    """One file as it is served."""

    name: str
    content: bytes
    media_type: str


class Assets:
    """All files below a folder, by their served name ("portal.1a2b3c4d.css")."""

    def __init__(self, folder: Path) -> None:
        self._served: dict[str, str] = {}
        self._by_name: dict[str, Asset] = {}
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".md":
                self._add(path)
        style = self._by_name[self._served["portal.css"]].content
        self.style = Markup(style.decode())  # noqa: S704 our own file; it has no markup characters of anybody else
        icon = self._by_name[self._served["icon.svg"]].content.decode()
        # Inside the page: one request less on a slow network
        self.icon_url = "data:image/svg+xml," + quote(icon, safe="/:=' ")
        self.style_hash = "sha256-" + base64.b64encode(hashlib.sha256(style).digest()).decode()

    def _add(self, path: Path) -> None:
        content = path.read_bytes()
        if path.suffix == ".css":
            content = minified(content.decode()).encode()
        digest = hashlib.sha256(content).hexdigest()[:10]
        name = f"{path.stem}.{digest}{path.suffix}"
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        self._served[path.name] = name
        self._by_name[name] = Asset(name, content, media_type)

    def served_name(self, name: str) -> str:
        """The name under which a file is served; raises KeyError for a file that is not there."""
        return self._served[name]

    def find(self, served_name: str) -> Asset | None:
        """The asset of a served name, or None."""
        return self._by_name.get(served_name)


def minified(css: str) -> str:
    """The style sheet without comments and needless white space; strings hold neither in ours."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r"\s*([{};,>])\s*", r"\1", css).replace(";}", "}").strip()
