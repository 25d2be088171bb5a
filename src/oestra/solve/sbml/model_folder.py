"""The folder of a model's file, and what the model may take from it."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from oestra.core.errors import InputError, shown
from oestra.core.text_file import read_text

__all__ = ["MAXIMUM_BYTES", "ModelFolder"]

MAXIMUM_BYTES = 50_000_000
"""Largest document that is read."""
_MOST_FILES = 1000


@dataclass(slots=True)
class ModelFolder:
    """A folder from which a model may take other models: nothing outside is opened.

    Parameters
    ----------
    path : Path
        The folder.
    texts : list of str
        Texts of the files read so far.
    """

    path: Path
    texts: list[str] = field(default_factory=list)

    def find(self, source: str, beside: Path, name: str) -> Path:
        """Return the file that a model means.

        Parameters
        ----------
        source : str
            Its name, relative to the file that mentions it.
        beside : Path
            Folder of the file that mentions it.
        name : str
            What to call that file in messages.

        Returns
        -------
        Path
            The file, which exists and lies in the folder or below it.

        Raises
        ------
        InputError
            If it lies elsewhere or there is no such file.
        """
        root = found = self.path.resolve()
        try:
            found = (beside / unquote(source.removeprefix("file:"))).resolve()
            inside = found.is_relative_to(root)
            there = inside and found.is_file()
        except (OSError, RuntimeError, ValueError):
            inside, there = True, False
        if not inside:
            raise InputError(
                f"{name} refers to {shown(source)}, which lies outside the folder of "
                "the model; copy it into that folder."
            )
        if not there:
            raise InputError(
                f"{name} refers to {shown(source)}, but there is no such file in the "
                "folder of the model."
            )
        return found

    def text_of(self, file: Path) -> str:
        """Return the text of a file that `find` returned.

        Raises
        ------
        InputError
            If it is no text, too large, or one too many.
        """
        if len(self.texts) == _MOST_FILES:
            raise InputError(f"A model takes at most {_MOST_FILES} other files.")
        self.texts.append(read_text(file, most=MAXIMUM_BYTES))
        return self.texts[-1]
