"""The terminal, on which no table is cut."""

from rich.console import Console
from rich.table import Table

__all__ = ["Terminal"]


class Terminal(Console):
    """A console that breaks what does not fit in a column rather than cut it."""

    def print(self, *objects: object, **settings: object) -> None:
        """Print as `rich.console.Console` does."""
        for one in objects:
            if isinstance(one, Table):
                for column in one.columns:
                    column.overflow = "fold"
        super().print(*objects, **settings)  # pyright: ignore[reportArgumentType]
