"""What code does, as a fingerprint: its syntax, without comments and docstrings."""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

__all__ = ["code_digest", "module_closure", "text_digest"]


@cache
def _root(package: str) -> Path:
    return Path(str(files(package)))


@cache
def _file(module: str) -> Path | None:
    """Return the source file of a module, None if there is none; runs nothing."""
    package, *steps = module.split(".")
    place = _root(package).joinpath(*steps)
    for file in (place.with_suffix(".py"), place / "__init__.py"):
        if steps and file.is_file():
            return file
    return None


def _tree(module: str) -> ast.Module:
    file = _file(module)
    return ast.parse(file.read_bytes() if file else b"")


def _imported(tree: ast.Module) -> Iterator[str]:
    """Yield what a module imports, anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


def module_closure(modules: Iterable[str]) -> tuple[str, ...]:
    """Return modules with all that they import of the same package, by name.

    Parameters
    ----------
    modules : iterable of str
        Dotted names, such as ``"oestra.history.cohort"``.

    Returns
    -------
    tuple of str
        In order of name. Packages are not run, and so not counted: theirs is to name
        what they hold.
    """
    ahead, found = list(modules), set[str]()
    while ahead:
        module = ahead.pop()
        if module in found or _file(module) is None:
            continue
        found.add(module)
        package = module.partition(".")[0]
        named = _imported(_tree(module))
        ahead += [name for name in named if name.partition(".")[0] == package]
    return tuple(sorted(found))


class _Plain(ast.NodeTransformer):
    """Drops docstrings and strings that stand below what they describe."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        """Leave out a statement that is a string."""
        value = node.value
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return None
        return self.generic_visit(node)


def code_digest(modules: Iterable[str]) -> str:
    """Return a hash of what modules do.

    Parameters
    ----------
    modules : iterable of str
        Dotted names, as `module_closure` returns them.

    Returns
    -------
    str
        Hexadecimal SHA-256 of their syntax; layout, comments and docstrings do not
        count, numbers and names do.
    """
    digest = hashlib.sha256()
    for module in modules:
        plain = _Plain().visit(_tree(module))
        digest.update(f"{module}\0{ast.dump(plain)}\0".encode())
    return digest.hexdigest()


def text_digest(modules: Iterable[str]) -> str:
    """Return a hash of the source files of modules as they are written."""
    digest = hashlib.sha256()
    for module in modules:
        file = _file(module)
        content = file.read_bytes() if file else b""
        digest.update(module.encode() + b"\0" + content + b"\0")
    return digest.hexdigest()
