"""Archives of experiments: those of claims, and a culture with and without drugs."""

from collections.abc import Sequence
from pathlib import Path

import libsbml

from oestra.claims.claim import Claim
from oestra.claims.exported import claim_readouts, claim_runs
from oestra.core.library import SHIPPED, Library
from oestra.culture.reading_days import reading_days
from oestra.culture.readout import find_readout
from oestra.model.parameters import best_parameters
from oestra.network.cell import composed_sbml
from oestra.network.export import to_sbml
from oestra.network.specimen import Specimen, TimeCourse
from oestra.report.combine_archive import MODEL, write_archive
from oestra.report.sedml import to_sedml

__all__ = ["archive_claim", "archive_specimens"]


def archive_claim(claim: Claim, file: Path, library: Library = SHIPPED) -> None:
    """Write the experiment of a claim as a COMBINE archive.

    Parameters
    ----------
    claim : Claim
        The claim.
    file : Path
        Where.
    library : Library
        Whose claim it is.

    Raises
    ------
    InputError
        If the claim has no experiment on cells.
    """
    courses = claim_runs(claim, best_parameters(library))
    checks = "; ".join(
        f"{one.measure} = {one.value}, expected {one.expect}"
        for one in claim.checks
        if one.value
    )
    write_archive(
        file,
        sbml=to_sbml(courses[0].specimen),
        sedml=to_sedml(
            courses,
            claim_readouts(claim, library),
            species=_species(library),
            source=MODEL,
        ),
        title=f"{claim.id}: {claim.statement}",
        description=f"At the end of the runs: {checks}.",
    )


def archive_specimens(
    specimens: dict[str, Specimen], *, days: float, readouts: Sequence[str], file: Path
) -> None:
    """Write time courses of specimens as a COMBINE archive.

    Parameters
    ----------
    specimens : dict of str to Specimen
        By identifier; the first is the model that the archive holds.
    days : float
        Length of the courses.
    readouts : sequence of str
        What to read.
    file : Path
        Where.

    Raises
    ------
    InputError
        If a readout is unknown, or the experiment has no length or is too long.
    """
    reading_days(days, 2)
    library = next(iter(specimens.values())).library
    found = tuple(dict.fromkeys(find_readout(name, library) for name in readouts))
    courses = [
        TimeCourse(id=name, specimen=specimen, days=days)
        for name, specimen in specimens.items()
    ]
    first, last = courses[0].specimen, courses[-1].specimen
    write_archive(
        file,
        sbml=to_sbml(first),
        sedml=to_sedml(courses, found, species=_species(library), source=MODEL),
        title=last.title,
        description=" ".join(last.remarks),
    )


def _species(library: Library) -> frozenset[str]:
    document = libsbml.readSBMLFromString(composed_sbml(library))
    return frozenset(one.getId() for one in document.getModel().getListOfSpecies())
