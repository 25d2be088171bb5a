"""The pages of the views: their templates, and the scripts and styles they load."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

from oestra.core.disclaimer import DISCLAIMER

__all__ = ["PAGES", "REVIEW", "held", "recorded_name", "recorded_view", "view"]

PAGES = {
    "/": ("network.html", "Network"),
    "/resistance": ("resistance.html", "Resistance"),
    "/bench": ("bench.html", "Bench"),
    "/compare": ("compare.html", "Compare"),
    "/life": ("life.html", "A life"),
    "/evidence": ("evidence.html", "Evidence"),
    "/claims": ("claims.html", "Claims"),
}
"""Template and title of each page, by address."""
REVIEW = "review.html"
"""The report of the review, beside the views of a recorded copy."""
_IMPORT = re.compile(r'^import .* from "\./([\w-]+\.js)";$', re.MULTILINE)
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)


@cache
def held(folder: str) -> Mapping[str, str]:
    """Return a folder of the package, read once: requests reach no disk."""
    found = files("oestra.web").joinpath(folder)
    return {
        one.name: one.read_text("utf-8")
        for one in found.iterdir()
        if one.is_file() and not one.name.startswith((".", "_"))
    }


@cache
def _templates() -> Environment:
    return Environment(
        loader=FunctionLoader(held("templates").get),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _modules(name: str) -> tuple[str, ...]:
    """Return all modules that a script imports, which a page asks for at once."""
    found: list[str] = []
    ahead = [name]
    while ahead:
        for other in _IMPORT.findall(held("static")[ahead.pop()]):
            if other not in found:
                found.append(other)
                ahead.append(other)
    return tuple(sorted(found))


def view(path: str, sentence: str = "") -> str:
    """Return the page of an address as it is served.

    Parameters
    ----------
    path : str
        One of `PAGES`; anything else where there is a sentence.
    sentence : str
        What to say in place of a view.
    """
    template, title = PAGES.get(path, ("error.html", "Not possible"))
    if sentence:
        template, title = "error.html", "Not possible"
    return (
        _templates()
        .get_template(template)
        .render(
            title=title,
            sentence=sentence,
            pages=[
                (place, name, place == path and not sentence)
                for place, (_, name) in PAGES.items()
            ],
            root="/",
            first="/",
            recorded="",
            disclaimer=DISCLAIMER,
            modules=() if sentence else _modules(template.replace(".html", ".js")),
        )
    )


def recorded_name(path: str) -> str:
    """Return the file of a view in a recorded copy."""
    return f"{path.strip('/') or 'index'}.html"


def recorded_view(path: str) -> str:
    """Return the page of an address as a file beside its answers.

    Parameters
    ----------
    path : str
        One of `PAGES`.
    """
    template, title = PAGES[path]
    places = [
        (recorded_name(place), name, place == path)
        for place, (_, name) in PAGES.items()
    ]
    return (
        _templates()
        .get_template(template)
        .render(
            title=title,
            pages=[*places, (REVIEW, "Review", False)],
            root="",
            first=recorded_name("/"),
            recorded=_POLICY,
            disclaimer=DISCLAIMER,
            modules=_modules(template.replace(".html", ".js")),
        )
    )
