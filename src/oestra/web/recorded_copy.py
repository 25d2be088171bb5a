"""The page as a folder of files that any host serves, with answers made beforehand.

Every answer is kept under the request that asks for it, in files of few or many; the
index says which. `static/recorded.js` reads them in place of the server.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from starlette.routing import compile_path

from oestra.core.errors import InputError
from oestra.core.progress import Progress
from oestra.web.endpoint import Endpoint, read_given
from oestra.web.page_data import examples, network_map, opening, scenes
from oestra.web.requests import ENDPOINTS
from oestra.web.view import PAGES, REVIEW, held, recorded_name, recorded_view

__all__ = ["REVIEW", "VIEWS", "Asked", "Recorder", "record_page"]

Asked = tuple[str, str, list[tuple[str, str]]]
"""Method, path, and names with values."""
_PACKED = ("symbol", "id")
"""Of these a request may name any: answers for all of them lie in one file."""
_PEOPLE, _SEED = 12, 7
"""Patients whose lives are told, beginning with the one the view opens with."""
_FIRST_PERSON = 8
_WAIT = 0.1
_STATE = ("line", "set", "drug")


class Recorder:
    """Asks what the page answers, and keeps it.

    Parameters
    ----------
    endpoints : tuple of Endpoint, optional
        What answers.
    """

    def __init__(self, endpoints: tuple[Endpoint, ...] = ENDPOINTS) -> None:
        self._known = [(compile_path(one.path)[0], one) for one in endpoints]
        self._packs: dict[str, dict[str, Any]] = {}

    def ask(self, method: str, path: str, pairs: list[tuple[str, str]]) -> Any:
        """Ask, wait for what runs in the background, keep the answer and return it.

        Parameters
        ----------
        method, path : str
            As the page asks.
        pairs : list of (str, str)
            Names with values of the query or the body.
        """
        found = self._answer(method, path, pairs)
        while method == "POST" and found.get("state") in ("waiting", "running"):
            time.sleep(_WAIT)
            found = self._answer("GET", f"/api/runs/{found['job']}", [])
        if found.get("state") in ("failed", "stopped"):
            raise InputError(f"{path} {found['state']}: {found['error']}")
        whole = [pair for pair in pairs if pair[0] not in _PACKED]
        pack = self._packs.setdefault(_key(method, path, whole), {})
        pack[_key(method, path, pairs)] = found
        return found

    def _answer(self, method: str, path: str, pairs: list[tuple[str, str]]) -> Any:
        for pattern, one in self._known:
            match = pattern.fullmatch(path)
            if match and one.method == method:
                named = list(match.groupdict().items())
                return one.answer(read_given(one.given, [*named, *pairs]))
        raise LookupError(f"Nothing answers {method} {path}.")

    def write(self, folder: Path) -> None:
        """Write all answers and the index to them into a folder."""
        folder.mkdir()
        index = {key: f"{n}.json" for n, key in enumerate(self._packs)}
        for key, name in index.items():
            _write(folder / name, self._packs[key])
        _write(folder / "index.json", index)


def _key(method: str, path: str, pairs: list[tuple[str, str]]) -> str:
    """Return a request as one text, as `static/recorded.js` writes it."""
    told = sorted(f"{name}={value}" for name, value in pairs if value != "")
    return f"{method} {path}{'?' + '&'.join(told) if told else ''}"


def _write(path: Path, record: Any) -> None:
    text = json.dumps(
        record, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
    path.write_text(text, encoding="utf-8")


def _network(ask: Recorder) -> Iterator[Asked]:
    """Show every scene, and what is known of each part of the cell at its time."""
    yield "GET", "/api/choices", []
    yield "GET", "/api/fit", []
    nodes = [n for n, one in network_map()["nodes"].items() if not one.get("constant")]
    states: dict[str, tuple[list[tuple[str, str]], float]] = {}
    for scene in scenes():
        pairs = parse_qsl(scene["query"].replace("+", "%2B"))
        day = float(dict(pairs)["day"])
        for prefix in ("", "b_"):
            own = [(k, v) for k, v in pairs if k in {f"{prefix}{n}" for n in _STATE}]
            if own:
                state = [(k.removeprefix(prefix), v) for k, v in own]
                state.append(("against", "untreated"))
                states[f"{state} {day}"] = (state, day)
    for state, day in states.values():
        yield "GET", "/api/network", state
        days = ask.ask("GET", "/api/network", state)["days"]
        when = _as_script(min(days, key=lambda one, day=day: abs(one - day)))
        for node in nodes:
            yield "GET", "/api/why", [*state, ("symbol", node), ("day", when)]
    for node in nodes:
        yield "GET", f"/api/symbols/{node}", []


def _as_script(number: float) -> str:
    """Write a number as a script does."""
    return repr(number).removesuffix(".0")


def _resistance(ask: Recorder) -> Iterator[Asked]:
    """Show every mechanism in every form, and failures of one trial."""
    for one in ask.ask("GET", "/api/resistance", [])["mechanisms"]:
        path = f"/api/resistance/{one['mechanism']}"
        yield "GET", path, []
        for variant in one["variants"]:
            yield "GET", path, [("variant", variant["id"])]
        yield "GET", f"/api/rows/{one['row']}", []
    yield "GET", "/api/trials", []
    yield "POST", "/api/failures", [("trial", opening()["trial"]), ("seed", "1")]


def _run(patients: int, replicates: int) -> list[tuple[str, str]]:
    return [
        ("patients", str(patients)),
        ("replicates", str(replicates)),
        ("seed", "1"),
        ("parameters", "best"),
    ]


def _bench(ask: Recorder) -> Iterator[Asked]:
    """Show every trial as form and file; run the one that it opens with."""
    for one in ask.ask("GET", "/api/trials", [])["trials"]:
        yield "GET", f"/api/trials/{one['id']}", []
    yield "GET", "/api/criteria", []
    yield "GET", "/api/regimens", []
    yield "POST", "/api/runs", [("trial", opening()["trial"]), *_run(600, 20)]


def _compare(_ask: Recorder) -> Iterator[Asked]:
    """Run the comparisons that ship."""
    yield "GET", "/api/comparisons", []
    yield "GET", "/api/trials", []
    for one in examples():
        names = [("scenario", name) for name in one["scenarios"]]
        yield (
            "POST",
            "/api/comparisons",
            [*names, ("yaml", one["yaml"]), *_run(400, 10)],
        )


def _life(ask: Recorder) -> Iterator[Asked]:
    """Tell some lives, and each of their lines as practice gave it."""
    yield "GET", "/api/regimens", []
    for number in range(_FIRST_PERSON, _FIRST_PERSON + _PEOPLE):
        path, seed = f"/api/patients/{number}", ("seed", str(_SEED))
        found = ask.ask("GET", path, [seed])
        settings = ("first line", "second line", "third line")
        for line in found["lines"]:
            if line["setting"] in settings:
                place = settings.index(line["setting"]) + 1
                regimen = ("regimen", line["regimen"])
                yield "GET", f"{path}/lines/{place}", [seed, regimen]


def _evidence(ask: Recorder) -> Iterator[Asked]:
    """Skill, published numbers, and where each is from."""
    for by in ("trial", "class"):
        yield "POST", "/api/validations", [("by", by)]
    found = ask.ask("GET", "/api/evidence", [])
    held_by = [one["id"] for one in found["rows"]]
    for trial in found["predictions"]["trials"]:
        if trial["reported"]:
            held_by += [one["target"] for one in trial["reported"]["outcomes"]]
    for one in dict.fromkeys(held_by):
        yield "GET", "/api/source", [("id", one)]


def _claims(_ask: Recorder) -> Iterator[Asked]:
    yield "GET", "/api/claims", []


VIEWS: Mapping[str, Callable[[Recorder], Iterator[Asked]]] = {
    "/": _network,
    "/resistance": _resistance,
    "/bench": _bench,
    "/compare": _compare,
    "/life": _life,
    "/evidence": _evidence,
    "/claims": _claims,
}
"""What is asked for each view, by its address."""


def record_page(
    folder: Path,
    *,
    progress: Progress = lambda _what, _done, _total: None,
    views: Mapping[str, Callable[[Recorder], Iterator[Asked]]] = VIEWS,
) -> None:
    """Write the page and its answers into a folder.

    Parameters
    ----------
    folder : Path
        Which is there.
    progress : callable
        Told which view is being recorded.
    views : mapping
        What is asked; all of `VIEWS`.
    """
    recorder = Recorder()
    for done, (path, asked) in enumerate(views.items()):
        progress(f"Recording the view {PAGES[path][1]}", done, len(views))
        for one in asked(recorder):
            recorder.ask(*one)
    recorder.write(folder / "answers")
    static = folder / "static"
    static.mkdir()
    for name, text in held("static").items():
        (static / name).write_text(text, encoding="utf-8")
    for path in PAGES:
        text = recorded_view(path)
        (folder / recorded_name(path)).write_text(text, encoding="utf-8")
    progress("The page is recorded", len(views), len(views))
