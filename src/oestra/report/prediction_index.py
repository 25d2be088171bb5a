"""The table of registered predictions, as the README of their folder."""

import re
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from oestra.appraisal.prediction import read_predictions
from oestra.core.disclaimer import DISCLAIMER
from oestra.core.errors import FaultsError, InputError
from oestra.core.text_file import read_text
from oestra.core.whole_file import whole_file
from oestra.evidence.vocabulary import Endpoint as Word
from oestra.trial.endpoints import HAZARD_RATIO, find_endpoint, median_of

__all__ = ["check_index", "estimate_text", "headline", "own_index", "prediction_index",
           "write_index"]  # fmt: skip

_NAME = "README.md"
_TITLE = "# Registered predictions"
_LEAD = """\
Each file is what the model predicted of a trial on that day, with the fingerprints of
model, parameters, evidence, design and program. Numbers are the middle of virtual
trials of the planned size and an interval for one of them; `interval` in each file says
which.
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
        told = "<br>".join(f"{_cell(what)}: {text}" for what, text in headline(record))
        fitted = "yes" if "belongs to this model" in record["calibration"] else "no"
        cells = (
            _cell(f"{record['trial']}: {record['title']}"),
            _cell(record["date"]),
            told,
            fitted,
            f"`{record['hashes']['model'][:8]}`",
            f"[{name}]({name})",
        )
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """Return text of a file so that Markdown reads no markup in it."""
    return escape(" ".join(text.split()), quote=False)


def check_index(folder: Path, found: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise unless the README of a folder is the table of its predictions.

    Parameters
    ----------
    folder : Path
        Holds them.
    found : mapping of str to mapping
        All predictions of the folder by file name.

    Raises
    ------
    InputError
        If a file was removed or added since the table was written, or the table was
        altered.
    """
    path = folder / _NAME
    text = read_text(path)
    listed = set(re.findall(r"\]\(([^()\s]+\.json)\)", text))
    faults = [
        f"{path} lists {name}, which is no longer there."
        for name in sorted(listed - found.keys())
    ]
    faults += [
        f"{folder / name} is not listed in {path}."
        for name in sorted(found.keys() - listed)
    ]
    if faults:
        raise FaultsError(faults)
    try:
        same = text == prediction_index(found)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"A prediction of {folder} lacks a number: {error!r}."
        ) from error
    if not same:
        raise InputError(
            f"{path} was altered, or written by another version: it is not the table "
            "of these predictions; 'oestra predict' writes it anew."
        )


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
    if path.exists() and not read_text(path).startswith(_TITLE):
        raise InputError(
            f"{path} was not written by Oestra; name another folder with --out."
        )
    if any(folder.glob("*.json")):
        read_predictions(folder)


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
