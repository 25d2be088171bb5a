"""Versions of code that are declared, and guarded by golden results.

What was simulated with code belongs to it. Code is known by its syntax: comments
and docstrings change nothing. Code that was rewritten without changing results keeps
its version: declare it after the edit; golden results are made anew, and the version
rises only where they moved. With ``--solver``, for an edit of the solver alone, they
may move by its error. Code that was edited and not declared stands for itself, so
that nothing simulated with other code is taken for its own.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from oestra.core.source_code import code_digest, module_closure, text_digest

__all__ = ["Declaration", "Declared", "Golden"]

_FILE = "version.json"
_TOLERANCE = 1e-6
"""Relative; processors differ in last bits, and changes of the model in more."""
_SOLVER_TOLERANCE = 1e-4
"""Relative error of the solver by which results may move when only steps differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Golden:
    """Results that any change of the model moves.

    Parameters
    ----------
    values : mapping of str to float
        By name.
    parameters : tuple of str
        Names of the parameters that were read on the way.
    """

    values: Mapping[str, float] = field(default_factory=dict)
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What was declared last.

    Parameters
    ----------
    version : int
        Raised whenever the same data gave other results.
    modules : tuple of str
        Modules that run.
    text, code : str
        Hashes of their files, and of what they do.
    data : str
        Hash of the data of the golden results.
    golden : mapping of str to float
        The golden results.
    parameters : tuple of str
        Names of the parameters that are read.
    """

    version: int
    modules: tuple[str, ...]
    text: str
    code: str
    data: str
    golden: Mapping[str, float]
    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Declaration:
    """Code whose version is declared.

    Parameters
    ----------
    package : str
        Package in which the declaration lies, as ``version.json``.
    roots : tuple of str
        Modules that are run; what they import belongs to them.
    golden : callable
        Makes the golden results.
    data : callable
        Returns all the data that the golden results depend on.
    """

    package: str
    roots: tuple[str, ...]
    golden: Callable[[], Golden] = field(default=Golden, compare=False)
    data: Callable[[], object] = field(default=tuple, compare=False)

    @property
    def file(self) -> Path:
        """Where the declaration lies."""
        return Path(str(files(self.package))) / _FILE

    def known(self) -> Declared:
        """Return what was declared last."""
        return _read(self.file)

    def version(self) -> str:
        """Return the version of the code: a number as declared, else its own hash."""
        return _version(self)

    def data_digest(self) -> str:
        """Return a hash of the data of the golden results."""
        return hashlib.sha256(repr(self.data()).encode()).hexdigest()

    def changed(self, golden: Golden, tolerance: float = _TOLERANCE) -> list[str]:
        """Name the golden results that differ from those declared, beyond last bits."""
        known = self.known().golden
        return [
            name
            for name in sorted(golden.values.keys() | known.keys())
            if not np.isclose(
                golden.values.get(name, np.inf),
                known.get(name, -np.inf),
                rtol=tolerance,
                atol=tolerance,
                equal_nan=True,
            )
        ]

    def declare(self, *, solver: bool = False) -> str:
        """Declare the code as it stands; raise the version if results changed.

        Parameters
        ----------
        solver : bool
            Whether only the solver changed: results may then move by its error.

        Returns
        -------
        str
            What was found, in a sentence.
        """
        old = self.known() if self.file.is_file() else None
        golden = self.golden()
        moved = self.changed(golden) if old else []
        beyond = self.changed(golden, _SOLVER_TOLERANCE) if old and solver else moved
        modules = module_closure(self.roots)
        code, data = code_digest(modules), self.data_digest()
        version = old.version if old else 1
        # Where data changed too, nobody can tell whose work a moved result is.
        if old is not None and code != old.code and beyond:
            version += 1
        record = {
            "version": version,
            "modules": list(modules),
            "text": text_digest(modules),
            "code": code,
            "data": data,
            "golden": dict(golden.values),
            "parameters": list(golden.parameters),
        }
        self.file.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        _read.cache_clear()
        _version.cache_clear()
        told = f"{len(moved)} of {len(golden.values)} golden results moved"
        if solver:
            told += f", {len(beyond)} by more than the solver's error"
        return f"{self.package}: version {version}; {told}."


@cache
def _read(file: Path) -> Declared:
    known = json.loads(file.read_text(encoding="utf-8"))
    for name in ("modules", "parameters"):
        known[name] = tuple(known[name])
    return Declared(**known)


@cache
def _version(declaration: Declaration) -> str:
    known = declaration.known()
    if text_digest(known.modules) == known.text:
        return str(known.version)
    code = code_digest(module_closure(declaration.roots))
    return str(known.version) if code == known.code else code
