"""Holds requests and answers against `portal/core/contract/openapi.yaml`. Never talks to a core itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

CONTRACT = Path(__file__).parents[2] / "portal" / "core" / "contract" / "openapi.yaml"
_HERE = "urn:contract"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")

_formats = FormatChecker(formats=())


@_formats.checks("date-time")
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or _MOMENT.fullmatch(value) is not None


@_formats.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or date.fromisoformat(value).isoformat() == value


@_formats.checks("uuid", raises=ValueError)
def _is_uuid(value: object) -> bool:
    return not isinstance(value, str) or str(UUID(value)) == value.lower()


class ContractBroken(AssertionError):
    """A request or an answer is not what the contract says; the text is for the eyes of a test."""


@cache
def document() -> dict[str, Any]:
    """The contract as it stands in the file."""
    loaded: dict[str, Any] = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
    return loaded


def check_request(method: str, target: str, headers: Mapping[str, str], body: bytes) -> None:
    """Raise `ContractBroken` unless this request is one the contract knows. `target` is path and query."""
    parts = urlsplit(target)
    pointer, operation, in_path = _operation(method, parts.path)
    given = {
        "path": in_path,
        "query": dict(parse_qsl(parts.query, keep_blank_values=True)),
        "header": {name.lower(): value for name, value in headers.items()},
    }
    known = set()
    for at, parameter in _parameters(pointer, operation):
        where, name = parameter["in"], parameter["name"]
        key = name.lower() if where == "header" else name
        known.add((where, key))
        if key in given[where]:
            _check(f"{at}/schema", _typed(given[where][key], parameter["schema"]), f"{where} {name}")
        elif parameter.get("required"):
            raise ContractBroken(f"{method} {parts.path}: {where} {name} is missing")
    if extra := {("query", name) for name in given["query"]} - known:
        raise ContractBroken(f"{method} {parts.path}: not in the contract: {sorted(extra)}")
    _check_body(f"{pointer}/requestBody", operation.get("requestBody"), given["header"], body, "request")


def check_answer(method: str, target: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Raise `ContractBroken` unless this answer is one the contract gives to that request."""
    pointer, operation, _ = _operation(method, urlsplit(target).path)
    responses = operation["responses"]
    key = str(status) if str(status) in responses else "default"
    if key == "default" and status < 400:
        raise ContractBroken(f"{method} {target}: status {status} is not in the contract")
    at, response = _follow(f"{pointer}/responses/{key}", responses[key])
    lower = {name.lower(): value for name, value in headers.items()}
    _check_body(at, response, lower, body, f"{method} {status}")


def _operation(method: str, path: str) -> tuple[str, dict[str, Any], dict[str, str]]:
    for template, item in document()["paths"].items():
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template))
        match = re.fullmatch(pattern, path)
        if match and method.lower() in item:
            pointer = f"#/paths/{template.replace('~', '~0').replace('/', '~1')}"
            in_path = {name: unquote(value) for name, value in match.groupdict().items()}
            return f"{pointer}/{method.lower()}", item[method.lower()], in_path
    raise ContractBroken(f"{method} {path}: no such operation in the contract")


def _parameters(pointer: str, operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    above = pointer.rsplit("/", 1)[0]
    _, item = _follow(above, None)
    for base, holder in ((above, item), (pointer, operation)):
        for index, parameter in enumerate(holder.get("parameters", [])):
            yield _follow(f"{base}/parameters/{index}", parameter)


def _follow(pointer: str, value: dict[str, Any] | None) -> tuple[str, dict[str, Any]]:
    if value is None:
        value = document()
        for step in pointer.removeprefix("#/").split("/"):
            value = value[step.replace("~1", "/").replace("~0", "~")]
    if "$ref" in value:
        return _follow(value["$ref"], None)
    return pointer, value


def _typed(value: str, schema: dict[str, Any]) -> object:
    return int(value) if schema.get("type") == "integer" and value.isdecimal() else value


def _check_body(at: str, holder: dict[str, Any] | None, headers: Mapping[str, str], body: bytes, what: str) -> None:
    content = (holder or {}).get("content")
    if not content:
        if body:
            raise ContractBroken(f"{what}: no body is foreseen")
        return
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in content:
        raise ContractBroken(f"{what}: content type {media_type!r}")
    text = body.decode("utf-8")
    try:
        value = dict(parse_qsl(text)) if media_type.endswith("urlencoded") else json.loads(text)
    except ValueError:
        raise ContractBroken(f"{what}: not JSON") from None
    _check(f"{at}/content/{media_type.replace('/', '~1')}/schema", value, what)


@cache
def _registry() -> Registry[Any]:
    empty: Registry[Any] = Registry()
    filled: Registry[Any] = empty.with_resource(_HERE, DRAFT202012.create_resource(document()))
    return filled


def _check(pointer: str, value: object, what: str) -> None:
    validator = Draft202012Validator(
        {"$ref": f"{_HERE}{pointer.replace('{', '%7B').replace('}', '%7D')}"},
        registry=_registry(),
        format_checker=_formats,
    )
    faults = [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(value)]
    if faults:
        raise ContractBroken(f"{what}: " + "; ".join(faults))
