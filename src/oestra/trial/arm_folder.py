"""A folder that very many patients of an arm are written to, part by part.

A part that is there stays; what a run that was killed left is gone on from.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from oestra.core.errors import InputError
from oestra.core.json_text import read_json
from oestra.core.partial import sweep
from oestra.core.whole_file import CRATE, MANIFEST, whole_file, write_json
from oestra.trial.adam import RESPONSES
from oestra.trial.arm_part import INPUT, ArmPart, ArmRun

__all__ = ["PART_PATIENTS", "ArmFolder"]

PART_PATIENTS = 2_500
"""Patients of a part: seconds of work."""
_RUN = "run.json"
_WORDS = re.compile(r"arm|.+_reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmFolder:
    """Where the parts of a run lie.

    Parameters
    ----------
    path : Path
        The folder.
    run : ArmRun
        What is simulated.
    patients : int
        How many patients.
    size : int
        Patients of a part; the last may have fewer.
    """

    path: Path
    run: ArmRun
    patients: int
    size: int = PART_PATIENTS

    def open(self) -> None:
        """Make the folder, or take up one of the same run.

        Raises
        ------
        InputError
            If it holds another run, more patients or other files, or cannot be written.
        """
        if self.path.exists():
            self._check()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            sweep(self.path)
            for told in (MANIFEST, CRATE):
                (self.path / told).unlink(missing_ok=True)
        except OSError as error:
            raise InputError(
                f"Cannot write {self.path}: {error.strerror or error}; name another "
                "place with --out."
            ) from error
        record = {"run": self.run.key, "trial": self.run.design.id}
        record |= {"arm": self.run.arm, "seed": self.run.seed, "part": self.size}
        with whole_file(self.path / _RUN) as file:
            write_json(file, record)

    def _check(self) -> None:
        """Refuse what is not an earlier run of the same."""
        if not self.path.is_dir():
            raise InputError(
                f"Cannot write results to {self.path}: it is a file, not a folder."
            )
        present = {one.name for one in self.path.iterdir() if not _hidden(one.name)}
        other = sorted(present - {_RUN, MANIFEST, CRATE, *self._names(present)})
        if other or (present and _RUN not in present):
            name = (other or sorted(present))[0]
            raise InputError(
                f"Folder {self.path} holds {name!r}, which no run of an arm wrote; "
                "name a new or empty folder with --out."
            )
        if not present:
            return
        known = read_json(self.path / _RUN)
        if known.get("run") != self.run.key or known.get("part") != self.size:
            raise InputError(
                f"Folder {self.path} holds another run ({known.get('trial')}, arm "
                f"{known.get('arm')}, seed {known.get('seed')}), or one of another "
                "version or parameters; name a new folder with --out."
            )
        beyond = self._names(present) - {self.place(one).name for one in self.parts()}
        if beyond:
            raise InputError(
                f"Folder {self.path} holds more than {self.patients:,} patients of "
                "this run; ask for as many or more, or name a new folder with --out."
            )

    @staticmethod
    def _names(present: set[str]) -> set[str]:
        return {name for name in present if Path(name).match("part-*.parquet")}

    def parts(self) -> list[ArmPart]:
        """Return all parts in order."""
        starts = range(0, self.patients, self.size)
        return [
            ArmPart(
                run=self.run,
                first=start,
                count=min(self.size, self.patients - start),
                number=number,
            )
            for number, start in enumerate(starts)
        ]

    def place(self, part: ArmPart) -> Path:
        """Return the file of a part."""
        return self.path / f"part-{part.number:05d}.parquet"

    def holds(self, part: ArmPart) -> bool:
        """Tell whether a part is there, whole and made from the same input."""
        try:
            found = pq.read_metadata(self.place(part))
        except (OSError, pa.ArrowException):
            return False
        own = (found.metadata or {}).get(INPUT)
        return own == part.key.encode() and found.num_rows == part.count

    def table(self) -> pd.DataFrame:
        """Return what endpoints are estimated from: numbers of all patients."""
        columns = pq.read_schema(self.place(self.parts()[0])).names
        wanted = [name for name in columns if not _WORDS.fullmatch(name)]
        parts = [
            pq.read_table(self.place(part), columns=wanted) for part in self.parts()
        ]
        table = pa.concat_tables(parts)
        found = table.to_pandas()
        words = [str(word) for word in RESPONSES]
        told = pd.Categorical(found["best_response"].astype(str), categories=words)
        found["best_response"] = told.codes.astype(np.int32)
        return found


def _hidden(name: str) -> bool:
    return name.startswith(".")
