"""A page for every command, from what the command line says of itself."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import typer

from builder.markdown import code, fenced, heading, listing, plain, table
from oestra.cli.app import COMMANDS
from oestra.cli.options import with_common_options

__all__ = ["command_pages", "described"]


def described(name: str) -> Any:
    """Return what typer makes of a command."""
    module, _, attribute = COMMANDS[name].place.partition(":")
    function: Callable[..., None] = getattr(import_module(module), attribute)
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(name, context_settings={"help_option_names": ["-h", "--help"]})(
        with_common_options(function)
    )
    return typer.main.get_command(app)


def _page(name: str) -> str:
    command = described(name)
    context = command.make_context(f"oestra {name}", [], resilient_parsing=True)
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    parts = [heading(f"oestra {name}"), fenced(usage)]
    parts += [plain(paragraph) for paragraph in command.help.split("\n\n")]
    records: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": []}
    for one in command.get_params(context):
        record = one.get_help_record(context)
        if record is not None and not getattr(one, "hidden", False):
            kind = "Options" if one.param_type_name == "option" else "Arguments"
            records[kind].append(record)
    for kind, found in records.items():
        if found:
            rows = [(code(what), plain(told)) for what, told in found]
            parts += [heading(kind, 2), table(("", "what it does"), rows)]
    return "\n\n".join(parts) + "\n"


def command_pages() -> Iterator[tuple[str, str]]:
    """Yield path and text of every page on the command line."""
    rows = [
        (f"[`oestra {name}`]({name}.md)", plain(command.summary))
        for name, command in COMMANDS.items()
    ]
    yield (
        "reference/commands/index.md",
        listing(
            "The command line",
            "Every command, as `oestra COMMAND --help` tells it.",
            ("command", "what it does"),
            rows,
            COMMANDS,
        ),
    )
    for name in COMMANDS:
        yield f"reference/commands/{name}.md", _page(name)
