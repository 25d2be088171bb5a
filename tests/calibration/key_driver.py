"""Prints the keys of pool and fit after each edit of a copy of the package.

Run with the copy's parent on the path and edits as JSON on standard input.
"""

import functools
import gc
import json
import pickle
import sys
from pathlib import Path

from ruamel.yaml import YAML

_load, _known = YAML.load, {}


def load(self, stream):
    """Read a text once; every reader gets objects of its own."""
    if not isinstance(stream, str):
        return _load(self, stream)
    key = (tuple(self.typ), stream)
    if key not in _known:
        _known[key] = pickle.dumps(_load(self, stream))
    return pickle.loads(_known[key])  # noqa: S301 - written just now


YAML.load = load

from oestra.calibration.version import FITS  # noqa: E402, F401 - all that is keyed
from oestra.core.library import SHIPPED  # noqa: E402
from oestra.history.store import cohort_key  # noqa: E402
from oestra.model.belonging import fit_belongs_to  # noqa: E402
from oestra.model.parameters import best_parameters  # noqa: E402

SLOW = {"oestra.core.source_code", "oestra.core.declared"}
CACHES = [
    one
    for one in gc.get_objects()
    if isinstance(one, functools._lru_cache_wrapper)
    and str(getattr(one, "__module__", "")).startswith("oestra")
    and one.__module__ != "oestra.core.units"
]


def keys(*, code):
    """Return the keys as a new process would find them."""
    SHIPPED._read.clear()
    for one in CACHES:
        if code or one.__module__ not in SLOW:
            one.cache_clear()
    return {"pool": cohort_key(10, best_parameters(), 1), "fit": fit_belongs_to()}


def main():
    """Make each edit in turn, note the keys, and take it back."""
    root = Path(sys.modules["oestra"].__file__).parent
    found = {"": keys(code=True)}
    for name, texts in json.load(sys.stdin).items():
        whole = {file: (root / file).read_text(encoding="utf-8") for file in texts}
        code = any(file.endswith(".py") for file in texts)
        for file, text in texts.items():
            (root / file).write_text(text, encoding="utf-8")
        try:
            found[name] = keys(code=code)
        finally:
            for file, text in whole.items():
                (root / file).write_text(text, encoding="utf-8")
            if code:
                for one in CACHES:
                    one.cache_clear()
    assert keys(code=True) == found[""]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
