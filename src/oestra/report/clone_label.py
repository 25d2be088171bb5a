"""The names of clones, for people."""

__all__ = ["clone_label"]

_GENES = frozenset({"er", "esr1", "ncor", "pten", "rtk"})


def clone_label(name: str) -> str:
    """Write the name of a clone as the field does, such as ``ESR1 mutant``."""
    return " ".join(w.upper() if w in _GENES else w for w in name.split("_"))
