"""Writing the tables of a trial, replicate after replicate, in bounded memory."""

from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from pyarrow import parquet

from oestra.cdisc.dataset_json import COUNT, JSON_END, json_header
from oestra.cdisc.define_xml import write_define
from oestra.cdisc.dictionary import Dataset, Dictionary
from oestra.cdisc.encode import Encoded
from oestra.cdisc.formats import Format
from oestra.cdisc.tables import schema_of
from oestra.cdisc.xport import RECORD, xpt_header

__all__ = ["Add", "table_writer"]

Add = Callable[[Mapping[str, Encoded]], None]
"""Takes the tables of one replicate."""


class _Stream:
    """A file of one table, which grows."""

    def __init__(self, place: Path, header: bytes) -> None:
        self.file: BinaryIO = place.open("wb")
        self.file.write(header)
        self.rows = 0
        self.size = 0

    def add(self, rows: bytes) -> None:
        self.file.write(rows)
        self.size += len(rows)


def _fill(stream: _Stream) -> None:
    """Fill the last record of a transport file with blanks."""
    stream.file.write(b" " * (-stream.size % RECORD))


def _end_json(place: int, stream: _Stream) -> None:
    """Close the rows, and put in how many they are."""
    stream.file.write(JSON_END)
    stream.file.seek(place)
    stream.file.write(f"{stream.rows:>{COUNT}}".encode("ascii"))


@contextmanager
def table_writer(
    folder: Path,
    known: Dictionary,
    formats: Sequence[Format],
    *,
    study: str,
    title: str,
    version: str,
) -> Generator[Add]:
    """Open the files of all tables; yield what takes those of each replicate.

    Parameters
    ----------
    folder : Path
        Where; the folder exists.
    known : Dictionary
        Of the trial, as `oestra.cdisc.dictionary.expanded` returns it.
    formats : sequence of Format
        Which; Parquet must be among them.
    study, title : str
        Name of the trial, and one line about it.
    version : str
        Of the program.

    Yields
    ------
    callable
        Takes the tables of one replicate, in order. When the block ends the files are
        complete, and ``define.xml`` describes them.
    """
    with ExitStack() as stack:
        files = {
            name: _Files(stack, folder, dataset, formats, study, version)
            for name, dataset in known.datasets.items()
        }

        def add(tables: Mapping[str, Encoded]) -> None:
            for name, one in tables.items():
                files[name].add(one)

        yield add
        for one in files.values():
            one.finish()
    records = Counter({name: one.records for name, one in files.items()})
    shown = next(f for f in (Format.XPT, Format.JSON, *formats) if f in formats)
    write_define(
        folder / "define.xml",
        known,
        study=study,
        title=title,
        suffix=shown.value,
        empty=[name for name in known.datasets if not records[name]],
    )


class _Files:
    """All files of one table."""

    def __init__(
        self,
        stack: ExitStack,
        folder: Path,
        dataset: Dataset,
        formats: Sequence[Format],
        study: str,
        version: str,
    ) -> None:
        stem = folder / dataset.name.lower()
        self.records = 0
        self.parquet = stack.enter_context(
            parquet.ParquetWriter(stem.with_suffix(".parquet"), schema_of(dataset))
        )
        self.streams: dict[Format, _Stream] = {}
        self.ends: dict[Format, Callable[[_Stream], None]] = {}
        if Format.CSV in formats:
            names = ",".join(one.name for one in dataset.variables) + "\n"
            self._open(stack, stem, Format.CSV, names.encode())
        if Format.XPT in formats:
            self._open(stack, stem, Format.XPT, xpt_header(dataset))
            self.ends[Format.XPT] = _fill
        if Format.JSON in formats:
            header, place = json_header(dataset, study, version)
            self._open(stack, stem, Format.JSON, header)
            self.ends[Format.JSON] = partial(_end_json, place)

    def _open(self, stack: ExitStack, stem: Path, kind: Format, header: bytes) -> None:
        stream = _Stream(stem.with_suffix(f".{kind}"), header)
        stack.enter_context(stream.file)
        self.streams[kind] = stream

    def add(self, one: Encoded) -> None:
        if not one.table.num_rows:
            return
        self.parquet.write_table(one.table)
        for kind, stream in self.streams.items():
            rows = one.rows[kind]
            if kind is Format.JSON and not self.records:
                rows = rows[1:]  # the comma before the first row
            stream.add(rows)
            stream.rows += one.table.num_rows
        self.records += one.table.num_rows

    def finish(self) -> None:
        for kind, end in self.ends.items():
            end(self.streams[kind])
