"""Answers of the view of the evidence: fit, skill, predictions, limits, sources."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from oestra.appraisal.cited import citation, cited_sources
from oestra.appraisal.comparison import WHOLE
from oestra.appraisal.credibility_evidence import fit_record
from oestra.appraisal.credibility_factor import plan
from oestra.appraisal.fit_tables import endpoint_label, residual_table
from oestra.appraisal.outcome import outcomes
from oestra.appraisal.prediction import read_predictions
from oestra.appraisal.rules import RULES, trial_classes
from oestra.appraisal.skill import SCORED, validation_record
from oestra.calibration.ship import shipped_problem
from oestra.calibration.validate import leave_all_out
from oestra.core.disclaimer import DISCLAIMER
from oestra.core.errors import InputError, OestraError, unknown_name
from oestra.evidence.published import find_trial, targets
from oestra.evidence.target_row import TargetRow
from oestra.model.fit_remarks import fit_remarks
from oestra.trial.endpoint_kinds import KINDS, SCORED_KINDS
from oestra.trial.endpoints import find_endpoint
from oestra.web.background import background, told
from oestra.web.job import Tell

__all__ = ["evidence", "source", "validate"]

_BY = ("trial", "class")
_FOLDER = Path("predictions")
"""Where `oestra predict` keeps predictions, in the folder of the server."""


@cache
def _validations() -> dict[str, dict[str, Any]]:
    """Return the validations of this process so far, by what was left out at once."""
    return {}


def evidence(_given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was published beside the fit, predictions, uses and limits."""
    return {**_evidence(), "validations": dict(_validations())}


@cache
def _evidence() -> dict[str, Any]:
    text = plan()
    return {
        "kinds": [{"id": str(k), "label": KINDS[k].plural} for k in SCORED_KINDS],
        **_fitted(),
        "rules": dict(RULES),
        "predictions": _predictions(),
        "question": text["question"],
        "population": text["population"],
        "contexts": [
            {
                key: one[key]
                for key in (
                    "use",
                    "influence",
                    "influence_why",
                    "consequence",
                    "consequence_why",
                )
            }
            for one in text["contexts"]
        ],
        "excluded": dict(text["excluded"]),
        "limits": list(text["limits"]),
        "fit": next(fit_remarks(), ""),
        "commands": {
            "fit": "oestra calibrate --report fit",
            "checked": "oestra review",
            "judged": "oestra review --credibility",
        },
        "disclaimer": DISCLAIMER,
    }


def _rows() -> Mapping[str, TargetRow]:
    return {row.id: row for row in targets()}


def _fitted() -> dict[str, Any]:
    """Return every published number of the fit beside what the best set gives."""
    record, known = fit_record(), _rows()
    if not record:
        return {"rows": [], "why_no_rows": "No fit ships."}
    try:
        table = residual_table(record)
    except InputError as error:
        return {"rows": [], "why_no_rows": str(error)}
    kept = table.astype(object).where(table.notna(), None).to_dict("records")
    rows = [
        {
            **_told(known[one["id"]]),
            "simulated": one["simulated"],
            "off": one["residual"],
            "inside": bool(one["inside"]),
        }
        for one in kept
        if one["id"] in known and known[one["id"]].kind in set(map(str, SCORED_KINDS))
    ]
    return {"rows": rows, "why_no_rows": ""}


def _told(row: TargetRow) -> dict[str, Any]:
    endpoint = find_endpoint(row.endpoint)
    return {
        "id": row.id,
        "trial": row.trial,
        "stratum": row.stratum,
        "arm": row.arm,
        "control": row.control or "",
        "endpoint": endpoint.label,
        "label": endpoint_label(row.id),
        "kind": row.kind,
        "published": row.estimate,
        "low": row.low,
        "high": row.high,
        "digits": endpoint.decimals,
        "confidence": row.confidence.value,
        "sources": list(cited_sources(row)),
    }


