"""Reads links and forms off a page, quickly: thousands of pages are read. Judges nothing; that is the inspector's."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

LINKS = frozenset({"href", "src", "data-hx-get"})


@dataclass
class Field:
    """One field of a form."""

    name: str
    kind: str
    value: str


@dataclass
class Form:
    """One form. `action` is empty where it goes to its own page."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)

    def known_by(self) -> str:
        """What tells one form from another on the same address, but for what is made anew each time."""
        kept = (f"{one.name}={one.value if one.kind == 'hidden' else ''}" for one in self.fields)
        return " ".join(sorted(one for one in kept if not one.startswith(("csrf_token=", "id=", "submission_id="))))

    def filled(self, written: str) -> dict[str, str]:
        """Hidden fields as they are; the last choice of every choice and the same words in every box, or nothing."""
        values: dict[str, str] = {}
        for one in self.fields:
            if one.kind == "hidden" or (one.kind == "button" and one.name not in values):
                values[one.name] = one.value
            elif one.kind in {"radio", "checkbox", "option"}:
                if written:
                    values[one.name] = one.value or "on"
            elif one.kind != "file":
                values[one.name] = written
        return values


class Reading(HTMLParser):
    """The links and forms of one page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what leads somewhere, and what is filled in."""
        own = {name: value or "" for name, value in attrs}
        self.links += [value for name, value in own.items() if name in LINKS and value]
        if tag == "form":
            self.forms.append(Form(own.get("action", "").partition("#")[0], own.get("method", "get").lower()))
        elif tag == "select":
            self._select = own.get("name", "")
        elif tag == "option":
            self._field(self._select, "option", own.get("value", ""))
        elif tag == "textarea":
            self._field(own.get("name", ""), "textarea", "")
        elif tag in {"input", "button"}:
            kind = "button" if tag == "button" else own.get("type", "text")
            self._field(own.get("name", ""), kind, own.get("value", ""))

    def _field(self, name: str, kind: str, value: str) -> None:
        if name and self.forms:
            self.forms[-1].fields.append(Field(name, kind, value))
