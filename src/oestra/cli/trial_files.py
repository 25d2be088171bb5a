"""The files of trials: where each goes, and what is written there."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from oestra.appraisal.scenarios import Scenarios
    from oestra.cdisc.formats import Format
    from oestra.report.manifest import Run
    from oestra.trial.design import TrialDesign
    from oestra.trial.result import TrialResult
    from oestra.trial.tables.sink import TableSink
    from oestra.work.each import Workers

__all__ = ["place_of", "table_sink", "write_results"]


def place_of(
    folder: Path | None, design: TrialDesign, designs: Sequence[TrialDesign]
) -> Path | None:
    """Return where a trial is written: the folder, or one of its own among several."""
    if folder is None or len(designs) == 1:
        return folder
    return folder / design.id


@contextmanager
def table_sink(
    place: Path | None, design: TrialDesign, formats: tuple[Format, ...]
) -> Generator[TableSink | None]:
    """Open the files of the tables of a trial; without a folder there are none."""
    if place is None:
        yield None
        return
    from importlib.metadata import version

    from oestra.cdisc.writer import table_writer
    from oestra.trial.tables.plan import table_plan
    from oestra.trial.tables.sink import TableSink

    place.mkdir(exist_ok=True)
    with table_writer(
        place,
        table_plan(design),
        formats,
        study=design.id,
        title=design.title,
        version=version("oestra"),
    ) as add:
        yield TableSink(formats=formats, add=add)


def write_results(
    folder: Path,
    found: Scenarios | None,
    results: Sequence[TrialResult],
    designs: Sequence[TrialDesign],
    run: Run,
    workers: Workers = 1,
) -> None:
    """Write a trial, or several into folders of their own and how they compare."""
    from oestra.report.scenario_folder import write_scenarios
    from oestra.report.trial_folder import trial_hashes, write_trial

    for result, design in zip(results, designs, strict=True):
        place = place_of(folder, design, designs) or folder
        place.mkdir(exist_ok=True)
        whole = replace(run, hashes=trial_hashes(result))
        write_trial(place, result, design, whole, workers)
    if found is not None:
        write_scenarios(folder, found, results, designs, run)