@cache
def _predictions() -> dict[str, Any]:
    """Return the newest prediction of each trial, and what came of it."""
    found = {"folder": str(_FOLDER), "trials": [], "why_none": "", "count": 0}
    try:
        records = read_predictions(_FOLDER)
    except OestraError as error:
        return {**found, "why_none": str(error)}
    newest: dict[str, str] = {}
    for name in sorted(records, key=lambda one: (records[one]["date"], one)):
        newest[records[name]["trial"]] = name
    reported = {one.trial: one for one in outcomes(records) if one.newest}
    trials = [
        _prediction(name, records[name], reported.get(trial))
        for trial, name in sorted(newest.items())
    ]
    trials.sort(key=lambda one: (one["reported"] is None, one["trial"]))
    return {**found, "trials": trials, "count": len(records)}


def _prediction(name: str, record: Mapping[str, Any], became: Any) -> dict[str, Any]:
    ratio = next(
        (one for one in record["contrasts"] if one["endpoint"] == record["primary"]),
        None,
    )
    return {
        "file": name,
        "trial": record["trial"],
        "title": record["title"],
        "date": record["date"],
        "contrast": "" if ratio is None else f"{ratio['arm']} : {ratio['control']}",
        "hazard_ratio": None
        if ratio is None
        else {key: ratio["hazard_ratio"][key] for key in ("estimate", "low", "high")},
        "reported": None
        if became is None
        else {
            "inside": became.inside,
            "of": len(became.outcomes),
            "outcomes": [
                {
                    **one.to_json_dict(),
                    "label": find_endpoint(one.row.endpoint).label,
                    "digits": find_endpoint(one.row.endpoint).decimals,
                    "arm": one.row.arm,
                    "whole": one.row.stratum == WHOLE,
                    "sources": list(cited_sources(one.row)),
                }
                for one in became.outcomes
            ],
        },
    }


def source(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return where a published number is from, and how far it was checked."""
    known = _rows()
    if given["id"] not in known:
        raise unknown_name("published number", given["id"], known)
    row = known[given["id"]]
    trial = find_trial(row.trial)
    return {
        **_told(row),
        "reason": row.reason,
        "use": row.use.value,
        "interval_from": row.ci.value,
        "n": row.n,
        "note": row.note or "",
        "registry": list(trial.registry),
        "citations": [
            {"key": key, "text": citation(key)} for key in cited_sources(row)
        ],
        "file": f"src/oestra/evidence/trials/{row.trial}.yaml",
    }


def validate(given: Mapping[str, Any]) -> dict[str, Any]:
    """Predict each trial from the others in the background; return the job."""
    by = given["by"]
    if by not in _BY:
        raise unknown_name("part to leave out", by, _BY)
    return told(
        background().submit(given["client"] or "-", lambda tell: _leave_out(by, tell))
    )


def _leave_out(by: str, tell: Tell) -> None:
    tell(None, 0.0)
    done = _validations()
    if by not in done:
        found = leave_all_out(
            *shipped_problem(),
            lambda _what, done, total: tell(None, done / total),
            classes=trial_classes() if by == "class" else None,
        )
        record = validation_record(found, without_class=by == "class")
        known = _rows()
        done[by] = {
            "part": 1,
            "by": by,
            "kinds": [
                {"name": name, **record[key]}
                for key, name in SCORED.items()
                if key in record
            ],
            "splits": record["splits"],
            "rows": [
                {
                    **_told(known[one["id"]]),
                    "simulated": one["predicted"],
                    "simulated_low": one["predicted_low"],
                    "simulated_high": one["predicted_high"],
                    "off": one["z"],
                    "inside": bool(one["inside_90"]),
                }
                for one in record["endpoints"]
            ],
            "command": f"oestra validate --by {by}",
            "disclaimer": DISCLAIMER,
        }
    tell(done[by], 1.0)
