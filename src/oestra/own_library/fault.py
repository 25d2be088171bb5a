"""What is wrong with a file of a library, and where."""

from dataclasses import dataclass

__all__ = ["Fault"]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault.

    Parameters
    ----------
    file : str
        The file, by the path its folder was given.
    line : int
        Line, from 1; 0 for the whole file.
    problem : str
        What is wrong, in one sentence.
    """

    file: str
    line: int
    problem: str

    def __str__(self) -> str:
        """Return the fault as one line."""
        line = f", line {self.line}" if self.line else ""
        return f"{self.file}{line}: {self.problem}"

    def to_json_dict(self) -> dict[str, object]:
        """Return the printed form."""
        line = self.line or None
        return {"file": self.file, "line": line, "problem": self.problem}
