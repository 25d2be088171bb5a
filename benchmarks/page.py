"""Seconds that people wait for the page, against what it promises.

    uv run python benchmarks/page.py [--rounds 12] [--no-bench]

Starts `oestra serve` as people do, asks it what its views ask, and prints each wait
with its promise; the first view and changes on the map are timed in Chromium, where
there is one. Promises hold for two idle cores. The server's processor seconds stand
beside, which a busy machine stretches less. What the first view asks is kept in the
user's cache; a start that finds nothing there is timed apart.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote
from urllib.request import Request, urlopen

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_LOADED = 8000.0
"""Milliseconds after which a page has loaded what further answers need."""
VIEWS = ("", "resistance", "bench", "compare", "life", "evidence", "claims")
CHANGES = (
    "line=MCF-7&drug=everolimus 20 nM",
    "line=MCF-7&drug=everolimus {dose} nM",
    "line=T47D&drug=alpelisib {dose} nM",
    "line=MCF-7&set=PTEN=loss&drug=fulvestrant {dose} nM",
    "line=BT-474&drug=lapatinib {dose} nM + estradiol 0 nM",
    "line=tumor&drug=letrozole 2.5 mg daily",
    "line=tumor&drug=exemestane 25 mg daily + everolimus {dose} mg daily",
)
ANSWERS = {
    "": ("/api/choices", "/api/network"),
    "resistance": ("/api/resistance", "/api/resistance/her2"),
    "bench": ("/api/trials", "/api/trials/BOLERO-2"),
    "compare": ("/api/comparisons", "/api/trials"),
    "life": ("/api/patients/8?seed=7",),
    "evidence": ("/api/evidence",),
    "claims": ("/api/claims",),
}


class Page:
    """What is asked of a running page."""

    def __init__(self, address: str, process: int) -> None:
        self.address, self.process = address.rstrip("/"), process

    def cpu(self) -> float:
        """Return processor seconds of the server so far; 0 where it cannot be told."""
        try:
            text = Path(f"/proc/{self.process}/stat").read_text()
        except OSError:
            return 0.0
        user, system = text.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def ask(self, path: str, body: dict[str, object] | None = None) -> bytes:
        """Return the bytes of an answer."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        path = quote(path, safe="/?&=:")
        with urlopen(Request(self.address + path, data, headers)) as answer:  # noqa: S310
            return answer.read()

    def run(self, client: str, replicates: int, patients: int) -> tuple[float, float]:
        """Run a trial; return seconds until its first curve and until its end."""
        began, first = time.perf_counter(), 0.0
        asked = {"trial": "BOLERO-2", "patients": patients, "replicates": replicates}
        job = json.loads(self.ask("/api/runs", {**asked, "client": client}))["job"]
        while True:
            found = json.loads(self.ask(f"/api/runs/{job}"))
            if found["result"] and not first:
                first = time.perf_counter() - began
            if found["state"] in {"done", "failed", "stopped"}:
                if found["state"] != "done":
                    raise SystemExit(f"The trial {found['state']}: {found['error']}")
                return first, time.perf_counter() - began
            time.sleep(0.05)


@contextmanager
def served(cache: str = "") -> Iterator[tuple[Page, float]]:
    """Start the page, with a cache of its own where one is named.

    Yields it, and the seconds until it answered.
    """
    here = {**os.environ, "OESTRA_CACHE": cache} if cache else dict(os.environ)
    began = time.perf_counter()
    words = [sys.executable, "-m", "oestra", "serve", "--port", "0", "--json"]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, env=here)  # noqa: S603
    assert server.stdout is not None
    try:
        page = Page(json.loads(server.stdout.readline())["address"], server.pid)
        page.ask("/")
        yield page, time.perf_counter() - began
    finally:
        server.terminate()
        server.wait()


def seconds(work: Callable[[], object]) -> float:
    """Return how long work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def line(what: str, found: str, promise: str = "") -> None:
    """Print one wait."""
    print(f"{what:46} {found:>24}   {promise}", flush=True)


def spread(values: list[float]) -> str:
    """Return median and worst, in milliseconds."""
    worst, middle = 1000 * max(values), 1000 * statistics.median(values)
    return f"{middle:.0f} ms, worst {worst:.0f} ms"


def keep_first_view() -> None:
    """Ask what the first view asks, as a start before does."""
    with served() as (page, _):
        for path in ("/api/choices", f"/api/network?{CHANGES[0]}"):
            page.ask(path)


def first_start() -> None:
    """Time the first view of a start before which nothing was kept."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with TemporaryDirectory() as cache, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"]
        )
        shown = browser.new_page()
        with served(cache) as (page, _):
            wait = seconds(lambda: _open(shown, f"{page.address}/"))
            line("first view of the first start", f"{wait:.2f} s")
            line("processor seconds of the server for it", f"{page.cpu():.1f} s")
        browser.close()


