"""Models that are refused, counted by cause.

Folders hold SBML files anywhere below them; without one, those that OESTRA_SBML_SUITE
and OESTRA_SBML_MODELS name. A model that is not read within a minute counts as slow.

Usage: python benchmarks/refusals.py [--list] [FOLDER ...]
"""

import multiprocessing
import os
import re
import sys
from collections import Counter
from pathlib import Path

import libsbml  # loaded once, before processes fork

from oestra.core.errors import InputError
from oestra.solve.sbml import read_sbml

SECONDS = 60
CAUSES = {
    "event with a delay": r"has a delay",
    "delay() in a formula": r"delay\(\)",
    "algebraic rule": r"is algebraic",
    "fast reaction": r"is fast",
    "package other than comp": r"needs the SBML package",
    "model of another file": r"outside the folder|no such file",
    "not valid SBML": r"not valid SBML|not well-formed|is not SBML|holds no SBML model",
    "rules or initial values in a circle": r"in a circle",
    "operator outside of core": r"not part of SBML",
    "name that nothing declares": r"^No \w+ ",
    "too large": r"are read;|too many|too large",
}
"""What the sentence says, in the order in which it is looked for."""


def cause_of(path: Path) -> str:
    """Return why a model is refused, in a few words; empty if it is read."""
    try:
        read_sbml(path)
    except InputError as error:
        text = str(error)
        found = (cause for cause, said in CAUSES.items() if re.search(said, text))
        return next(found, text)
    return ""


def guarded(path: Path) -> str:
    """Return the cause from a process of its own, so that none holds the others up."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    child = context.Process(target=lambda: theirs.send(cause_of(path)))
    child.start()
    cause = ours.recv() if ours.poll(SECONDS) else "slow"
    child.kill()
    child.join()
    return cause


def main() -> None:
    """Print a table for each folder."""
    print(f"libSBML {libsbml.getLibSBMLDottedVersion()}")
    words = [word for word in sys.argv[1:] if word != "--list"]
    given = (os.environ.get(f"OESTRA_SBML_{name}") for name in ("SUITE", "MODELS"))
    for folder in words or [name for name in given if name]:
        files = sorted(Path(folder).rglob("*.xml"))
        causes = {path: guarded(path) for path in files}
        print(f"{folder}: {len(files)} models")
        for cause, count in Counter(causes.values()).most_common():
            print(f"  {count:5d} {cause or 'read'}")
        if "--list" in sys.argv:
            for path, cause in causes.items():
                if cause:
                    print(f"  {path.name}: {cause}")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
