"""Answers of the view of scenarios: trials side by side, run in the background."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from oestra.appraisal.comparison import (
    WHOLE,
    Cell,
    Comparison,
    compare,
    estimate_cell,
    published_rows,
)
from oestra.appraisal.scenario_change import scenario_changes
from oestra.appraisal.scenarios import Scenarios, check_scenarios, compare_scenarios
from oestra.core.disclaimer import DISCLAIMER
from oestra.core.errors import FaultsError, InputError
from oestra.core.library import library_of
from oestra.model.fit_remarks import fit_remarks
from oestra.trial.design import TrialDesign
from oestra.trial.endpoints import HAZARD_RATIO, median_of
from oestra.trial.estimate import Estimate
from oestra.trial.result import TrialResult
from oestra.trial.run import Population
from oestra.web import trial_answer
from oestra.web.background import background, told
from oestra.web.curve import curves
from oestra.web.job import Tell
from oestra.web.number_source import sources
from oestra.web.page_data import examples
from oestra.web.population import check_choice, populations, threads
from oestra.web.trial_answer import STAGES, trial_command
from oestra.web.trial_form import own_design, own_designs, trial_text

__all__ = ["FILE", "run", "shown"]

FILE = "file"
"""Stands for the scenarios of the file, in their order."""
_NAME = "scenarios.yaml"
_MOST = 8
_MOST_PATIENTS = 250_000
"""As many as the largest run of the bench holds in memory."""


def shown(_given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the comparisons that ship."""
    return {"examples": examples(), "file": FILE, "disclaimer": DISCLAIMER}


def _designs(given: Mapping[str, Any]) -> list[TrialDesign]:
    """Return what shall be compared, in its order."""
    library = library_of()
    found: list[TrialDesign] = []
    try:
        for name in given["scenario"]:
            if name == FILE:
                found += own_designs(given["yaml"], library, _NAME)
            else:
                found.append(own_design(trial_text(name, library), library))
    except FaultsError as error:
        raise InputError(" ".join(error.sentences[:5])) from None
    if not 2 <= len(found) <= _MOST:
        raise InputError(
            f"Between 2 and {_MOST} scenarios are compared, got {len(found)}."
        )
    whole = sum(given["patients"] or sum(arm.n for arm in one.arms) for one in found)
    if whole * given["replicates"] > _MOST_PATIENTS:
        raise InputError(
            f"These are {whole * given['replicates']:,} patients in all, and a run "
            f"takes {_MOST_PATIENTS:,}; ask for fewer scenarios, patients or "
            "replicates."
        )
    arms = max(len(one.arms) for one in found)
    if given["patients"] and given["patients"] < arms:
        raise InputError(
            f"A scenario has {arms} arms and needs at least as many patients, got "
            f"{given['patients']}."
        )
    check_scenarios(found)
    return found


def run(given: Mapping[str, Any]) -> dict[str, Any]:
    """Run scenarios in the background; return the job to ask for."""
    check_choice(given["parameters"])
    designs = _designs(given)
    work = _Work(designs=designs, asked=given)
    return told(background().submit(given["client"] or "-", work))


