"""Texts made in Python code and translated when a page is rendered.

A Text is not a string on purpose: putting one on a page without `t()` is an error, not English by accident.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Never

# Babel's extraction finds messages by these function names (translations/babel.cfg).


@dataclass(frozen=True, slots=True)
class Text:
    """A message of ours: English source text, optional context ("child"), values for its placeholders.

    Values may be what people wrote: they never show in `str` or `repr`.
    """

    msgid: str
    context: str | None = None
    values: tuple[tuple[str, object], ...] = field(default=(), repr=False)

    def with_(self, **values: object) -> "Text":
        """The same text with values for its `%(name)s` placeholders; a value may be a Text itself."""
        return replace(self, values=(*self.values, *values.items()))

    def __mod__(self, values: Mapping[str, object]) -> "Text":
        # WTForms' validators fill their messages with `message % {...}`
        return self.with_(**values)

    def __str__(self) -> str:
        return self.msgid

    def __html__(self) -> Never:
        raise TypeError(f"{self.msgid!r} is a Text: write t(...) around it")


def N_(message: str) -> Text:  # noqa: N802 - the name gettext tools know
    """Mark a literal for translation; the template says `t(text)`."""
    return Text(message)


def NP_(context: str, message: str) -> Text:  # noqa: N802 - as N_, with a context
    """As N_, with a context: `NP_("child", "Your plan")`."""
    return Text(message, context)
