"""Answers of the bench: trials as forms, and trials that run in the background."""

import shlex
from collections.abc import Mapping
from itertools import islice
from typing import Any

import numpy as np

from oestra.appraisal.between_arms import arm_times
from oestra.appraisal.comparison import WHOLE, Comparison, compare, published_rows
from oestra.core.disclaimer import DISCLAIMER
from oestra.core.errors import FaultsError, InputError
from oestra.core.library import library_of
from oestra.history.store import load_cohort
from oestra.model.fit_remarks import fit_remarks
from oestra.model.parameters import best_parameters
from oestra.report.expected_curve import expected_curve
from oestra.trial.design import TrialDesign
from oestra.trial.endpoints import median_of
from oestra.trial.listing import list_trials
from oestra.trial.result import TrialResult
from oestra.trial.run import Population, run_trial
from oestra.web.background import background, told
from oestra.web.job import Tell
from oestra.web.trial_form import edit, form, own_design, trial_text

__all__ = ["change", "population", "run", "shown_trial", "trials"]

_POINTS = 121
_STAGES = (1, 5)
"""Replicates after which the first results are shown."""


def population() -> Population:
    """Return whom trials recruit from: the cohort of the best parameters."""
    return load_cohort(best_parameters(library_of()))


def trials(_given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the trials of the library."""
    return {
        "trials": [
            {
                "id": one.id,
                "title": one.title,
                "patients": one.patients,
                "arms": [str(arm["label"]) for arm in one.arms],
                "prediction": one.prediction,
            }
            for one in list_trials(library_of())
        ],
        "disclaimer": DISCLAIMER,
    }


def shown_trial(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a trial of the library as YAML and as a form."""
    library = library_of()
    text = trial_text(given["name"], library)
    return {"yaml": text, "form": form(own_design(text, library))}


def change(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a design, changed where asked, as YAML and as a form."""
    library, text = library_of(), given["yaml"]
    try:
        if given["set"]:
            text = edit(text, given["set"], library)
        return {"yaml": text, "form": form(own_design(text, library))}
    except FaultsError as error:
        raise InputError(" ".join(error.sentences[:5])) from None


def run(given: Mapping[str, Any]) -> dict[str, Any]:
    """Run a trial in the background; return the job to ask for."""
    library = library_of()
    text = given["yaml"] or trial_text(given["trial"], library)
    try:
        design = own_design(text, library)
    except FaultsError as error:
        raise InputError(" ".join(error.sentences[:5])) from None
    if given["patients"] and given["patients"] < len(design.arms):
        raise InputError(
            f"{design.id} has {len(design.arms)} arms and needs at least as many "
            f"patients, got {given['patients']}."
        )
    shipped = text == given["yaml"] and not given["trial"]
    asked = {**given, "file": shipped}

    def work(tell: Tell) -> None:
        _work(design, asked, tell)

    return told(background().submit(given["client"] or "-", work))


def _work(design: TrialDesign, asked: Mapping[str, Any], tell: Tell) -> None:
    """Run a trial once, a few times, and as often as asked, showing each."""
    whole = asked["replicates"]
    stages = [*(n for n in _STAGES if n < whole), whole]
    before, total = 0, sum(stages)
    tell(None, 0.0)
    cohort = population()
    for count in stages:
        done = before

        def progress(now: int, _all: int, done: int = done) -> None:
            tell(None, (done + now) / total)

        tell(None, done / total)
        result = run_trial(
            design,
            cohort=cohort,
            seed=asked["seed"],
            replicates=count,
            patients=asked["patients"] or None,
            progress=progress,
        )
        before += count
        tell(_result(result, design, asked), before / total)


def _result(
    result: TrialResult, design: TrialDesign, asked: Mapping[str, Any]
) -> dict[str, Any]:
    rows = compare(result, published_rows(result))
    curves, months = _curves(result, design)
    median = median_of(design.analysis.primary.value).name
    for curve in curves:
        curve["published_median"] = next(
            (
                row.published.estimate
                for row in rows
                if (row.stratum, row.endpoint, row.arm) == (WHOLE, median, curve["id"])
            ),
            None,
        )
    return {
        "part": result.replicates,
        "trial": result.trial,
        "title": design.title,
        "replicates": result.replicates,
        "asked": asked["replicates"],
        "seed": result.seed,
        "patients": int((result.responses["REPLICATE"] == 0).sum()),
        "endpoint": design.analysis.primary.value.upper(),
        "months": months,
        "curves": curves,
        "rows": [_row(row, design) for row in rows if row.stratum == WHOLE],
        "subgroups": [
            _row(row, design)
            for row in rows
            if row.stratum != WHOLE and row.control and _of_primary(row, design)
        ],
        "screening": {
            name: result.screening[name]
            for name in ("screened", "eligible", "eligible_percent")
        },
        "cautions": [*result.cautions, *islice(fit_remarks(), 1)],
        "command": _command(result, asked),
        "disclaimer": DISCLAIMER,
    }


def _of_primary(row: Comparison, design: TrialDesign) -> bool:
    return row.of == design.analysis.primary.value


def _curves(
    result: TrialResult, design: TrialDesign
) -> tuple[list[dict[str, Any]], list[float]]:
    """Return the curve expected of each arm, on the same months."""
    primary = design.analysis.primary.value
    found = [expected_curve(arm_times(result, primary, one.id)) for one in design.arms]
    months = np.linspace(0.0, max(float(one.times[-1]) for one in found), _POINTS)
    curves: list[dict[str, Any]] = []
    for arm, one in zip(design.arms, found, strict=True):
        seen = months <= one.times[-1] + 1e-9
        course = {
            name: _within(np.interp(months, one.times, values), seen)
            for name, values in (("mean", one.mean), ("low", one.low),
                                 ("high", one.high))
        }  # fmt: skip
        curves.append({"id": arm.id, "label": arm.label, **course})
    return curves, [round(float(month), 3) for month in months]


def _within(values: Any, seen: Any) -> list[float | None]:
    pairs = zip(values.tolist(), seen.tolist(), strict=True)
    return [round(value, 4) if there else None for value, there in pairs]


def _row(row: Comparison, design: TrialDesign) -> dict[str, Any]:
    labels = {arm.id: arm.label for arm in design.arms}
    return {
        "stratum": row.stratum,
        "name": row.name,
        "arm": labels.get(row.arm, row.arm),
        "control": labels.get(row.control, row.control),
        "estimate": row.simulated.estimate,
        "low": row.simulated.low,
        "high": row.simulated.high,
        "simulated": row.simulated.text(row.decimals),
        "published": row.published.text(row.decimals)
        if row.published.estimate is not None
        else "",
        "verdict": row.verdict,
    }


def _command(result: TrialResult, asked: Mapping[str, Any]) -> str:
    name = f"{result.trial}.yaml" if asked["file"] else result.trial
    words = ["oestra", "trial", name, "--parameters", "best"]
    words += ["--replicates", str(result.replicates), "--seed", str(result.seed)]
    if asked["patients"]:
        words += ["--patients", str(asked["patients"])]
    return shlex.join(words)
