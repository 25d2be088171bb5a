"""Names by which the tables of a trial and their metadata refer to each other."""

from oestra.cdisc.dictionary import Dataset, Variable

__all__ = ["UNDATED", "item_oid", "metadata_oid", "study_oid"]

UNDATED = "2000-01-01T00:00:00"
"""Stands for the time of writing, so that a run repeated gives the same bytes; when a
run was made stands in its manifest."""


def study_oid(study: str) -> str:
    """Return the identifier of a trial."""
    return f"STUDY.{study}"


def metadata_oid(study: str) -> str:
    """Return the identifier of its metadata."""
    return f"MDV.{study}"


def item_oid(dataset: Dataset, variable: Variable) -> str:
    """Return the identifier of a column."""
    return f"IT.{dataset.name}.{variable.name}"
