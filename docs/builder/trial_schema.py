"""The keys of a trial file, from the schema that checks it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from builder.markdown import anchored, code, heading, plain, prose, table
from oestra.trial.design import TrialDesign

__all__ = ["schema_pages"]


def _kind(part: Mapping[str, Any]) -> str:
    """Say what a key holds: a link to its table where it holds keys of its own."""
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        return f"[{plain(name)}](#schema-{name.lower()})"
    if "anyOf" in part:
        kinds = (one for one in part["anyOf"] if one.get("type") != "null")
        return ", or ".join(dict.fromkeys(_kind(one) for one in kinds))
    if "enum" in part:
        return ", ".join(code(one) for one in part["enum"])
    if part.get("type") == "array" and "items" in part:
        return f"list of {_kind(part['items'])}"
    if part.get("type") == "object":
        more = part.get("additionalProperties")
        inner = _kind(more) if isinstance(more, Mapping) and more else "any"
        return f"{inner}, by name"
    return plain(part.get("type", "any"))


def _default(part: Mapping[str, Any]) -> str:
    found = part.get("default")
    # Keys within a key have their own table.
    return (
        ""
        if isinstance(found, dict) or found in (None, [], "")
        else code(json.dumps(found))
    )


def _section(name: str, part: Mapping[str, Any], level: int) -> Iterator[str]:
    yield anchored(f"schema-{name.lower()}", heading(name, level))
    if part.get("description"):
        yield prose(part["description"].split("\n\n")[0])
    if "enum" in part:
        yield "One of " + ", ".join(code(one) for one in part["enum"]) + "."
    if "properties" in part:
        needed = part.get("required", ())
        rows = [
            (
                code(key),
                _kind(one),
                "needed" if key in needed else _default(one),
                prose(one.get("description", "").split("\n\n")[0]),
            )
            for key, one in part["properties"].items()
        ]
        yield table(("key", "holds", "default", "meaning"), rows)


def schema_pages() -> Iterator[tuple[str, str]]:
    """Yield path and text of the page on the keys of trial files."""
    schema = TrialDesign.model_json_schema()
    parts = [
        heading("Keys of a trial file"),
        "From the JSON Schema that `oestra trial --schema` prints. "
        "[Trial files](../trial-file.md) explains them with examples.",
    ]
    parts += _section("Trial", {**schema, "description": "The whole file."}, 2)
    for name, part in sorted(schema["$defs"].items()):
        parts += _section(name, part, 2)
    yield "reference/trial-schema.md", "\n\n".join(parts) + "\n"
