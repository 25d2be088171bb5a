"""Dataset-JSON 1.1, the format of CDISC that follows the SAS transport format.

References
----------
.. [1] CDISC (2024). Dataset-JSON Specification, version 1.1.
"""

import json
from typing import Any

import pyarrow as pa
from pyarrow import compute

from oestra.cdisc.dictionary import Dataset, Variable
from oestra.cdisc.stamp import UNDATED, item_oid, metadata_oid, study_oid

__all__ = ["COUNT", "JSON_END", "json_header", "json_rows"]

COUNT = 12
"""Bytes kept for the number of records, which is known only at the end."""
JSON_END = b"\n]}\n"
"""What stands after the rows."""
_TYPES = {"text": "string", "integer": "integer", "float": "double", "date": "date"}


def _column(dataset: Dataset, one: Variable) -> dict[str, Any]:
    found: dict[str, Any] = {
        "itemOID": item_oid(dataset, one),
        "name": one.name,
        "label": one.label,
        "dataType": _TYPES[one.type],
    }
    # Where a word is of no list, only the transport format bounds it.
    if one.type == "text" and one.codelist:
        found["length"] = one.length
    if one.type == "date":
        found |= {"targetDataType": "integer", "displayFormat": "DATE9."}
    if one.name in dataset.keys:
        found["keySequence"] = dataset.keys.index(one.name) + 1
    return found


def json_header(dataset: Dataset, study: str, version: str) -> tuple[bytes, int]:
    """Return what stands before the rows, and where the number of records goes.

    Parameters
    ----------
    dataset : Dataset
        The table.
    study : str
        Name of the trial.
    version : str
        Of the program.

    Returns
    -------
    bytes
        The number of records is left blank.
    int
        Place of those blanks.
    """
    record = {
        "datasetJSONCreationDateTime": UNDATED,
        "datasetJSONVersion": "1.1.0",
        "fileOID": f"oestra.{study}.{dataset.name}",
        "originator": "Oestra",
        "sourceSystem": {"name": "Oestra", "version": version},
        "studyOID": study_oid(study),
        "metaDataVersionOID": metadata_oid(study),
        "metaDataRef": "define.xml",
        "itemGroupOID": f"IG.{dataset.name}",
    }
    first = json.dumps(record)[:-1] + ', "records": '
    rest = {
        "name": dataset.name,
        "label": dataset.label,
        "columns": [_column(dataset, one) for one in dataset.variables],
    }
    second = ", " + json.dumps(rest)[1:-1] + ', "rows": ['
    return f"{first}{'':{COUNT}}{second}".encode(), len(first.encode())


def _texts(column: pa.ChunkedArray) -> pa.Array:
    """Return a column as JSON writes its values."""
    whole = column.combine_chunks()
    if pa.types.is_date(whole.type):
        whole = whole.cast(pa.string())
    if pa.types.is_string(whole.type):
        coded = whole.dictionary_encode()
        words = [
            json.dumps(word, ensure_ascii=False)
            for word in coded.dictionary.to_pylist()
        ]
        found = pa.array(words, pa.string()).take(coded.indices)
    else:
        found = whole.cast(pa.string())
    return compute.fill_null(found, "null")


def json_rows(table: pa.Table) -> bytes:
    """Return the rows of a table, one a line, each after a comma."""
    texts = [_texts(column) for column in table.columns]
    rows = compute.call_function("binary_join_element_wise", [*texts, pa.scalar(",")])
    around = [pa.scalar(",\n["), rows, pa.scalar("]"), pa.scalar("")]
    lines = compute.call_function("binary_join_element_wise", around)
    return "".join(lines.to_pylist()).encode()
