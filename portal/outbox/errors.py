"""Why something could not be put into the letterbox. No message holds content or an id."""

from __future__ import annotations


class OutboxError(Exception):
    """Base of the letterbox's refusals; nothing was kept."""


class GrantDoesNotFit(OutboxError):
    """The grant is for another action than this kind of submission needs."""


class FormKeyUnfit(OutboxError):
    """The id that came with the form is not a UUID in its usual form."""


class FormKeyTaken(OutboxError):
    """Another account has used this id."""


class DifferentContent(OutboxError):
    """This id was used before for other words, which are kept; the new ones need a new id."""


class ContentUnfit(OutboxError):
    """The content cannot be written as JSON in UTF-8."""
