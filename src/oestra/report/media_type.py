"""What kind of file a file of results is, as other programs name it."""

from pathlib import PurePath

__all__ = ["media_type"]

_TYPES = {
    ".ant": "text/plain",
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".ndjson": "application/x-ndjson",
    ".npz": "application/zip",
    ".omex": "application/zip",
    ".parquet": "application/vnd.apache.parquet",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
}


def media_type(name: str) -> str:
    """Return the media type of a file by the ending of its name.

    The table is our own: that of the system differs from machine to machine.

    Parameters
    ----------
    name : str
        File name.

    Returns
    -------
    str
        Such as ``text/csv``; ``application/octet-stream`` for endings nobody agreed on.
    """
    return _TYPES.get(PurePath(name).suffix.lower(), "application/octet-stream")
