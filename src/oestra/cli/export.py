"""``oestra export``: the composed cell for other programs."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from oestra.claims.load import find_claim
from oestra.cli.options import Json, Out
from oestra.cli.show import note, print_json
from oestra.core.errors import InputError, unknown_name
from oestra.course.culture import READOUTS, reading_days
from oestra.course.exported import culture_specimens, reference_specimen
from oestra.network.export import to_antimony, to_sbml
from oestra.network.specimen import Specimen
from oestra.report.exported import archive_claim, archive_specimens
from oestra.report.model_card import model_card
from oestra.report.write import whole_file

__all__ = ["export"]

FORMATS = ("sbml", "antimony", "omex")
_DAYS = 7.0

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
    json: Json = False,
) -> None:
    """Write the cell with its line, lesions, medium and drugs for other programs.

    sbml is SBML Level 3 Version 2, annotated; antimony the same as text; omex an
    archive of model and experiment (SED-ML): of a claim, or of a culture with and
    without --drug. Without --out, sbml and antimony go to standard output.
    """
    if kind.casefold() not in FORMATS:
        raise unknown_name("export format", kind, FORMATS)
    kind = kind.casefold()
    cells = {
        "--line": line,
        "--set": lesions,
        "--medium": medium,
        "--drug": drug,
        "--settled": settled or None,
    }
    experiment = {"--days": days, "--readout": readout}
    _check(kind, cells, experiment, claim=claim, out=out)
    if kind == "omex":
        assert out is not None  # noqa: S101 - checked above
        with whole_file(out) as file:
            if claim is not None:
                archive_claim(find_claim(claim), file)
            else:
                length = _DAYS if days is None else days
                reading_days(length, 2)
                archive_specimens(
                    _specimens(line, lesions, medium, drug, settled=settled),
                    days=length,
                    readouts=_names(readout),
                    file=file,
                )
        _tell(out, json=json)
        return
    found = _specimens(line, lesions, medium, drug, settled=settled)
    text = to_sbml(list(found.values())[-1])
    if kind == "antimony":
        text = to_antimony(text)
    if out is not None:
        with whole_file(out) as file:
            file.write_text(text, encoding="utf-8")
    elif not json:
        sys.stdout.write(text)
    _tell(out, json=json)


def _check(
    kind: str,
    cells: dict[str, Any],
    experiment: dict[str, Any],
    *,
    claim: str | None,
    out: Path | None,
) -> None:
    """Refuse options that do not go together."""
    given = [name for name, value in cells.items() if value is not None]
    asked = [name for name, value in experiment.items() if value is not None]
    if kind != "omex" and (asked or claim is not None):
        name = (asked or ["--claim"])[0]
        raise InputError(f"{name} is part of an experiment, which only omex holds.")
    if kind == "omex" and out is None:
        raise InputError("An archive is no text; name its file with --out.")
    if claim is not None and given + asked:
        raise InputError(
            f"A claim brings its own experiment; leave out {(given + asked)[0]}."
        )
    if "--line" not in given and {"--medium", "--drug"} & set(given):
        raise InputError(
            "Media and drugs act on cells in culture; name them, as in --line MCF-7."
        )


def _specimens(
    line: str | None,
    lesions: list[str] | None,
    medium: str | None,
    drug: str | None,
    *,
    settled: bool,
) -> dict[str, Specimen]:
    """Return the cells asked for, untreated first."""
    genes = tuple(lesions or ())
    if line is None:
        return {"untreated": reference_specimen(set=genes, settled=settled)}
    untreated, treated = culture_specimens(
        line, set=genes, medium=medium or "none", drug=drug or "none", settled=settled
    )
    return {"untreated": untreated} | ({} if drug is None else {"treated": treated})


def _names(given: list[str] | None) -> tuple[str, ...]:
    words = [word.strip() for text in given or () for word in text.split(",")]
    return tuple(words) or READOUTS


def _tell(out: Path | None, *, json: bool) -> None:
    if json:
        print_json(model_card() | {"file": None if out is None else str(out)})
    elif out is not None:
        note(f"Written to {out}.")
