"""One commented example of every kind of file a library may hold."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from oestra.core.errors import InputError
from oestra.core.library import Kind
from oestra.core.whole_file import whole_folder

__all__ = ["example_files", "write_example"]

_FOLDER = "examples"


def example_files() -> dict[str, Traversable]:
    """Return the files of the example by their place in it, such as ``drugs/X.yaml``.

    Returns
    -------
    dict of str to Traversable
        At least one a kind, in order of kind and name.
    """
    root = files("oestra.own_library") / _FOLDER
    found: dict[str, Traversable] = {}
    for kind in Kind:
        inside = sorted((root / kind.value).iterdir(), key=lambda file: file.name)
        found |= {
            f"{kind.value}/{file.name}": file
            for file in inside
            if file.name.endswith(kind.suffix)
        }
    return found


def write_example(folder: Path) -> list[str]:
    """Write the example.

    Parameters
    ----------
    folder : Path
        A new or an empty folder.

    Returns
    -------
    list of str
        What was written, below the folder.

    Raises
    ------
    InputError
        If the folder holds anything, or cannot be written.
    """
    _refuse_used(folder)
    found = example_files()
    with whole_folder(folder) as fresh:
        for name, file in found.items():
            target = fresh / name
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(file.read_bytes())
    return list(found)


def _refuse_used(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()):
        raise InputError(
            f"The folder {str(folder)!r} is not empty; name a new one, so that nothing "
            "of it is lost."
        )
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{str(folder)!r} is a file; name a new folder.")
