"""``oestra validate``: predict each trial from all the others."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oestra.calibration.trial_size import COHORTS, MOST, PATIENTS
from oestra.cli.caution import only_with, unused
from oestra.cli.options import WORK, Json, Out, Quiet, Seed
from oestra.cli.show import progress, warn
from oestra.core.errors import InputError
from oestra.history.cohort_size import COHORT_SEED
from oestra.work.plan import ALL_PROCESSORS, Plan

if TYPE_CHECKING:
    import numpy as np

    from oestra.calibration.between import BetweenTrials
    from oestra.calibration.checkpoint import State
    from oestra.calibration.objective import Objective
    from oestra.cli.fit_analysis import Analysis

__all__ = ["validate"]


_SIZES = ("patients", "most", "cohorts", "seed")


class By(StrEnum):
    """What is left out at once."""

    TRIAL = "trial"
    CLASS = "class"


_Checkpoint = Annotated[
    Path | None,
    typer.Option(
        "--checkpoint",
        help="State of a fit, from 'oestra calibrate'; the fit that ships if unsaid.",
    ),
]
_Patients = Annotated[
    int, typer.Option(min=100, max=1_000_000, help="Patients of that fit.")
]
_Most = Annotated[
    int, typer.Option(min=50, max=100_000, help="Most patients in a trial of it.")
]
_Cohorts = Annotated[int, typer.Option(min=1, max=100, help="Populations of that fit.")]
_Sensitivity = Annotated[
    bool,
    typer.Option(
        "--sensitivity",
        help="Instead: which endpoints depend on which parameters, by simulation.",
    ),
]
_Ablation = Annotated[
    bool,
    typer.Option(
        "--ablation",
        help="Instead: which endpoints break without which mechanism, by simulation.",
    ),
]
_Cells = Annotated[
    bool,
    typer.Option(
        "--cells",
        help="Instead: the cell against measurements on cell lines, one by one.",
    ),
]
_By = Annotated[
    By,
    typer.Option(
        help="Whether a trial is predicted from all others, or from those of other "
        "classes alone: a drug never seen."
    ),
]
_Refit = Annotated[
    int,
    typer.Option(
        min=0,
        max=100,
        help="Refit in steps, too, without each of so many trials that are predicted "
        "worst; some twenty minutes each.",
    ),
]
_Sets = Annotated[
    int, typer.Option(min=20, max=10_000, help="Parameter sets of --sensitivity.")
]


def validate(  # noqa: PLR0913 - one argument an option
    *,
    checkpoint: _Checkpoint = None,
    patients: _Patients = PATIENTS,
    most: _Most = MOST,
    cohorts: _Cohorts = COHORTS,
    seed: Seed = COHORT_SEED,
    sensitivity: _Sensitivity = False,
    sets: _Sets = 200,
    by: _By = By.TRIAL,
    refit: _Refit = 0,
    ablation: _Ablation = False,
    cells: _Cells = False,
    json: Json = False,
    out: Out = None,
    plan: Plan = ALL_PROCESSORS,
    quiet: Quiet = False,
) -> None:
    """Leave each trial out, refit, predict it, and say how wrong that was.

    With --out a folder gets the page, the figure, the table and the numbers. Options
    of the fit matter with --checkpoint, --sensitivity and --ablation only. With
    --sensitivity all fitted parameters are spread around the best set, and the page
    says which endpoints depend on which of them; about three quarters of an hour on two
    processors. With --ablation each mechanism of the model is switched off in turn, and
    the page says which endpoints then leave their published interval; five minutes.
    With --cells every measurement on cell lines is repeated in the culture room, and
    errors are printed beside those of saying that nothing has an effect; seconds.
    """
    from oestra.cli.ablation import break_down
    from oestra.cli.fit_analysis import Analysis
    from oestra.cli.sensitivity import explore

    if cells:
        from oestra.cli.cell_validation import compare_cells

        if sensitivity or ablation:
            raise InputError(
                "--cells cannot be given with --sensitivity or --ablation."
            )
        given = (
            "checkpoint", *_SIZES, "sets", "by", "refit", "quiet", *WORK,
        )  # fmt: skip
        unused(given, "--cells repeats experiments with the set that ships")
        compare_cells(out, json=json)
        return
    if not sensitivity:
        only_with(("sets",), "--sensitivity")
    if not (sensitivity or ablation or checkpoint):
        unused(_SIZES, "the fit that ships has its own")
    if sensitivity and ablation:
        raise InputError("--sensitivity and --ablation cannot be given together.")
    sizes = {"patients": patients, "most": most, "cohorts": cohorts, "seed": seed}
    of = partial(
        Analysis,
        out=out,
        plan=plan,
        json=json,
        shown=not (quiet or json),
    )
    if sensitivity or ablation:
        unused(("by", "refit"), "no trial is left out")
        objective, best, warning = _best(checkpoint, sizes)
        analysis = of(objective=objective, best=best, warning=warning)
        if ablation:
            break_down(analysis)
        else:
            explore(analysis, sets=sets)
        return
    objective, state, between, warning = _problem(checkpoint, sizes)
    analysis = of(objective=objective, best=state.z, warning=warning)
    _leave_out(analysis, state, between, by, refit)


def _leave_out(
    analysis: Analysis, state: State, between: BetweenTrials, by: By, refit: int
) -> None:
    """Predict each trial from all the others, and show that."""
    if by is By.CLASS:
        unused(("refit",), "with --by class trials leave together, in one step")
        refit = 0
    from oestra.appraisal.rules import trial_classes
    from oestra.appraisal.skill import validation_record
    from oestra.calibration.refit import refit_worst
    from oestra.calibration.validate import leave_all_out
    from oestra.cli.validation_view import show_validation
    from oestra.core.whole_file import folder_if_named
    from oestra.report.manifest import record_run
    from oestra.report.validation_page import write_validation

    objective = analysis.objective
    with (
        folder_if_named(analysis.out) as folder,
        progress(shown=analysis.shown) as report,
        analysis.plan.open(prepare="oestra.calibration.validate", warn=warn) as workers,
    ):
        found = leave_all_out(
            objective,
            state,
            between,
            report,
            classes=trial_classes() if by is By.CLASS else None,
            workers=workers,
        )
        again = refit_worst(
            objective, state, between, found, refit, report, workers=workers
        )
        if folder is not None:
            run = record_run(
                seed=objective.seed,
                settings=analysis.settings,
                hashes=analysis.hashes,
            )
            write_validation(
                folder,
                found,
                run,
                without_class=by is By.CLASS,
                refitted=again,
                warning=analysis.warning,
            )
    record = validation_record(found, without_class=by is By.CLASS, refitted=again)
    analysis.tell(record, lambda: show_validation(record, found))


def _best(
    checkpoint: Path | None, sizes: Mapping[str, int]
) -> tuple[Objective, np.ndarray, str]:
    """Return a problem of one population, its best set, and why the fit is stale.

    The shipped best set can be spread even where its Jacobian is of another problem.
    """
    from oestra.calibration.free import free_parameters
    from oestra.calibration.objective import Objective
    from oestra.calibration.standardize import standardize
    from oestra.model.belonging import stale_fit
    from oestra.model.parameters import best_parameters, cell_parameters

    if checkpoint is not None:
        objective, state, _, warning = _problem(checkpoint, sizes)
        return objective.part(0), state.z, warning
    objective = Objective.of_trials(free_parameters(), cell_parameters(), **sizes)
    best = standardize(best_parameters(), objective.free)
    return objective.part(0), best, stale_fit()


def _problem(
    checkpoint: Path | None, sizes: Mapping[str, int]
) -> tuple[Objective, State, BetweenTrials, str]:
    """Return the problem, its end, how trials differ, and why that is stale."""
    from oestra.calibration.between import between_trials
    from oestra.calibration.checkpoint import read_state
    from oestra.calibration.fit import problem_key
    from oestra.calibration.free import free_parameters
    from oestra.calibration.objective import Objective
    from oestra.calibration.ship import shipped_problem
    from oestra.model.belonging import stale_fit
    from oestra.model.parameters import cell_parameters

    if checkpoint is None:
        return *shipped_problem(), stale_fit()
    objective = Objective.of_trials(free_parameters(), cell_parameters(), **sizes)
    state = read_state(checkpoint, problem_key(objective))
    if state is None:
        raise InputError(
            f"No fit at {checkpoint}; run 'oestra calibrate --checkpoint {checkpoint}'."
        )
    return objective, state, between_trials(objective, state.z), ""
