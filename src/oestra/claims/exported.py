"""The experiment of a claim, laid out for other simulators."""

from collections.abc import Sequence

from oestra.claims.cells import TUMOR, prepare
from oestra.claims.claim import Claim, Run
from oestra.claims.claim_expression import readouts_in
from oestra.claims.claim_library import claims
from oestra.core.errors import InputError
from oestra.core.library import SHIPPED, Library, library_of
from oestra.core.parameter_set import ParameterSet
from oestra.culture.medium import parse_condition
from oestra.culture.readout import Readout, find_readout, readouts
from oestra.culture.specimens import (
    acting_through,
    network_values,
    origin_remarks,
    state_values,
)
from oestra.drugs.regimen import Regimen
from oestra.model.parameters import best_parameters
from oestra.network.cell import cell
from oestra.network.cell_line import find_line
from oestra.network.specimen import Specimen, TimeCourse

__all__ = ["claim_readouts", "claim_runs"]


def claim_runs(
    claim: Claim, parameters: ParameterSet | None = None
) -> tuple[TimeCourse, ...]:
    """Return every simulation of a claim's experiment.

    Parameters
    ----------
    claim : Claim
        The claim.
    parameters : ParameterSet, optional
        Parameters of the model; the best set by default.

    Returns
    -------
    tuple of TimeCourse
        In the order of the file; one a dose where a run has doses.

    Raises
    ------
    InputError
        If the claim has no experiment on cells.
    """
    common = parameters or best_parameters(library_of())
    library = common.library
    if not claim.runs:
        near = min(
            (one for one in claims(library).values() if one.runs),
            key=lambda one: abs(one.number - claim.number),
        )
        raise InputError(
            f"{claim.id}, a claim about the {claim.level}, has no experiment on cells "
            f"that an archive could hold; the nearest claim with one is {near.id}."
        )
    return tuple(
        one for name in claim.runs for one in _simulations(claim, name, common)
    )


def claim_readouts(claim: Claim, library: Library = SHIPPED) -> tuple[Readout, ...]:
    """Return what the checks of a claim read, in the order they do."""
    names = [name for one in claim.checks for _, name in readouts_in(one.value or "0")]
    return tuple(_readout(name, library) for name in dict.fromkeys(names))


def _readout(name: str, library: Library) -> Readout:
    """Return a readout; a state or derived quantity of the cell stands for itself."""
    ode = cell(library).model.ode
    if name in readouts(library) or name not in (*ode.states, *ode.outputs):
        return find_readout(name, library)
    return Readout(name=name, symbols=(name,), unit="1", text=name.replace("_", " "))


def _simulations(claim: Claim, name: str, common: ParameterSet) -> list[TimeCourse]:
    run, library = claim.run(name), common.library
    y, rows = prepare(run, common)
    states = {**state_values(y, cell(library)), "log_cell_number": 0.0}
    drugs = acting_through(_drugs(run, library), library)
    return [
        TimeCourse(
            id=name if not run.doses else f"{name}_{number + 1}",
            specimen=Specimen(
                title=_title(claim, name, run.doses[number : number + 1]),
                values={**network_values(common), **values},
                states=states,
                line="" if run.line == TUMOR else find_line(run.line, library).id,
                drugs=drugs,
                remarks=(claim.statement, *origin_remarks(library)),
                library=library,
            ),
            days=run.days,
        )
        for number, values in enumerate(rows)
    ]


def _drugs(run: Run, library: Library) -> tuple[str, ...]:
    if run.drug == "none":
        return ()
    if run.line == TUMOR:
        return Regimen.parse(run.drug, library).drugs
    return tuple(parse_condition(run.drug.replace("{}", "1"), library).drugs)


def _title(claim: Claim, name: str, dose: Sequence[float]) -> str:
    run = claim.run(name)
    words = [f"{claim.id} {name.replace('_', ' ')}: {run.line}"]
    words += [f"carrying {', '.join(run.set)}"] if run.set else []
    edits = ", ".join(f"{symbol} {value:g}" for symbol, value in run.cell.items())
    words += [f"with {edits}"] if edits else []
    words += [f"after {', '.join(run.pretreat)}"] if run.pretreat else []
    words += [f"in {run.medium}"] if run.medium != "none" else []
    words += [f"under {run.drug}"] if run.drug != "none" else []
    text = " ".join(words)
    return text.replace("{}", f"{dose[0]:g}") if dose else text
