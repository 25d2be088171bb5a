"""Large parts of calls as files in a folder that workers can read."""

from pathlib import Path

from oestra.core.partial import complete_file

__all__ = ["write_parts"]


def write_parts(folder: Path, parts: dict[str, bytes]) -> None:
    """Write the parts that are not there yet, each whole or not at all.

    Parameters
    ----------
    folder : Path
        Where workers look.
    parts : dict of str to bytes
        By hash.
    """
    for name, data in parts.items():
        place = folder / name
        if not place.exists():
            with complete_file(place) as file:
                file.write(data)
