"""Request bodies, held to the contract before anything is done with them. Faults name the place, never the text."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from flask import Request
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from portal.demo.reference_core.problems import Invalid, TooLarge, UnsupportedMediaType
from portal.demo.reference_core.receipts import canonical
from portal.demo.reference_core.schema import moment

CONTRACT = Path(__file__).parents[2] / "core" / "contract" / "openapi.yaml"
LARGEST_BODY_BYTES = 1_000_000
_HERE = "urn:contract"

_formats = FormatChecker(formats=())


@_formats.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or (value.endswith("Z") and moment(value) is not None)


def contract_version() -> str:
    """The version of the contract this core follows."""
    return str(_contract()["info"]["version"])


def read_body(request: Request, schema: str) -> dict[str, Any]:
    """The JSON body of a request, of the named schema.

    Raises `UnsupportedMediaType`, `TooLarge` or `Invalid`.
    """
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    if (request.content_length or 0) > LARGEST_BODY_BYTES:
        raise TooLarge
    try:
        body: dict[str, Any] = json.loads(request.get_data())
        canonical(body)  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        raise Invalid([("", "not_json")]) from None
    faults = [(_pointer(fault.absolute_path), str(fault.validator)) for fault in _validator(schema).iter_errors(body)]
    if faults:
        raise Invalid(faults)
    return body


def read_key(key: str, last_id: str) -> str:
    """The idempotency key, which is the last id of the path. Raises `Invalid` for a missing or other one."""
    try:
        if key == last_id and str(UUID(key)) == key:
            return key
    except ValueError:
        pass
    raise Invalid([("", "idempotency_key")])


def _pointer(path: Any) -> str:  # noqa: ANN401 a deque of keys and indices
    return "".join(f"/{step}" for step in path)


@cache
def _contract() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
    return loaded


@cache
def _validator(schema: str) -> Draft202012Validator:
    empty: Registry[Any] = Registry()
    registry = empty.with_resource(_HERE, DRAFT202012.create_resource(_contract()))
    reference = {"$ref": f"{_HERE}#/components/schemas/{schema}"}
    return Draft202012Validator(reference, registry=registry, format_checker=_formats)
