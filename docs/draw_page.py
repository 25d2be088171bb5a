"""Draw the pictures of the page again, in Chromium.

    uv run python docs/draw_page.py [NAME...]

Starts `oestra serve`, opens each view as its address says, waits until it is whole, and
writes `docs/images/page-NAME.png`. Look at them before you commit them.
"""

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

from small_picture import save_small

IMAGES = Path(__file__).parent / "images"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
WIDTH, PATIENCE = 1280, 900_000
PICTURES = {
    "network": ("?line=MCF-7&drug=everolimus 20 nM&day=2", "#map.known", 905),
    "resistance": ("resistance?mechanism=esr1", "#row li", 684),
    "bench": (
        "bench?trial=BOLERO-2&patients=600&replicates=5",
        "body[data-ready]",
        860,
    ),
    "life": ("life?number=8&seed=7&from=metastasis", "body[data-line]", 1262),
    "compare": ("compare?patients=200&replicates=5", "body[data-ready]", "#curves"),
}
"""Address, what tells that a view is whole, and the height or part that is drawn."""


def main() -> None:
    """Draw those that are named, or all."""
    from PIL import Image  # noqa: PLC0415 - comes with matplotlib
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    words = [sys.executable, "-m", "oestra", "serve", "--port", "0", "--json"]
    server = subprocess.Popen(words, stdout=subprocess.PIPE)  # noqa: S603
    try:
        address = json.loads(server.stdout.readline())["address"]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox"]
            )
            for name in sys.argv[1:] or PICTURES:
                path, ready, what = PICTURES[name]
                part = isinstance(what, str)
                page = browser.new_page(
                    viewport={"width": WIDTH, "height": 900 if part else what}
                )
                page.goto(address + path)
                page.wait_for_selector(ready, timeout=PATIENCE)
                page.wait_for_timeout(1000)
                drawn = (page.locator(what) if part else page).screenshot()
                with Image.open(io.BytesIO(drawn)) as image:
                    save_small(image, IMAGES / f"page-{name}.png")
                page.close()
            browser.close()
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
