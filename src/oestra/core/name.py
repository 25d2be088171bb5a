"""Names as people write them: case, hyphens, underscores and spaces do not matter."""

__all__ = ["plain_name"]


def plain_name(name: str) -> str:
    """Return a name without what does not matter, for comparison."""
    return "".join(c for c in name.casefold() if c not in " -_")
