"""What a trial tests and when it looks, as entries of a form, both ways."""

import re
from typing import Any

from oestra.core.errors import InputError, unknown_name
from oestra.trial.analysis import EfficacyRule
from oestra.trial.design import TrialDesign
from oestra.trial.spending import Spending
from oestra.web.typed_number import number_of, whole_of

__all__ = ["ANALYSIS_KEYS", "analysis_form", "change_analysis"]

_WAYS = ("hazard_ratio", "conditional_power", "spending")
_OF_RULE = {
    "gamma": EfficacyRule.SPENDING_HWANG_SHIH_DECANI.value,
    "bound": EfficacyRule.HAYBITTLE_PETO.value,
}
_OF_WAY = {
    "assumed_hazard_ratio": "conditional_power",
    "beta": "spending",
    "gamma": "spending",
}
_SWITCH = {"yes": True, "no": False}
ANALYSIS_KEYS = (
    "analysis.alpha",
    "analysis.sided",
    "analysis.final_events",
    "analysis.looks",
    "analysis.efficacy",
    *(f"analysis.efficacy.{key}" for key in _OF_RULE),
    "analysis.futility",
    *(f"analysis.futility.{key}" for key in (*_OF_WAY, "binding")),
)
"""Entries that the form changes."""


def analysis_form(design: TrialDesign) -> dict[str, Any]:
    """Return what a form shows of the tests of a design.

    Parameters
    ----------
    design : TrialDesign
        The design.
    """
    analysis = design.analysis
    efficacy, futility = analysis.efficacy, analysis.futility
    way = next((w for w in _WAYS if futility and getattr(futility, w) is not None), "")
    asked = getattr(futility, way) if way else None
    return {
        "compared": bool(design.contrasts),
        "alpha": analysis.alpha,
        "sided": analysis.sided,
        "final_events": analysis.final_events,
        "looks": [
            {
                "events": look.events,
                "share": look.events / analysis.final_events
                if analysis.final_events
                else None,
                "own": sorted(set(look.model_dump(exclude_none=True)) - {"events"}),
            }
            for look in analysis.looks
        ],
        "rules": [rule.value for rule in EfficacyRule],
        "spendings": [one.value for one in Spending],
        "efficacy": efficacy.rule.value if efficacy else "",
        "efficacy_gamma": efficacy.gamma if efficacy else None,
        "efficacy_bound": efficacy.bound if efficacy else None,
        "futility": _way_of(way, asked),
        "futility_assumed_hazard_ratio": futility.assumed_hazard_ratio
        if futility
        else None,
        "futility_beta": futility.beta if futility else None,
        "futility_gamma": futility.gamma if futility else None,
        "futility_binding": bool(futility and futility.binding),
    }


def _way_of(way: str, asked: float | Spending | None) -> str:
    if asked is None:
        return ""
    return f"{way} {asked.value if isinstance(asked, Spending) else f'{asked:g}'}"


def change_analysis(data: Any, key: str, value: str) -> None:
    """Change an entry of the analysis of a trial file; an empty one is taken out.

    Parameters
    ----------
    data : mapping
        The file, as it was read.
    key : str
        One of `ANALYSIS_KEYS`.
    value : str
        As typed; looks as events or as shares of the final events, such as
        ``"90, 75 %"``.

    Raises
    ------
    InputError
        If the value does not fit the key.
    """
    analysis, value = data.setdefault("analysis", {}), value.strip()
    _, name, *part = key.split(".")
    if part:
        _change_part(analysis, name, part[0], value, key)
    elif not value:
        analysis.pop(name, None)
    elif name == "alpha":
        analysis[name] = number_of(value, key)
    elif name == "looks":
        analysis[name] = _looks(analysis, value, key)
    elif name == "efficacy":
        _name_rule(analysis, value, key)
    elif name == "futility":
        _name_way(analysis, value, key)
    else:
        analysis[name] = whole_of(value, key)


def _looks(analysis: Any, value: str, key: str) -> list[Any]:
    """Read looks; one that stays where it was keeps what else its entry says."""
    before: list[Any] = list(analysis.get("looks") or ())
    events = [
        _events(word.strip(), analysis.get("final_events"), key)
        for word in re.split(r"[,;\n]+", value)
        if word.strip()
    ]
    if len(events) == len(before):
        for look, count in zip(before, events, strict=True):
            look["events"] = count
        return before
    known: dict[int, Any] = {look["events"]: look for look in before}
    return [known.get(count, {"events": count}) for count in events]


def _events(word: str, final: int | None, key: str) -> int:
    if not word.endswith("%"):
        return whole_of(word, key)
    share = number_of(word[:-1].strip(), key)
    if final is None:
        raise InputError(f"A look at {word[:20]} needs final_events, of which it is.")
    if not 0 < share <= 100:
        raise InputError(f"A look is at 0 to 100 % of the events, got {word[:20]}.")
    return max(1, round(share / 100 * final))


def _name_rule(analysis: Any, value: str, key: str) -> None:
    known = [rule.value for rule in EfficacyRule]
    if value not in known:
        raise unknown_name("rule", value, known, where=key)
    efficacy = analysis.setdefault("efficacy", {})
    efficacy["rule"] = value
    for name, only in _OF_RULE.items():
        if value != only:
            efficacy.pop(name, None)


def _name_way(analysis: Any, value: str, key: str) -> None:
    way, _, asked = value.partition(" ")
    if way not in _WAYS:
        raise unknown_name("way", way, _WAYS, where=key)
    futility = analysis.setdefault("futility", {})
    for name in _WAYS:
        futility.pop(name, None)
    for name, only in _OF_WAY.items():
        if way != only or (name == "gamma" and asked != _OF_RULE["gamma"]):
            futility.pop(name, None)
    futility[way] = asked if way == "spending" else number_of(asked, key)


def _change_part(analysis: Any, name: str, part: str, value: str, key: str) -> None:
    if not analysis.get(name):
        raise InputError(f"{key} belongs to {name}, which this trial has not.")
    if not value:
        analysis[name].pop(part, None)
    elif part == "binding":
        if value not in _SWITCH:
            raise InputError(f"{key} is yes or no, got {value[:20]!r}.")
        analysis[name].pop(part, None)
        if _SWITCH[value]:
            analysis[name][part] = True
    else:
        analysis[name][part] = number_of(value, key)
