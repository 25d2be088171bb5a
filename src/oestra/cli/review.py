"""``oestra review``: every claim and every published endpoint, as one page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oestra.cli.caution import unused
from oestra.cli.options import WORK, Json, Out, Quiet, Seed
from oestra.cli.show import console, note_written, print_json, progress, warn
from oestra.core.errors import InputError
from oestra.core.library import SHIPPED, Library
from oestra.work.plan import ALL_PROCESSORS, Plan

if TYPE_CHECKING:
    from oestra.appraisal.review import Review

__all__ = ["review"]

_TREATMENT = "exemestane 25 mg daily + everolimus 10 mg daily"
_Treatment = Annotated[str, typer.Option(help="Regimen of the map of the pathways.")]
_Replicates = Annotated[
    int, typer.Option(min=1, max=10_000, help="How often each trial is run.")
]
_Credibility = Annotated[
    bool,
    typer.Option(
        "--credibility",
        help="Instead: how far to believe the model, for which use, on which evidence.",
    ),
]
_Sensitivity = Annotated[
    Path | None,
    typer.Option(
        "--sensitivity",
        help="With --credibility: folder of 'oestra validate --sensitivity'.",
    ),
]


def review(  # noqa: PLR0913 - one argument an option
    *,
    treatment: _Treatment = _TREATMENT,
    credibility: _Credibility = False,
    sensitivity: _Sensitivity = None,
    replicates: _Replicates = 20,
    seed: Seed = 1,
    library: Library = SHIPPED,
    json: Json = False,
    out: Out = None,
    plan: Plan = ALL_PROCESSORS,
    quiet: Quiet = False,
) -> None:
    """Write the review, as the model sees it, as one page (review.html by default).

    Figures 1 and 2 as maps with live numbers, every claim with its verdict, and every
    published endpoint beside the simulation, hits and misses alike. With --credibility
    another page (credibility.html by default) judges the model instead: risk of its
    use, verification, calibration, validation, uncertainty, limits, misses first.
    """
    from oestra.appraisal.review import review_model
    from oestra.claims.laboratory import Laboratory, open_sets
    from oestra.cli.credibility import report_credibility
    from oestra.core.whole_file import file_if_named
    from oestra.model.parameters import best_parameters
    from oestra.report.review_page import review_page

    if credibility:
        unused(("treatment", "replicates", "seed", *WORK), "--credibility runs nothing")
        report_credibility(
            out, sensitivity=sensitivity, json=json, shown=not (quiet or json)
        )
        return
    if sensitivity is not None:
        raise InputError("--sensitivity belongs to --credibility; add that.")
    target = out or (None if json else Path("review.html"))
    with (
        file_if_named(target) as file,
        progress(shown=not (quiet or json)) as report,
        plan.open(prepare="oestra.appraisal.claim_check", warn=warn) as workers,
    ):
        laboratory = Laboratory(
            parameters=best_parameters(library),
            replicates=replicates,
            seed=seed,
            workers=workers,
        )
        found = review_model(
            laboratory,
            treatment=treatment,
            progress=report,
            sets=open_sets(library),
        )
        if file is not None:
            file.write_text(review_page(found), encoding="utf-8")
    if json:
        print_json(found.to_json_dict())
    else:
        _show(found)
        note_written(target)


def _show(found: Review) -> None:
    from oestra.appraisal.verdict import Verdict
    from oestra.trial.endpoint_kinds import KINDS, SCORED_KINDS

    terminal = console()
    verdicts = [one.verdict for one in found.claims]
    told = ", ".join(f"{verdicts.count(v)} {v.value}" for v in Verdict)
    terminal.print(f"Claims: {told}")
    for kind in SCORED_KINDS:
        rows = [one.inside for one in found.fitted(kind)]
        word = KINDS[kind].plural
        terminal.print(f"{sum(map(bool, rows))} of {len(rows)} {word} inside")
