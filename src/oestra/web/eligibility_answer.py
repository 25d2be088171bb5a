"""What eligibility may be chosen by: columns in groups, with their words or stops."""

from collections.abc import Mapping
from typing import Any

from oestra.core.library import library_of
from oestra.trial.decision_columns import DECISION_COLUMNS, decision_words
from oestra.web.eligibility_reading import Words, kind_of
from oestra.web.page_data import eligibility_columns

__all__ = ["criteria"]


def criteria(_given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of eligibility, in groups."""
    known, words = eligibility_columns(), decision_words(library_of())
    return {
        "groups": [
            {
                "title": group["title"],
                "columns": [
                    _column(name, label, words)
                    for name, label in group["columns"].items()
                ],
            }
            for group in known["groups"]
        ]
    }


def _column(name: str, label: str, words: Words) -> dict[str, Any]:
    kind = kind_of(name, words)
    told = {"name": name, "label": label, "meaning": _meaning(name, label, words)}
    if kind == "words":
        labels = eligibility_columns()["words"]
        shown = {word: labels.get(word, word.replace("_", " ")) for word in words[name]}
        return {**told, "kind": kind, "words": shown}
    return {**told, "kind": kind, "stops": _stops(name) if kind == "number" else []}


def _meaning(name: str, label: str, words: Words) -> str:
    """Return what a column means, where neither its label nor its words say it."""
    meaning = DECISION_COLUMNS[name]
    listed = set(meaning.replace(" or ", ", ").split(", "))
    known = meaning.casefold() in ("as above", label.casefold())
    return "" if known or listed <= set(words.get(name, ())) else meaning


def _stops(name: str) -> list[float]:
    known = eligibility_columns()["stops"]
    stops = known.get(name, known["months"])
    if isinstance(stops, list):
        return stops
    return list(range(stops["from"], stops["to"] + 1, stops["by"]))
