"""The files of a library, as they are hashed and sent."""

from oestra.core.library import Kind, Library

__all__ = ["library_files"]


def library_files(library: Library) -> dict[str, bytes]:
    """Return the files a library adds to the package, by place within it.

    Parameters
    ----------
    library : Library
        The library.

    Returns
    -------
    dict of str to bytes
        Under the number of the folder, so that none hides another.
    """
    found: dict[str, bytes] = {}
    for number, folder in enumerate(library.folders):
        for kind in Kind:
            for file in library.own(kind):
                if file.is_relative_to(folder):
                    found[f"{number}/{kind.value}/{file.name}"] = file.read_bytes()
    return found
