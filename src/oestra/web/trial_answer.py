"""Answers of the bench: trials as forms, and trials that run in the background."""

import shlex
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from oestra.appraisal.comparison import WHOLE, Comparison, compare, published_rows
from oestra.core.disclaimer import DISCLAIMER
from oestra.core.errors import FaultsError, InputError
from oestra.core.library import library_of
from oestra.model.fit_remarks import fit_remarks
from oestra.trial.design import TrialDesign
from oestra.trial.endpoints import median_of
from oestra.trial.listing import list_trials
from oestra.trial.result import TrialResult
from oestra.trial.run import refine_trial
from oestra.web.background import background, told
from oestra.web.curve import curves
from oestra.web.job import Tell
from oestra.web.number_source import sources
from oestra.web.page_data import opening
from oestra.web.population import ENSEMBLE, check_choice, populations, threads
from oestra.web.testing_answer import testing
from oestra.web.trial_form import edit, form, own_design, trial_text

__all__ = ["STAGES", "change", "run", "shown_trial", "trial_command", "trials"]

STAGES = (1, 5)
"""Replicates after which the first results are shown."""


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
        "opens_with": opening()["trial"],
        "disclaimer": DISCLAIMER,
    }


def shown_trial(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a trial of the library as YAML and as a form."""
    library = library_of()
    text = trial_text(given["name"], library)
    return {"yaml": text, "form": form(own_design(text, library), library)}


def change(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a design, changed where asked, as YAML and as a form."""
    library, text = library_of(), given["yaml"]
    try:
        if given["set"]:
            text = edit(text, given["set"], library)
        return {"yaml": text, "form": form(own_design(text, library), library)}
    except FaultsError as error:
        raise InputError(" ".join(error.sentences[:5])) from None


def run(given: Mapping[str, Any]) -> dict[str, Any]:
    """Run a trial in the background; return the job to ask for."""
    check_choice(given["parameters"])
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
    tell(None, 0.0)
    results = refine_trial(
        design,
        cohort=populations(asked),
        shown=[*(n for n in STAGES if n < whole), whole],
        seed=asked["seed"],
        patients=asked["patients"] or None,
        workers=threads(),
        progress=lambda now, _next: tell(None, now / whole),
    )
    for result in results:
        tell(_result(result, design, asked), result.replicates / whole)


def _result(
    result: TrialResult, design: TrialDesign, asked: Mapping[str, Any]
) -> dict[str, Any]:
    published = published_rows(result)
    rows, known = compare(result, published), sources(published)
    drawn, months = curves(result, design, design.analysis.primary)
    median = median_of(design.analysis.primary.value).name
    for curve in drawn:
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
        "sets": result.audit["parameter_sets"],
        "patients": int((result.responses["REPLICATE"] == 0).sum()),
        "endpoint": design.analysis.primary.value.upper(),
        "months": months,
        "curves": drawn,
        "rows": [_row(row, design, known) for row in rows if row.stratum == WHOLE],
        "subgroups": [
            _row(row, design, known)
            for row in rows
            if row.stratum != WHOLE and row.control and _of_primary(row, design)
        ],
        "analyses": testing(result, design),
        "screening": {
            name: result.screening[name]
            for name in (
                "screened",
                "eligible",
                "eligible_percent",
                "excluded_percent",
            )
        },
        "cautions": [*result.cautions, *islice(fit_remarks(), 1)],
        "command": _command(result, asked),
        "disclaimer": DISCLAIMER,
    }


def _of_primary(row: Comparison, design: TrialDesign) -> bool:
    return row.of == design.analysis.primary.value


def _row(
    row: Comparison, design: TrialDesign, known: Mapping[tuple[object, ...], str]
) -> dict[str, Any]:
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
        "source": known.get(row.key, ""),
        "verdict": row.verdict,
    }


def _command(result: TrialResult, asked: Mapping[str, Any]) -> str:
    name = f"{result.trial}.yaml" if asked["file"] else result.trial
    return trial_command([name], asked, result.replicates)


def trial_command(
    names: Sequence[str], asked: Mapping[str, Any], replicates: int
) -> str:
    """Return the command with the numbers of a run.

    Parameters
    ----------
    names : sequence of str
        Trials and files, as the command line takes them.
    asked : mapping
        What was asked for.
    replicates : int
        Those that are shown. The ensemble has as many sets as all of them need, so
        that only the whole run can be repeated.
    """
    choice = asked["parameters"]
    shown = asked["replicates"] if choice == ENSEMBLE else replicates
    words = ["oestra", "trial", *names, "--parameters", choice]
    words += ["--replicates", str(shown), "--seed", str(asked["seed"])]
    if asked["patients"]:
        words += ["--patients", str(asked["patients"])]
    return shlex.join(words)
