"""The description of the page's requests, as OpenAPI, made from the requests."""

import re
from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from oestra.core.disclaimer import DISCLAIMER
from oestra.web.endpoint import Endpoint, Given

__all__ = ["openapi"]

_TYPES = {"text": "string", "number": "number", "whole": "integer"}
_FAULT = {
    "description": "What was given cannot be used; one sentence says why.",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["error"],
                "properties": {"error": {"type": "string"}},
            }
        }
    },
}


def _schema(one: Given) -> dict[str, Any]:
    if one.kind == "texts":
        return {"type": "array", "items": {"type": "string", "maxLength": one.longest}}
    schema: dict[str, Any] = {"type": _TYPES[one.kind]}
    if one.kind == "text":
        schema["maxLength"] = one.longest
    else:
        schema |= {"minimum": one.low, "maximum": one.high}
    return schema if one.default is None else schema | {"default": one.default}


def _needed(one: Given) -> bool:
    return one.default is None and one.kind != "texts"


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    within = re.findall(r"{(\w+)}", endpoint.path)
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in within
    ]
    operation: dict[str, Any] = {
        "summary": endpoint.summary,
        "responses": {
            "200": {
                "description": "The answer.",
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            "4XX": _FAULT,
        },
    }
    given = [one for one in endpoint.given if one.name not in within]
    if endpoint.method == "POST":
        schema = {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                o.name: {**_schema(o), "description": o.text} for o in given
            },
            "required": [one.name for one in given if _needed(one)],
        }
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    else:
        parameters += [
            {
                "name": one.name,
                "in": "query",
                "required": _needed(one),
                "description": one.text,
                "schema": _schema(one),
            }
            for one in given
        ]
    return {**operation, "parameters": parameters}


def openapi(endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of some requests.

    Parameters
    ----------
    endpoints : iterable of Endpoint
        Every request that is answered with JSON.

    Returns
    -------
    dict
        As JSON can hold it.
    """
    paths: dict[str, dict[str, Any]] = {}
    for one in endpoints:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Oestra",
            "version": version("oestra"),
            "description": DISCLAIMER,
        },
        "paths": paths,
    }
