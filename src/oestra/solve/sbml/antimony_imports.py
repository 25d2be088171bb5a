"""Files that Antimony text imports: only those in the model's own folder.

Antimony opens any file that an ``import`` names and quotes what it finds there. It is
given copies instead, in which every import names another copy.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from oestra.core.errors import InputError, shown
from oestra.solve.sbml.inspection import inspect_xml
from oestra.solve.sbml.model_folder import ModelFolder

__all__ = ["ImportedFiles"]

_BETWEEN = r"(?:\s|//[^\n]*\n|\#[^\n]*\n|/\*.*?\*/)*"
_IMPORT = re.compile(rf'\bimport\b({_BETWEEN})"([^"]*)"', re.DOTALL)
"""An import, even where it may stand in a comment: what is no import does no harm."""
_COMMENT = re.compile(r"^[ \t]*(?://|\#)[^\n]*$", re.MULTILINE)
_IN_FILE = re.compile(r"Error in file '([^']*)', line (\d+)")


@dataclass(slots=True, kw_only=True)
class ImportedFiles:
    """Copies of imported files.

    Parameters
    ----------
    folder : ModelFolder or None
        Where the files are; None for a text that is no file.
    scratch : Path
        Where copies go.
    """

    folder: ModelFolder | None
    scratch: Path
    _names: list[Path] = field(default_factory=list)
    _active: list[Path] = field(default_factory=list)

    def settle(self, text: str, name: str, beside: Path) -> str:
        """Return a text whose imports name copies.

        Parameters
        ----------
        text : str
            Antimony.
        name : str
            What to call it in messages.
        beside : Path
            Folder of its file.

        Returns
        -------
        str
            The same number of lines.

        Raises
        ------
        InputError
            If a file is missing, lies outside the folder, or is not text.
        """

        def place(found: re.Match[str]) -> str:
            copy = self._copy(found[2], name, beside)
            return f'import{found[1]}"{copy.as_posix()}"'

        return _IMPORT.sub(place, _COMMENT.sub("", text))

    def _copy(self, source: str, name: str, beside: Path) -> Path:
        if self.folder is None:
            raise InputError(
                f"{name} imports {shown(source)}; read it as a file, so that files "
                "beside it are found."
            )
        path = self.folder.find(source, beside, name)
        if path in self._active:
            # Antimony would read them without end.
            raise InputError(f"{name} and {path.name} import each other in a circle.")
        if path not in self._names:
            self._active.append(path)
            self._names.append(path)
            text = self.folder.text_of(path)
            if text.lstrip().startswith("<"):
                inspect_xml(text, path.name)
                if "externalModelDefinition" in text:
                    raise InputError(
                        f"{path.name}, which {name} imports, takes models from other "
                        "files; read it as SBML."
                    )
            else:
                text = self.settle(text, path.name, path.parent)
            self._place_of(path).write_text(text, encoding="utf-8")
            self._active.remove(path)
        return self._place_of(path)

    def _place_of(self, path: Path) -> Path:
        return self.scratch / f"{self._names.index(path)}.ant"

    def explain(self, reason: str, name: str) -> str:
        """Return why a text is not valid, without quoting the files it imports."""
        found = _IN_FILE.search(reason)
        for path in self._names:
            copy = self._place_of(path).as_posix()
            if found and found[1].replace("//", "/") == copy:
                return (
                    f"{name} imports {path.name}, which is not valid Antimony (line "
                    f"{found[2]})."
                )
            if copy in reason:
                return f"{name} imports {path.name}, which is not a valid model."
        return f"{name} is not valid Antimony: {reason.rstrip('.')}."
