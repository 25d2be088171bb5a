"""The table of registered predictions, as the README of their folder."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from oestra.appraisal.prediction import read_prediction, read_predictions
from oestra.core.disclaimer import DISCLAIMER
from oestra.core.errors import InputError
from oestra.core.whole_file import whole_file
from oestra.evidence.vocabulary import Endpoint as Word
from oestra.trial.endpoints import HAZARD_RATIO, find_endpoint, median_of

__all__ = ["estimate_text", "headline", "own_index", "prediction_index", "write_index"]

_NAME = "README.md"
_TITLE = "# Registered predictions"
_LEAD = """\
Each file is what the model predicted of a trial on that day, with the fingerprints of
model, parameters, evidence, design and program. Numbers are the median (of median
survival the geometric mean) and central 90 % of virtual trials of the planned size.
Files are written once: another model gives another file. `oestra predict --check .`
tells whether one was altered."""
_MAIN = (Word.ORR, Word.KI67_CHANGE)
"""Endpoints of the headline, after the primary one."""


def estimate_text(value: Mapping[str, Any], digits: int) -> str:
    """Write an estimate with its interval; words where there is none."""
    if value["estimate"] is None:
        reason = str(value.get("reason", ""))
        return "not reached" if "not reached" in reason else reason or "-"
    ends = [
        "-" if value[name] is None else f"{value[name]:.{digits}f}"
        for name in ("low", "high")
    ]
    return f"{value['estimate']:.{digits}f} ({ends[0]} to {ends[1]})"


def headline(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the main numbers of a prediction.

    Parameters
    ----------
    record : mapping
        As of `oestra.appraisal.prediction.prediction_record`.

    Yields
    ------
    tuple of str
        What, and the estimate with its interval: hazard ratios of the primary endpoint,
        then its median, the responses and the change of Ki67 in each arm.
    """
    primary = record["primary"]
    for one in record["contrasts"]:
        if one["endpoint"] == primary:
            of = f"{primary.upper()}, {one['arm']} : {one['control']}"
            text = estimate_text(one[HAZARD_RATIO.name], HAZARD_RATIO.decimals)
            yield f"{HAZARD_RATIO.heading}, {of}", text
    shown = (median_of(primary), *(find_endpoint(word) for word in _MAIN))
    for arm, values in record["arms"].items():
        for one in (one for one in shown if one.name in values):
            text = estimate_text(values[one.name], one.decimals)
            yield f"{one.heading}, {arm}", text


def prediction_index(found: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the table of predictions as Markdown.

    Parameters
    ----------
    found : mapping of str to mapping
        Predictions by file name.

    Returns
    -------
    str
        The text of the README.
    """
    lines = [
        _TITLE,
        "",
        f"**{DISCLAIMER}**",
        "",
        _LEAD,
        "",
        "| trial | date | prediction | calibrated | model | file |",
        "|---|---|---|---|---|---|",
    ]
    order = sorted(found, key=lambda name: (found[name]["trial"], found[name]["date"]))
    for name in order:
        record = found[name]
        told = "<br>".join(f"{what}: {text}" for what, text in headline(record))
        fitted = "yes" if "belongs to this model" in record["calibration"] else "no"
        cells = (
            f"{record['trial']}: {record['title']}",
            record["date"],
            told,
            fitted,
            f"`{record['hashes']['model'][:8]}`",
            f"[{name}]({name})",
        )
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def own_index(folder: Path) -> None:
    """Raise unless predictions can be kept in a folder: call it before the work.

    Raises
    ------
    InputError
        If the folder is a file, its README is not ours, or a JSON file in it is no
        prediction or was altered.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(
            f"Cannot write predictions to {folder}: it is a file, not a folder."
        )
    path = folder / _NAME
    if path.exists() and not path.read_text("utf-8").startswith(_TITLE):
        raise InputError(
            f"{path} was not written by Oestra; name another folder with --out."
        )
    for kept in sorted(folder.glob("*.json")):
        read_prediction(kept)


def write_index(folder: Path) -> Path:
    """Write the table of all predictions of a folder.

    Raises
    ------
    InputError
        If one was altered, or the README is someone else's.
    """
    own_index(folder)
    text = prediction_index(read_predictions(folder))
    with whole_file(folder / _NAME) as file:
        file.write_text(text, encoding="utf-8")
    return folder / _NAME
