"""Forms through WTForms, with our own words for what is wrong and nothing ever thrown away."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField, TextAreaField
from wtforms.validators import StopValidation

from portal.texts import N_, Text


@dataclass(frozen=True)
class FieldError:
    """What is wrong, beside the field it is about."""

    field_id: str
    text: Text


class NotAnIdError(ValueError):
    """A hidden id that is no UUID: the form was not ours."""


def clean(text: str) -> str:
    """What somebody wrote, with line ends as they are meant and without NUL, which no database keeps."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()


def form_id(form: MultiDict[str, str], name: str = "submission_id") -> str:
    """The id the form was given when it was shown, so that sending it twice is sending it once."""
    try:
        return str(uuid.UUID(form.get(name, ""), version=4))
    except ValueError as error:
        raise NotAnIdError from error


def new_id() -> str:
    """An id for a form that is about to be shown."""
    return str(uuid.uuid4())


class _Problem(StopValidation):
    """Stops a field's validation with a text of ours, which is translated on the page."""

    def __init__(self, text: Text) -> None:
        super().__init__()
        self.args = (text,)


class WordsForm(Form):
    """One box to write in. `limit` is the core's, in characters, and is shown at the box beforehand."""

    body = TextAreaField()
    submission_id = HiddenField()

    def __init__(self, form: MultiDict[str, str], *, limit: int, required: bool = True) -> None:
        super().__init__(form)
        self.limit = limit
        self.required = required

    @property
    def text(self) -> str:
        """What was written."""
        return clean(self.body.data or "")

    def validate_body(self, _field: object) -> None:
        """Something, and not more than the core takes."""
        if self.required and not self.text:
            raise _Problem(N_("Write something first. Nothing has been sent."))
        if len(self.text) > self.limit:
            raise _Problem(
                N_(
                    "This is too long: %(length)s characters of at most %(limit)s. Nothing is lost. "
                    "Make it shorter, or send it in parts."
                ).with_(length=len(self.text), limit=self.limit)
            )

    def problems(self, field_id: str = "body") -> tuple[FieldError, ...]:
        """Everything that is wrong, at its place; empty when the form can be taken."""
        if self.validate():
            return ()
        found: Sequence[object] = self.body.errors  # the library's annotations know strings only
        return tuple(FieldError(field_id, error) for error in found if isinstance(error, Text))
