"""A page for every public name of the package, and for the records it leads to."""

import inspect
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import oestra
from builder.markdown import heading, listing, plain

__all__ = ["python_pages", "records"]


def _led_to(kind: Any, found: dict[type, None]) -> None:
    """Note the classes of the project that an annotation names, and theirs in turn."""
    for part in get_args(kind):
        _led_to(part, found)
    if not inspect.isclass(kind) or kind in found:
        return
    if kind.__module__.startswith("oestra."):
        found[kind] = None
        for part in get_type_hints(kind).values():
            _led_to(part, found)


def records() -> dict[str, tuple[type, ...]]:
    """Return the classes that each public name leads to, each of them once."""
    public = {name: getattr(oestra, name) for name in oestra.__all__}
    seen: dict[type, None] = dict.fromkeys(
        p for p in public.values() if isinstance(p, type)
    )
    found: dict[str, tuple[type, ...]] = {}
    for name, what in public.items():
        here: dict[type, None] = dict.fromkeys(seen)
        hints = get_type_hints(what)
        kinds = hints.values() if isinstance(what, type) else [hints.get("return")]
        for kind in kinds:
            _led_to(kind, here)
        found[name] = tuple(one for one in here if one not in seen)
        seen |= here
    return found


def _directive(what: object, path: str) -> str:
    kind = "autoclass" if inspect.isclass(what) else "autofunction"
    lines = [f".. {kind}:: {path}"]
    if kind == "autoclass":
        lines.append("   :members:")
    return "```{eval-rst}\n" + "\n".join(lines) + "\n```"


def _page(name: str, led_to: tuple[type, ...]) -> str:
    parts = [heading(f"oestra.{name}")]
    parts.append(_directive(getattr(oestra, name), f"oestra.{name}"))
    for one in led_to:
        parts += [heading(one.__name__, 2)]
        parts += [_directive(one, f"{one.__module__}.{one.__qualname__}")]
    return "\n\n".join(parts) + "\n"


def python_pages() -> Iterator[tuple[str, str]]:
    """Yield path and text of every page on the Python interface."""
    rows = []
    for name in oestra.__all__:
        first = (inspect.getdoc(getattr(oestra, name)) or "").split("\n")[0]
        rows.append((f"[`oestra.{name}`]({name}.md)", plain(first)))
    yield (
        "reference/python/index.md",
        listing(
            "From Python",
            "What `import oestra` offers is `oestra.__all__`; it is what releases "
            "keep. All else may move. Below each name stand the records it leads to.",
            ("name", "what it is"),
            rows,
            oestra.__all__,
        ),
    )
    for name, led_to in records().items():
        yield f"reference/python/{name}.md", _page(name, led_to)
