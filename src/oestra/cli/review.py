"""``oestra review``: every claim and every published endpoint, as one page."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oestra.cli.caution import never_with, unused
from oestra.cli.options import WORK, Json, Out, Quiet, Seed
from oestra.cli.show import console, note_written, print_json, progress, warn
from oestra.core.errors import InputError
from oestra.core.library import SHIPPED, Library
from oestra.work.plan import ALL_PROCESSORS, Plan

if TYPE_CHECKING:
    from oestra.appraisal.review import Review
    from oestra.core.progress import Progress

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
_Site = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Write a folder that any host of files serves: the review, and the views "
        "of 'oestra serve' with their answers recorded.",
    ),
]


def review(  # noqa: PLR0913 - one argument an option
    *,
    treatment: _Treatment = _TREATMENT,
    credibility: _Credibility = False,
    sensitivity: _Sensitivity = None,
    site: _Site = None,
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
    use, verification, calibration, validation, uncertainty, limits, misses first. With
    --site the page lies in a folder beside the views of 'oestra serve', which need no
    server there.
    """
    from oestra.appraisal.review import review_model
    from oestra.claims.laboratory import Laboratory, open_sets
    from oestra.cli.credibility import report_credibility
    from oestra.core.whole_file import file_if_named, folder_if_named
    from oestra.model.parameters import best_parameters
    from oestra.report.manifest import record_run, write_manifest
    from oestra.report.review_page import review_page

    if credibility:
        chosen = ("treatment", "replicates", "seed", "site", *WORK)
        unused(chosen, "--credibility runs nothing")
        report_credibility(
            out, sensitivity=sensitivity, json=json, shown=not (quiet or json)
        )
        return
    if sensitivity is not None:
        raise InputError("--sensitivity belongs to --credibility; add that.")
    target = _target(site, out, json=json)
    run = record_run(seed=seed, settings={"replicates": replicates})
    with (
        file_if_named(None if site else target) as page,
        folder_if_named(site) as folder,
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
        if page is not None:
            page.write_text(review_page(found), encoding="utf-8")
        if folder is not None:
            _write_site(folder, review_page(found), report)
            write_manifest(folder, run)
    if json:
        print_json(found.to_json_dict())
    else:
        _show(found)
        note_written(target)


def _target(site: Path | None, out: Path | None, *, json: bool) -> Path | None:
    """Return where results go; refuse what does not go with a folder of views."""
    if site is not None:
        never_with(("out",), "--site", "the page becomes a file of that folder")
        folders = "the views take the folders of OESTRA_LIBRARY"
        never_with(("library",), "--site", folders)
    return site or out or (None if json else Path("review.html"))


def _write_site(folder: Path, page: str, progress: Progress) -> None:
    """Write the review and the recorded views, which belong to the server's package."""
    recorded = import_module("oestra.web.recorded_copy")
    (folder / recorded.REVIEW).write_text(page, encoding="utf-8")
    recorded.record_page(folder, progress=progress)


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
