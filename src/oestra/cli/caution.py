"""What a command says on standard error besides its result: doubts, idle options."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from contextvars import ContextVar

import typer

from oestra.cli.standard_streams import tell
from oestra.core.errors import InputError

__all__ = ["caution", "command_of", "given", "never_with", "only_with", "unused"]

_CONTEXT: ContextVar[typer.Context | None] = ContextVar("context", default=None)


@contextmanager
def command_of(context: typer.Context | None) -> Generator[None]:
    """Let what runs inside ask which options of a command were written."""
    token = _CONTEXT.set(context)
    try:
        yield
    finally:
        _CONTEXT.reset(token)


def caution(texts: Iterable[str]) -> None:
    """Print doubts on standard error, one a line."""
    for text in texts:
        tell(f"Warning: {text.removesuffix('.')}.")


def given(name: str) -> bool:
    """Tell whether an option was written, by the name of its argument."""
    context = _CONTEXT.get()
    source = context.get_parameter_source(name) if context else None
    return source is not None and source.name not in ("DEFAULT", "DEFAULT_MAP")


def _written(options: Iterable[str]) -> list[str]:
    """Return which of some arguments were written, as options are."""
    context = _CONTEXT.get()
    names = {} if context is None else {
        one.name: one.opts[-1] for one in context.command.params
    }  # fmt: skip
    return [names.get(one, one) for one in options if given(one)]


def unused(options: Iterable[str], why: str) -> None:
    """Say that options change nothing here, if they were written.

    Parameters
    ----------
    options : iterable of str
        Names of arguments of the command.
    why : str
        What follows "because".
    """
    for option in _written(options):
        caution([f"{option} changes nothing here, because {why}"])


def never_with(options: Iterable[str], other: str, why: str) -> None:
    """Refuse options beside another one.

    Parameters
    ----------
    options : iterable of str
        Names of arguments of the command.
    other : str
        The option they cannot be given with.
    why : str
        What follows the colon.

    Raises
    ------
    InputError
        If one of them was written; names the first.
    """
    for option in _written(options):
        raise InputError(f"{option} cannot be given with {other}: {why}.")


def only_with(options: Iterable[str], other: str) -> None:
    """Refuse options that belong to another one, which was not given.

    Parameters
    ----------
    options : iterable of str
        Names of arguments of the command.
    other : str
        The option they belong to.

    Raises
    ------
    InputError
        If one of them was written; names the first.
    """
    for option in _written(options):
        raise InputError(f"{option} belongs to {other}; add that, or leave it out.")
