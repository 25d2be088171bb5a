"""The schema of a trial file, written for people."""

from typing import Any

from oestra.trial.decision_columns import DECISION_COLUMNS
from oestra.trial.design import TrialDesign

__all__ = ["schema_text"]


def _kind(part: dict[str, Any]) -> str:
    if "$ref" in part:
        return part["$ref"].rsplit("/", 1)[-1]
    if "anyOf" in part:
        kinds = [_kind(option) for option in part["anyOf"]]
        return " or ".join(kind for kind in kinds if kind != "null")
    if "enum" in part:
        return " | ".join(map(str, part["enum"]))
    kind = part.get("type", "value")
    if kind == "array":
        return f"list of {_kind(part.get('items', {}))}"
    if kind == "object":
        return f"mapping to {_kind(part.get('additionalProperties', {}))}"
    return {"string": "text", "integer": "whole number"}.get(kind) or str(kind)


def _reduced(kind: str, enums: dict[str, str]) -> str:
    for name, options in enums.items():
        kind = kind.replace(name, options)
    return kind


def _section(title: str, part: dict[str, Any], enums: dict[str, str]) -> list[str]:
    lines = [title, "-" * len(title)]
    required = set(part.get("required", ()))
    for key, field in part["properties"].items():
        state = "required" if key in required else "optional"
        lines.append(f"{key}: {_reduced(_kind(field), enums)}, {state}")
        words = " ".join(str(field.get("description", "")).split())
        if words:
            lines.append(f"    {words}")
    return [*lines, ""]


def schema_text() -> str:
    """Describe every key of a trial file, and every column criteria may use.

    Returns
    -------
    str
        Plain text: one section a record, one line a key with its type, whether it is
        required, and what it means.
    """
    schema = TrialDesign.model_json_schema()
    parts: dict[str, Any] = schema["$defs"]
    enums = {name: _kind(part) for name, part in parts.items() if "enum" in part}
    lines = _section("Trial", schema, enums)
    for name, part in parts.items():
        if "properties" in part:
            lines += _section(name, part, enums)
    title = "Columns that criteria may use"
    lines += [title, "-" * len(title)]
    lines += [f"{name}: {meaning}" for name, meaning in DECISION_COLUMNS.items()]
    return "\n".join(lines) + "\n"
