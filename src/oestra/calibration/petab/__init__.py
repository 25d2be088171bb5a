"""The fit of the cell as a PEtab problem, for other programs that estimate."""
