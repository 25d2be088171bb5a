"""The mechanistic cell: pathways, their numbers, alterations, cell lines."""
