"""Mechanisms of the cell as Antimony text, one mechanism a file, without numbers."""
