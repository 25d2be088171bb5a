"""Clones of patients under drugs, over time: where drugs, clones and network meet."""
