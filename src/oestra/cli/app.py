"""The ``oestra`` command: finds the command asked for and explains what went wrong.

Only the module of the command that was asked for is loaded, so that help and errors
come at once.
"""

import os
import re
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from inspect import signature
from itertools import pairwise
from threading import current_thread, main_thread
from types import FrameType
from typing import Annotated, NamedTuple, NoReturn

import typer

from oestra.cli.options import with_common_options
from oestra.cli.standard_streams import drop_output, prepare_streams, tell
from oestra.core.errors import (
    InputError,
    OestraError,
    nearest,
    shown,
    unknown_name,
)

__all__ = ["main", "run"]


class Command(NamedTuple):
    """Where a command lives and what it does.

    With up to ``plain`` words and no option its function is called as it is: typer
    checks options by pydantic, which takes longer to load than a list to print.
    """

    place: str
    summary: str
    plain: int = -1


COMMANDS = {
    "trial": Command(
        "oestra.cli.trial:trial", "Run a trial beside its published results."
    ),
    "trials": Command(
        "oestra.cli.trials:trials", "List the trials of the library.", plain=0
    ),
    "arm": Command(
        "oestra.cli.arm:arm", "Follow a million patients through one arm, to Parquet."
    ),
    "response": Command(
        "oestra.cli.response:response",
        "Judge a patient's response by RECIST 1.1, RECIST 1.0 or WHO.",
    ),
    "library": Command(
        "oestra.cli.library:library",
        "Start a library of your own, check it, or show what is in use.",
    ),
    "design": Command(
        "oestra.cli.design:design", "Check a design; find how large a trial must be."
    ),
    "choose": Command(
        "oestra.cli.choose:choose_command", "Rank regimens for patients of a profile."
    ),
    "sequence": Command(
        "oestra.cli.sequence:sequence_command",
        "Compare orders of therapies for patients of a profile.",
    ),
    "resistance": Command(
        "oestra.cli.resistance:resistance",
        "Show what each mechanism of resistance does, to cells and in trials.",
    ),
    "cell": Command("oestra.cli.cell:cell_command", "Treat cells in culture."),
    "patient": Command("oestra.cli.patient:patient", "Follow one virtual patient."),
    "population": Command(
        "oestra.cli.population:population", "Show who the virtual patients are."
    ),
    "drugs": Command("oestra.cli.drugs:drugs", "List the drugs, or show one.", plain=1),
    "parameters": Command(
        "oestra.cli.parameters:parameters",
        "List the parameters, or explain one: file, fit, user.",
    ),
    "claims": Command(
        "oestra.cli.claims:claims", "Try the review's claims on the model."
    ),
    "review": Command(
        "oestra.cli.review:review", "Write the review, as the model sees it, as a page."
    ),
    "calibrate": Command(
        "oestra.cli.calibrate:calibrate", "Fit the parameters, or report on a fit."
    ),
    "update": Command("oestra.cli.update:update", "Learn from a trial of your own."),
    "validate": Command(
        "oestra.cli.validate:validate", "Predict each trial from all the others."
    ),
    "predict": Command(
        "oestra.cli.predict:predict", "Register predictions of trials to come."
    ),
    "serve": Command(
        "oestra.web.serve:serve", "Open a local page: see resistance happen."
    ),
    "simulate": Command(
        "oestra.cli.simulate:simulate_command", "Simulate any SBML or Antimony model."
    ),
    "bench": Command(
        "oestra.cli.bench:bench", "Time the engine against a peer at equal error."
    ),
    "export": Command(
        "oestra.cli.export:export",
        "Write cells and experiments as SBML, Antimony or OMEX.",
    ),
}
"""Every command, in the order of the help."""

_INTERRUPTED = 130

