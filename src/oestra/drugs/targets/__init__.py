"""Targets that ship: where drugs take hold of the cell."""
