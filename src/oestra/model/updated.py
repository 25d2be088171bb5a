"""Parameter sets that a user's own trial updated: written whole, read back or refused.

The file is JSON with the values of the fitted parameters alone; all others are those of
the package and the library. It belongs to one fit and one set of equations, and is
refused beside another.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oestra.core.errors import InputError, OestraError, nearest, shown
from oestra.core.json_text import read_json
from oestra.core.library import Library
from oestra.core.parameter_set import ParameterSet
from oestra.core.whole_file import whole_file, write_json
from oestra.model.fit import Fit, shipped_fit
from oestra.model.parameters import best_parameters
from oestra.network.digest import source_digest

__all__ = [
    "UpdatedSets",
    "check_place",
    "fit_digest",
    "read_updated",
    "updated_file",
    "updated_names",
    "updated_sets",
    "write_updated",
]

_KIND = "Oestra updated parameters"
_FORMAT = 1
_RESERVED = ("best", "ensemble")


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatedSets:
    """Updated parameter sets.

    Parameters
    ----------
    name : str
        What the user called them.
    sets : tuple of ParameterSet
        The best one first, then those that stand for what is open.
    belongs_to : mapping of str to str
        Hashes of the fit, the equations and the data they come from.
    trial : str
        Id of the trial they learned from.
    """

    name: str
    sets: tuple[ParameterSet, ...]
    belongs_to: Mapping[str, str]
    trial: str

    @property
    def text(self) -> str:
        """What they are, in a sentence."""
        return f"Parameters: {self.name}, updated by {self.trial}."


def fit_digest(fit: Fit | None = None) -> str:
    """Return the hash of the values of a fit, the shipped one by default."""
    found = fit or shipped_fit()
    if found is None:
        return ""
    text = json.dumps([dict(sorted(found.best.items())), list(found.names)])
    return hashlib.sha256(text.encode() + found.ensemble.tobytes()).hexdigest()


def check_place(path: Path) -> None:
    """Refuse to write over what is no updated parameters.

    Raises
    ------
    InputError
        If another file has that name.
    """
    if not path.exists():
        return
    try:
        known = path.is_file() and read_json(path)["kind"] == _KIND
    except (InputError, KeyError, TypeError):
        known = False
    if not known:
        raise InputError(
            f"{path} exists and holds no updated parameters; name another file."
        )


def _folder() -> Path:
    import platformdirs  # noqa: PLC0415 - not needed where a file is named

    return Path(platformdirs.user_data_dir("oestra")) / "parameters"


def updated_names() -> list[str]:
    """Return the names of the updated sets in the user's folder."""
    folder = _folder()
    return sorted(one.stem for one in folder.glob("*.json")) if folder.is_dir() else []


def _is_path(name: str) -> bool:
    return name.endswith(".json") or "/" in name or "\\" in name


def updated_file(name: str) -> Path:
    """Return where updated sets of a name, or of a path, lie.

    Raises
    ------
    InputError
        If a name is one that commands know already, or no plain word.
    """
    if _is_path(name):
        return Path(name)
    if name in _RESERVED:
        raise InputError(
            f"The name {name!r} is taken; call the parameters anything but "
            f"{' and '.join(_RESERVED)}."
        )
    if not name or name.startswith(".") or len(name) > 64 or not name.isprintable():
        raise InputError(
            f"Parameters are named by a word of at most 64 characters, got "
            f"{shown(name)}."
        )
    return _folder() / f"{name}.json"


def write_updated(
    path: Path,
    sets: Sequence[ParameterSet],
    about: Mapping[str, Any],
    *,
    data: str,
    trial: str,
) -> None:
    """Write updated sets, whole or not at all.

    Parameters
    ----------
    path : Path
        The file.
    sets : sequence of ParameterSet
        The best one first.
    about : mapping
        What else a reader may want to know, as JSON holds it.
    data : str
        Hash of what they learned from.
    trial : str
        Id of the trial.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    fit = shipped_fit()
    names = [] if fit is None else list(fit.names)
    record = {
        "kind": _KIND,
        "format": _FORMAT,
        "trial": trial,
        "belongs_to": {
            "fit": fit_digest(fit),
            "equations": source_digest(sets[0].library),
            "data": data,
        },
        "library": [str(folder) for folder in sets[0].library.folders],
        **about,
        "names": names,
        "sets": [[float(f"{one[name]:.10g}") for name in names] for one in sets],
    }
    with whole_file(path) as file:
        write_json(file, record)


def read_updated(name: str, library: Library) -> UpdatedSets:
    """Read updated sets.

    Parameters
    ----------
    name : str
        A name in the user's folder, or the path of a file.
    library : Library
        Whose other parameters they stand beside.

    Returns
    -------
    UpdatedSets
        The sets.

    Raises
    ------
    InputError
        If there are none of that name, the file is damaged, or they belong to another
        fit or other equations.
    """
    path = updated_file(name)
    if not path.is_file():
        raise _absent(name)
    record = read_json(path)
    try:
        belongs, names, rows, trial = _content(record)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{path} holds no updated parameters ({error}); write them with 'oestra "
            "update'."
        ) from error
    _refuse_foreign(path, belongs, library)
    base = best_parameters(library)
    try:
        sets = tuple(base.replace(**dict(zip(names, row, strict=True))) for row in rows)
    except OestraError as error:
        raise InputError(f"{path}: {error}") from error
    return UpdatedSets(name=name, sets=sets, belongs_to=belongs, trial=trial)


def _content(
    record: Any,
) -> tuple[dict[str, str], list[str], list[list[float]], str]:
    """Return what a record belongs to, its names, its values and its trial."""
    if record["kind"] != _KIND or record["format"] != _FORMAT:
        raise ValueError("it is of another kind or format")
    belongs = {str(k): str(v) for k, v in record["belongs_to"].items()}
    names = [str(one) for one in record["names"]]
    rows = [[float(x) for x in row] for row in record["sets"]]
    if not rows or any(len(row) != len(names) for row in rows):
        raise ValueError("sets and names differ in length")
    return belongs, names, rows, str(record["trial"])


def updated_sets(choice: str | None, library: Library) -> UpdatedSets | None:
    """Return the updated sets that an option names, or None where it names none.

    Every command that runs with parameters of the user's choice asks here.

    Parameters
    ----------
    choice : str, optional
        ``best``, ``ensemble``, or a name or path of `read_updated`.
    library : Library
        Whose other parameters they stand beside.

    Raises
    ------
    InputError
        As of `read_updated`.
    """
    if choice is None or choice in _RESERVED:
        return None
    return read_updated(choice, library)


def _absent(name: str) -> InputError:
    if _is_path(name):
        return InputError(f"There is no file of parameters {shown(name)}.")
    known = [*_RESERVED, *updated_names()]
    hint = nearest(name, known)
    told = f"nearest is {hint!r}" if hint else f"known are {', '.join(known)}"
    return InputError(
        f"No parameters are named {shown(name)}; {told}; 'oestra update' makes others."
    )


def _refuse_foreign(path: Path, belongs: Mapping[str, str], library: Library) -> None:
    if belongs.get("fit") != fit_digest():
        raise InputError(
            f"The parameters {path.stem} were updated from another fit than the one "
            "that ships; run 'oestra update' with their data again."
        )
    if belongs.get("equations") != source_digest(library):
        raise InputError(
            f"The parameters {path.stem} were updated with other equations of the cell "
            "(another release or library); run 'oestra update' with their data again."
        )