_ABOUT = """Virtual trials of endocrine resistance in ER-positive breast cancer.

From the signaling of the cell to the hazard ratio. Research software, not for clinical
decisions.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words after ``oestra``; those of the process by default.

    Returns
    -------
    int
        Exit status: 0 done, 2 input that cannot be used, 130 interrupted.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["--"]:
        del words[0]
    received: list[int] = []
    if current_thread() is main_thread():
        _listen(received)
    try:
        return _main(words)
    except BaseException:
        # An interrupt that falls into the loading of a compiled module comes out as
        # whatever that module makes of it.
        if not received:
            raise
        return _interrupted()


def run() -> NoReturn:
    """Run the command line as a program of its own, and end it with its status."""
    status = main()
    if status == _INTERRUPTED:
        # Python would end itself by the signal, not by this status, where the interrupt
        # fell into code that a compiled module was running.
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(status)
    sys.exit(status)


def _listen(received: list[int]) -> None:
    """Raise KeyboardInterrupt at Ctrl-C and at a request to end, and take note."""

    def interrupt(number: int, _frame: FrameType | None) -> None:
        received.append(number)
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, interrupt)


def _main(words: Sequence[str]) -> int:
    """Run the command line; turn what people can do something about into sentences."""
    try:
        prepare_streams()
        _check_words(words)
        status = _run(words)
        sys.stdout.flush()
        return _interrupted() if status == _INTERRUPTED else int(status or 0)
    except typer.TyperException as error:
        return _explain(_usage(error, words))
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except BrokenPipeError:
        drop_output()
        return 0
    except (OestraError, OSError, MemoryError) as error:
        return _explain(_told(error))


def _told(error: OestraError | OSError | MemoryError) -> str:
    """Say what a person can do something about."""
    if isinstance(error, OestraError):
        return str(error)
    if isinstance(error, MemoryError):
        return "There is not enough memory; ask for less at once."
    if not error.filename:
        drop_output()
    place = f" {error.filename}" if error.filename else " the output"
    return f"Cannot use{place}: {error.strerror or error}."


def _check_words(words: Sequence[str]) -> None:
    for word in words:
        if "\0" in word:
            raise InputError(f"{shown(word)} holds a NUL, which no argument may.")


def _interrupted() -> int:
    tell("Interrupted; nothing was left half-written.")
    return _INTERRUPTED


def _explain(message: str) -> int:
    """Print a sentence a fault on standard error; return the status of bad input."""
    for sentence in message.splitlines():
        tell(sentence)
    return 2


def _run(words: Sequence[str]) -> int | None:
    """Run the program with its words."""
    asked = next((word for word in words if not word.startswith("-")), None)
    if asked is not None and asked not in COMMANDS:
        raise unknown_name("command", asked, COMMANDS, where="oestra (see --help)")
    if asked is not None and words[0] == asked:
        return _run_one(asked, words[1:])
    return _of_all()(words or ["--help"], prog_name="oestra", standalone_mode=False)


def _app(about: str | None = None) -> typer.Typer:
    return typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        help=about,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def _run_one(name: str, words: Sequence[str]) -> int | None:
    """Run one command, the only one whose module is loaded."""
    module, _, attribute = COMMANDS[name].place.partition(":")
    function: Callable[..., None] = getattr(import_module(module), attribute)
    command = with_common_options(function)
    optional = any(word.startswith("-") for word in words)
    if len(words) <= COMMANDS[name].plain and not optional:
        return command(**dict(zip(signature(function).parameters, words, strict=False)))
    app = _app()
    app.command(name)(command)
    return app(words, prog_name=f"oestra {name}", standalone_mode=False)


def _of_all() -> typer.Typer:
    """Build the program that lists the commands and loads none."""
    app = _app(_ABOUT)
    app.callback(invoke_without_command=True)(_root)
    for name, command in COMMANDS.items():
        app.command(name, help=command.summary)(_unloaded)
    return app


def _unloaded() -> None:
    """Stand for a command that was not asked for."""


def _root(
    *,
    show_version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.")
    ] = False,
) -> None:
    if show_version:
        from importlib.metadata import version

        typer.echo(f"oestra {version('oestra')}")
        raise typer.Exit


def _said(error: typer.TyperException) -> str:
    """Say what is wrong with words, or what the value of an option must be."""
    said = error.format_message().rstrip(".")
    found = re.fullmatch(r"Invalid value for '([^']+)': (Input should be .*)", said)
    if not found:
        return said
    from oestra.core.plain_words import in_words

    schema = {}
    with suppress(Exception):
        # What an option may be is known to the library that reads it, if it tells.
        option = getattr(error, "param", None)
        schema = option.get_runtime_param().adapter.json_schema()  # pyright: ignore[reportOptionalMemberAccess]
    return f"{found[1].split(' / ')[0]} {in_words(found[2], schema)}"


def _usage(error: typer.TyperException, words: Sequence[str]) -> str:
    """Say in one sentence what is wrong with the words of a command."""
    context = getattr(error, "ctx", None)
    where = f" in {context.command_path!r}" if context else ""
    option = getattr(error, "option_name", None)
    parameters = context.command.params if context else []
    known = [n for one in parameters for n in one.opts if n.startswith("-")]
    if option is not None and hasattr(error, "possibilities"):
        close = nearest(option, known)
        hint = f"nearest is {close!r}" if close else "see --help"
        return f"No option {option!r}{where}; {hint}."
    names = getattr(getattr(error, "param", None), "opts", ())
    given = [after for name, after in pairwise(words) if name in names]
    got = f", got {shown(given[-1])}" if given else ""
    said = _said(error)
    # Of a value of thousands of digits some are enough.
    said = re.sub(r"\S{61,}", lambda word: word[0][:60] + "...", said)
    return f"{said}{got}{where}."
