"""``oestra export``: the composed cell for other programs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from oestra.cli.options import Json, Out, listed
from oestra.cli.show import note_written, print_json
from oestra.core.errors import InputError, unknown_name
from oestra.core.library import SHIPPED, Library

if TYPE_CHECKING:
    from oestra.network.specimen import Specimen

__all__ = ["export"]

FORMATS = ("sbml", "antimony", "omex", "petab")
_DAYS = 7.0
_PETAB = Path("petab")

_Format = Annotated[str, typer.Argument(metavar="FORMAT", help=", ".join(FORMATS))]
_Line = Annotated[
    str | None,
    typer.Option(help="Cell line, such as MCF-7; the reference cell when left out."),
]
_Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="GENE=LESION",
        help="Such as PIK3CA=H1047R; may be repeated.",
    ),
]
_Medium = Annotated[
    str | None,
    typer.Option(
        help='What differs from the line\'s own medium, such as "estradiol 0 nM".'
    ),
]
_Drug = Annotated[
    str | None,
    typer.Option(help='Drugs in the medium, such as "fulvestrant 100 nM".'),
]
_Settled = Annotated[
    bool,
    typer.Option(
        "--settled",
        help="Start at rest in --medium without drugs. A culture starts at rest in the "
        "line's own medium otherwise, as in 'oestra cell'.",
    ),
]
_Claim = Annotated[
    str | None,
    typer.Option(metavar="ID", help="omex: the experiment of a claim, such as C042."),
]
_Days = Annotated[
    float | None,
    typer.Option(help="omex: length of the experiment. [default: 7]"),
]
_Readout = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME[,NAME...]", help="omex: what to read."),
]


def export(  # noqa: PLR0913
    kind: _Format = "sbml",
    *,
    line: _Line = None,
    lesions: _Set = None,
    medium: _Medium = None,
    drug: _Drug = None,
    settled: _Settled = False,
    claim: _Claim = None,
    days: _Days = None,
    readout: _Readout = None,
    out: Out = None,
    library: Library = SHIPPED,
    json: Json = False,
) -> None:
    """Write the cell with its line, lesions, medium and drugs for other programs.

    sbml is SBML Level 3 Version 2, annotated; antimony the same as text; omex an
    archive of model and experiment (SED-ML): of a claim, or of a culture with and
    without --drug. petab is the problem that 'oestra calibrate --cells' solves, as
    PEtab version 2, in a folder. Without --out, sbml and antimony go to standard
    output, petab to ./petab.
    """
    from oestra.appraisal.model_card import model_card
    from oestra.core.whole_file import whole_file

    kind = kind.casefold()
    if kind not in FORMATS:
        raise unknown_name("export format", kind, FORMATS)
    cells = _Cells(line, lesions, medium, drug, settled, library)
    _check(kind, cells, days=days, readout=readout, claim=claim, out=out)
    if kind == "petab":
        _write_problem(_PETAB if out is None else out, library, json=json)
        return
    if out is None:
        text = cells.text(kind)
        if not json:
            sys.stdout.write(text)
    else:
        with whole_file(out) as file:
            _write_file(kind, cells, file, claim=claim, days=days, readout=readout)
    if json:
        print_json(model_card(library) | {"file": None if out is None else str(out)})
    elif out is not None:
        note_written(out)


def _write_file(
    kind: str,
    cells: _Cells,
    file: Path,
    *,
    claim: str | None,
    days: float | None,
    readout: list[str] | None,
) -> None:
    """Write a model, or an archive of an experiment, into a file."""
    from oestra.claims.claim_library import find_claim
    from oestra.report.exported import archive_claim, archive_specimens

    if claim is not None:
        archive_claim(find_claim(claim, cells.library), file, cells.library)
    elif kind == "omex":
        archive_specimens(
            cells.specimens(),
            days=_DAYS if days is None else days,
            readouts=_names(readout),
            file=file,
        )
    else:
        file.write_text(cells.text(kind), encoding="utf-8")


def _write_problem(out: Path, library: Library, *, json: bool) -> None:
    """Write the problem of the fit of the cell into a folder."""
    from oestra.calibration.petab.problem import petab_problem
    from oestra.calibration.petab.write import write_petab
    from oestra.core.whole_file import whole_folder
    from oestra.model.parameters import cell_parameters
    from oestra.report.manifest import record_run, write_manifest

    run = record_run(seed=0, settings={"format": "petab"})
    with whole_folder(out) as folder:
        problem = petab_problem(cell_parameters(library))
        write_petab(problem, folder)
        write_manifest(folder, run)
    if json:
        print_json({"file": str(out), **problem.summary()})
    else:
        note_written(out)


class _Cells(NamedTuple):
    """What the options say of the cells."""

    line: str | None
    lesions: list[str] | None
    medium: str | None
    drug: str | None
    settled: bool
    library: Library

    def options(self) -> list[str]:
        """Return the options that were given."""
        values = (*self[:-2], self.settled or None)
        named = zip(
            ("--line", "--set", "--medium", "--drug", "--settled"), values, strict=True
        )
        return [name for name, value in named if value is not None]

    def specimens(self) -> dict[str, Specimen]:
        """Return the cells asked for, untreated first."""
        from oestra.culture.specimens import culture_specimens, reference_specimen
        from oestra.model.parameters import best_parameters

        genes = tuple(self.lesions or ())
        parameters = best_parameters(self.library)
        if self.line is None:
            reference = reference_specimen(
                set=genes, settled=self.settled, parameters=parameters
            )
            return {"untreated": reference}
        untreated, treated = culture_specimens(
            self.line,
            set=genes,
            medium=self.medium or "none",
            drug=self.drug or "none",
            settled=self.settled,
            parameters=parameters,
        )
        if self.drug is None:
            return {"untreated": untreated}
        return {"untreated": untreated, "treated": treated}

    def text(self, kind: str) -> str:
        """Return the model of the cells, treated if they are."""
        from oestra.network.export import to_antimony, to_sbml

        *_, specimen = self.specimens().values()
        sbml = to_sbml(specimen)
        return to_antimony(sbml) if kind == "antimony" else sbml


def _check(
    kind: str,
    cells: _Cells,
    *,
    days: float | None,
    readout: list[str] | None,
    claim: str | None,
    out: Path | None,
) -> None:
    """Refuse options that do not go together."""
    asked = {"--claim": claim, "--days": days, "--readout": readout}
    experiment = [name for name, value in asked.items() if value is not None]
    given = cells.options()
    if kind != "omex" and experiment:
        raise InputError(
            f"{experiment[0]} is part of an experiment, which only omex holds."
        )
    if kind == "petab" and given:
        raise InputError(
            f"petab holds the problem of the fit, with its own cells; leave out "
            f"{given[0]}."
        )
    if kind == "omex" and out is None:
        raise InputError("An archive is no text; name its file with --out.")
    others = given + experiment[1:]
    if claim is not None and others:
        raise InputError(f"A claim brings its own experiment; leave out {others[0]}.")
    if cells.line is None and {"--medium", "--drug"} & set(given):
        raise InputError(
            "Media and drugs act on cells in culture; name a line, as in --line MCF-7."
        )


def _names(given: list[str] | None) -> tuple[str, ...]:
    from oestra.culture.experiment import READOUTS

    return tuple(listed(given)) or READOUTS
