"""Typed reading of a profile's table. Every fault is a `ProfileError` with the field's name, never with its value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from portal.identity.errors import ProfileError


class Fields:
    """One mapping whose fields are asked for one by one; what nobody asked for is refused at the end."""

    def __init__(self, values: Mapping[str, object], prefix: str = "") -> None:
        self._values = values
        self._prefix = prefix
        self._known: set[str] = set()

    def fault(self, name: str, reason: str) -> ProfileError:
        """What is wrong with a field."""
        return ProfileError(self._prefix + name, reason)

    def get(self, name: str, default: object = None) -> object:
        """Whatever stands there."""
        self._known.add(name)
        return self._values.get(name, default)

    def refuse_others(self) -> None:
        """A field nobody asked for is a misspelt one, or one that does not do what its writer thinks."""
        for name in self._values.keys() - self._known:
            raise self.fault(name, "is not a field of a profile")

    def text(self, name: str, default: str | None = None) -> str:
        """A text that is not empty."""
        value = self.get(name, default)
        if not isinstance(value, str) or not value:
            raise self.fault(name, "must be a text")
        return value

    def matching(self, name: str, pattern: str, default: str | None = None) -> str:
        """A text of this form."""
        value = self.text(name, default)
        if not re.fullmatch(pattern, value):
            raise self.fault(name, f"must look like {pattern}")
        return value

    def choice(self, name: str, kind: Any, default: str | None) -> Any:  # noqa: ANN401 the caller's own Literal
        """One of the words of a `Literal`."""
        value, allowed = self.text(name, default), get_args(kind)
        if value not in allowed:
            raise self.fault(name, f"must be one of {', '.join(allowed)}")
        return value

    def texts(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """A list of texts."""
        value = self.get(name, default)
        if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) and item for item in value):
            raise self.fault(name, "must be a list of texts")
        return tuple(value)

    def mapping(self, name: str) -> Mapping[str, object]:
        """A table, empty when it is not there."""
        value = self.get(name, {})
        if not isinstance(value, Mapping):
            raise self.fault(name, "must be a table")
        return value

    def words(self, name: str) -> Mapping[str, str]:
        """A table of texts."""
        found = {key: value for key, value in self.mapping(name).items() if isinstance(value, str) and value}
        if len(found) != len(self.mapping(name)):
            raise self.fault(name, "must be a table of texts")
        return found

    def table(self, name: str) -> Fields:
        """The fields of a table inside this one."""
        return Fields(self.mapping(name), f"{self._prefix}{name}.")

    def number(self, name: str, default: float, most: float) -> float:
        """Seconds."""
        value = self.get(name, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= most:
            raise self.fault(name, f"must be a number of seconds, more than 0, at most {most:g}")
        return value

    def truth(self, name: str, *, default: bool) -> bool:
        """True or false."""
        value = self.get(name, default)
        if not isinstance(value, bool):
            raise self.fault(name, "must be true or false")
        return value

    def day(self, name: str) -> date | None:
        """A day as TOML writes it (2027-05-01), or None when it is not there."""
        value = self.get(name)
        if value is not None and type(value) is not date:
            raise self.fault(name, "must be a day such as 2027-05-01, without quotes")
        return value
