"""Trial files of the comparisons that ship."""