def in_chromium(page: Page, began: float) -> None:
    """Time the first view and weigh every view in Chromium."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"]
        )
        shown = browser.new_page()
        spent = page.cpu()
        wait = seconds(lambda: _open(shown, f"{page.address}/"))
        line("first view drawn, asked at once", f"{wait:.2f} s", "1 s")
        line("processor seconds of the server for it", f"{page.cpu() - spent:.2f} s")
        again = seconds(lambda: _open(shown, f"{page.address}/"))
        line("the same view again", f"{again:.2f} s", "1 s")
        line(
            "a change on the map at once, drawn", spread(_changed(shown, 11)), "150 ms"
        )
        # The model is being loaded until then.
        shown.wait_for_timeout(_LOADED)
        line("a change on the map later, drawn", spread(_changed(shown, 51)), "150 ms")
        browser.close()
    line("from the command to the first view", f"{time.perf_counter() - began:.2f} s")


def _open(shown: object, address: str) -> None:
    shown.goto(address)  # type: ignore[attr-defined]
    shown.wait_for_selector("body[data-ready]", timeout=60_000)  # type: ignore[attr-defined]


def _changed(shown: object, first: int) -> list[float]:
    """Return seconds from a change of the dose until the map has it, of eight doses."""
    told = shown.evaluate(  # type: ignore[attr-defined]
        """async (first) => {
          const found = [];
          for (let dose = first; dose < first + 16; dose += 2) {
            const before = document.body.dataset.ready;
            const input = document.querySelector(".chip input");
            input.value = `${dose} nM`;
            const began = performance.now();
            input.dispatchEvent(new Event("change", { bubbles: true }));
            while (document.body.dataset.ready === before)
              await new Promise((go) => requestAnimationFrame(go));
            found.push((performance.now() - began) / 1000);
          }
          return found;
        }""",
        first,
    )
    return list(told)


def weights(page: Page) -> None:
    """Print what each view loads before anything is asked of it."""
    for view in VIEWS:
        text = page.ask(f"/{view}").decode()
        names = {part.split('"')[0] for part in text.split("/static/")[1:]}
        todo, seen = list(names), {}
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen[name] = page.ask(f"/static/{name}")
            if name.endswith(".js"):
                parts = seen[name].decode().split('from "./')[1:]
                todo += [part.split('"')[0] for part in parts]
        files = len(text.encode()) + sum(map(len, seen.values()))
        answers = sum(len(page.ask(path)) for path in ANSWERS[view])
        told = f"{(files + answers) / 1000:.0f} kB ({answers / 1000:.0f} data)"
        line(f"weight of /{view}", told, "500 kB")


def changes(page: Page, rounds: int) -> list[float]:
    """Return seconds of changes on the map, none asked before."""
    return [
        seconds(lambda query=query, n=n: page.ask(
            "/api/network?" + query.format(dose=11 + n + 0.37)
        ))
        for n in range(rounds)
        for query in CHANGES
    ]  # fmt: skip


def at_once(page: Page, people: int) -> None:
    """Print the waits of people who use the page at one time."""
    found: dict[str, list[float]] = {"map": [], "life": [], "curve": []}

    def use(who: int) -> None:
        found["curve"].append(page.run(f"person {who}", 1, 600)[0])

    def look(who: int) -> None:
        for n in range(8):
            query = CHANGES[n % len(CHANGES)].format(dose=50 + who + n / 8)
            found["map"].append(seconds(lambda q=query: page.ask("/api/network?" + q)))
            number = 1000 * who + n
            path = f"/api/patients/{number}?seed=7"
            found["life"].append(seconds(lambda p=path: page.ask(p)))

    threads = [
        threading.Thread(target=work, args=(who,))
        for who in range(people)
        for work in (use, look)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    line(f"{people} people at once: a change on the map", spread(found["map"]))
    line(f"{people} people at once: a life", spread(found["life"]))
    worst = max(found["curve"])
    line(f"{people} people at once: last first curve", f"{worst:.1f} s")


def main() -> None:
    """Time all and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--no-bench", action="store_true")
    asked = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f} before")
    line("", "found", "promised")
    keep_first_view()
    began = time.perf_counter()
    with served() as (page, start):
        line("start, until the page answers", f"{start:.2f} s", "2 s")
        if CHROMIUM:
            in_chromium(page, began)
        line("processor seconds until then", f"{page.cpu():.1f} s")
        page.ask("/api/patients/3?seed=9")
        line("a change on the map", spread(changes(page, asked.rounds)), "150 ms")
        lives = [
            seconds(lambda n=n: page.ask(f"/api/patients/{n}?seed=7"))
            for n in range(asked.rounds * 3)
        ]
        line("a life", spread(lives), "1000 ms")
        weights(page)
        if not asked.no_bench:
            for count, promise in ((1, "3 s"), (20, "15 s")):
                spent = page.cpu()
                first, whole = page.run("bench", count, 600)
                spent = page.cpu() - spent
                line("first curve of 2 x 300 patients", f"{first:.2f} s", "3 s")
                told = f"{whole:.1f} s, {spent:.1f} of processor"
                line(f"{count} replicates of 2 x 300 patients", told, promise)
            at_once(page, 3)
    if CHROMIUM:
        first_start()


if __name__ == "__main__":
    main()