class _Work:
    """Every scenario once, a few times, and as often as asked, showing each stage."""

    def __init__(self, designs: list[TrialDesign], asked: Mapping[str, Any]) -> None:
        self.designs, self.asked = designs, asked
        whole = asked["replicates"]
        self.stages = [*(n for n in STAGES if n < whole), whole]
        self.part, self.done = 0, 0

    def __call__(self, tell: Tell) -> None:
        tell(None, 0.0)
        cohort = populations(self.asked)
        running = [self._refined(one, cohort, tell) for one in self.designs]
        for count in self.stages:
            results: list[TrialResult] = []
            for trial in running:
                results.append(next(trial))
                # The first look is shown trial by trial, later ones when whole.
                if count == self.stages[0] or len(results) == len(self.designs):
                    self.part += 1
                    tell(self._record(results), self._share())

    def _share(self) -> float:
        return self.done / (self.stages[-1] * len(self.designs))

    def _refined(
        self, design: TrialDesign, cohort: Sequence[Population], tell: Tell
    ) -> Iterator[TrialResult]:
        def progress(_now: int, _next: int) -> None:
            self.done += 1
            tell(None, self._share())

        return trial_answer.refine_trial(
            design,
            cohort=cohort,
            shown=self.stages,
            seed=self.asked["seed"],
            patients=self.asked["patients"] or None,
            workers=threads(),
            progress=progress,
        )

    def _record(self, results: list[TrialResult]) -> dict[str, Any]:
        designs = self.designs[: len(results)]
        found = compare_scenarios(results, designs)
        previous = [None, *designs[:-1]]
        return {
            "part": self.part,
            "replicates": results[0].replicates,
            "asked": self.asked["replicates"],
            "seed": results[0].seed,
            "sets": results[0].audit["parameter_sets"],
            "of": len(self.designs),
            "endpoint": found.endpoint.upper(),
            "reference": list(found.reference),
            "steps": [
                {
                    **_step(result, design, found),
                    **_drawn(result, design, found),
                    "changes": [] if old is None else scenario_changes(old, design),
                }
                for result, design, old in zip(results, designs, previous, strict=True)
            ],
            "arms": _arms(found),
            "cautions": [
                *(f"{one.trial}: {text}" for one in results for text in one.cautions),
                *islice(fit_remarks(), 1),
            ],
            "command": self._command(results[0].replicates),
            "disclaimer": DISCLAIMER,
        }

    def _command(self, replicates: int) -> str:
        names = [_NAME if one == FILE else one for one in self.asked["scenario"]]
        return trial_command(names, self.asked, replicates)


def _step(result: TrialResult, design: TrialDesign, found: Scenarios) -> dict[str, Any]:
    """Return a scenario: its hazard ratio, and what was published of it."""
    mine = [one for trial, one in found.contrasts if trial == result.trial]
    ratio = mine[0] if mine else None
    of_trial = published_rows(result)
    rows = compare(result, of_trial)
    known = next((one for one in rows if _is_of(one, ratio)), None)
    published = None if known is None else known.published
    return {
        "id": result.trial,
        "title": design.title,
        "arm": "" if ratio is None else ratio.arm,
        "control": "" if ratio is None else ratio.control,
        "hazard_ratio": None
        if ratio is None
        else _estimate(ratio.hazard_ratio, HAZARD_RATIO.decimals),
        "published": None
        if published is None or published.estimate is None
        else {
            "estimate": published.estimate,
            "low": published.low,
            "high": published.high,
            "text": published.text(HAZARD_RATIO.decimals),
            "source": "" if known is None else sources(of_trial).get(known.key, ""),
        },
    }


def _drawn(
    result: TrialResult, design: TrialDesign, found: Scenarios
) -> dict[str, Any]:
    """Return the curve expected of each arm of a scenario."""
    drawn, months = curves(result, design, found.endpoint)
    return {"months": months, "curves": drawn}


def _is_of(row: Comparison, ratio: Any) -> bool:
    """Tell whether a row of a trial is that of its hazard ratio."""
    return ratio is not None and (
        (row.stratum, row.arm, row.control, row.of)
        == (WHOLE, ratio.arm, ratio.control, ratio.endpoint)
        and row.endpoint == HAZARD_RATIO.name
    )


def _arms(found: Scenarios) -> list[dict[str, Any]]:
    shown = {
        "median": (median_of(found.endpoint).name, 1),
        "response": ("orr_percent", 0),
        "benefit": ("cbr_percent", 0),
    }
    rows: list[dict[str, Any]] = []
    for arm in found.arms:
        itself = (arm.trial, arm.arm) == found.reference
        rows.append(
            {
                "trial": arm.trial,
                "arm": arm.arm,
                "label": arm.label,
                "n": arm.n,
                **{
                    key: _text(arm.endpoints.get(name), digits)
                    for key, (name, digits) in shown.items()
                },
                "ratio": "reference" if itself else _text(arm.hazard_ratio, 2),
                "gain": "" if itself else _text(arm.gain_months, 1),
            }
        )
    return rows


def _estimate(found: Estimate, digits: int) -> dict[str, Any]:
    return {
        "estimate": found.estimate,
        "low": found.low,
        "high": found.high,
        "text": _text(found, digits),
    }


def _text(found: Estimate | None, digits: int) -> str:
    cell = Cell() if found is None else estimate_cell(found)
    return replace(cell, error=None).text(digits)
