"""Experiments on cells, as the terminal shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oestra.cli.show import console, headed

if TYPE_CHECKING:
    import pandas as pd

    from oestra.culture.cell_result import CellResult
    from oestra.culture.combination import Combination
    from oestra.culture.dose_response import DoseResponse

__all__ = ["show_result"]


def show_result(
    result: CellResult | DoseResponse | Combination, *, chosen: bool
) -> None:
    """Print what came of an experiment.

    Parameters
    ----------
    result : CellResult, DoseResponse or Combination
        What was seen.
    chosen : bool
        Of courses, whether every day is printed or the last alone.
    """
    from oestra.culture.cell_result import CellResult
    from oestra.culture.dose_response import DoseResponse

    if isinstance(result, CellResult):
        _show_courses(result, chosen=chosen)
    elif isinstance(result, DoseResponse):
        _show_doses(result)
    else:
        _show_combination(result)


def _show_courses(result: CellResult, *, chosen: bool) -> None:
    from rich.table import Table

    genes = ", ".join(f"{gene} {name}" for gene, name in result.genotype.items())
    console().print(headed(result.line, f" ({genes or 'no lesion'})"))
    console().print(f"Medium: {result.medium}", markup=False)
    for step in result.pretreatment:
        console().print(f"After: {step}", markup=False)
    console().print(f"Drug: {result.drug}", markup=False)
    if chosen:
        _print_courses(result)
        return
    at = f"day {result.times_days[-1]:g}"
    heads = ["readout", "unit", f"untreated, {at}", "treated", "ratio"]
    heads += ["95 % of sets"] if result.bands else []
    table = Table(*heads, box=None)
    for one in result.readouts:
        before, after = result.final(one.name)
        ratio = f"{after / before:.3g}" if before else ""
        unit = "" if one.unit == "1" else one.unit
        row = [one.name, unit, f"{before:.4g}", f"{after:.4g}", ratio]
        if result.bands:
            low, high = result.bands[one.name]["ratio"][:, -1]
            row.append(f"{low:.3g} to {high:.3g}" if before else "")
        table.add_row(*row)
    console().print(table)
    _print_shares(result)


def _print_shares(result: CellResult) -> None:
    """Print what share of the cells each clone of a mixture has in the end."""
    for name, (before, after) in result.clones.items():
        told = f"{100 * before[0]:.3g} % of the cells at first, on day "
        told += f"{result.times_days[-1]:g} {100 * before[-1]:.3g} % untreated, "
        console().print(f"{name}: {told}{100 * after[-1]:.3g} % treated", markup=False)


def _print_courses(result: CellResult) -> None:
    """Print both cultures on every chosen day."""
    from rich.table import Table

    heads = ["readout", "unit", "day", "untreated", "treated", "ratio"]
    heads += ["95 % of sets"] if result.bands else []
    table = Table(*heads, box=None)
    for one in result.readouts:
        unit = "" if one.unit == "1" else one.unit
        courses = result.untreated[one.name], result.treated[one.name]
        for k, (day, before, after) in enumerate(
            zip(result.times_days, *courses, strict=True)
        ):
            ratio = f"{after / before:.3g}" if before else ""
            name = (one.name, unit) if k == 0 else ("", "")
            row = [*name, f"{day:g}", f"{before:.4g}", f"{after:.4g}", ratio]
            if result.bands:
                low, high = result.bands[one.name]["ratio"][:, k]
                row.append(f"{low:.3g} to {high:.3g}" if before else "")
            table.add_row(*row)
    console().print(table)
    _print_shares(result)


def _show_doses(result: DoseResponse) -> None:
    console().print(headed(result.line, f", day {result.days:g}"))
    if result.background != "none":
        console().print(f"All with: {result.background}", markup=False)
    _print_frame(result.table().rename(columns={"dose_nm": f"{result.drug} (nM)"}))

    def spread(name: str) -> str:
        return f" ({result.spreads[name]})" if name in result.spreads else ""

    for one in result.readouts:
        absolute, relative = (
            result.absolute_ic50(one.name),
            result.relative_ic50(one.name),
        )
        told = f"absolute IC50 {absolute}{spread(f'absolute_ic50 {one.name}')}; "
        told += f"relative IC50 {relative}{spread(f'relative_ic50 {one.name}')}."
        console().print(f"{one.name}: {told}", markup=False)
    told = f"GR50 {result.gr50}{spread('gr50')}"
    if result.gr_max is not None:
        told += f"; GRmax {result.gr_max:.3g}{spread('gr_max')}"
    if result.gr_area is not None:
        told += f"; GR_AOC {result.gr_area:.3g}{spread('gr_aoc')}"
    console().print(f"{told}.", markup=False)
    curve = result.gr_curve.told(spread("gr_inf"))
    console().print(f"GR curve: {curve}.", markup=False)


def _show_combination(result: Combination) -> None:
    import numpy as np

    from oestra.culture.conclusion import told_musyc

    console().print(
        headed(
            result.line,
            f", {result.readout.name} on day {result.days:g}; effect is the share lost",
        )
    )
    _print_frame(result.table())
    means = {"HSA": result.hsa, "Bliss": result.bliss, "ZIP": result.zip}
    told = ", ".join(
        f"{name} {100 * float(one.mean()):+.1f}"
        if np.isfinite(one).all()
        else f"{name} none (needs four doses of each)"
        for name, one in means.items()
    )
    console().print(f"Mean excess, points: {told}.", markup=False)
    index = result.index_on_isobole
    told = (
        "none, as a drug alone falls short"
        if index is None
        else f"{index:.2f} (below 1 is synergy)"
    )
    percent = f"{100 * result.effect_level:.0f} %"
    console().print(f"Combination index at {percent} effect: {told}.", markup=False)
    if result.musyc is not None:
        console().print(told_musyc(result.musyc, result.drugs), markup=False)
    console().print(result.conclusion, markup=False)


def _print_frame(frame: pd.DataFrame) -> None:
    import pandas as pd
    from rich.table import Table

    table = Table(*(str(name) for name in frame.columns), box=None)
    for row in frame.itertuples(index=False):
        table.add_row(*("" if pd.isna(value) else f"{value:.4g}" for value in row))
    console().print(table)
