"""Draw pictures of the gallery again, each by the command that stands there.

    uv run python docs/draw_gallery.py [NAME...]

Writes `docs/images/NAME.png`, at most 1100 pixels to a side. Look at them before you
commit them.
"""

import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from small_picture import save_small

IMAGES = Path(__file__).parent / "images"
MOST = 1100
RUNS = (
    (
        "cell MCF-7 --drug 'everolimus 20 nM' --days 7 "
        "--readout p_s6k,p_akt,ki67,cell_number_fold",
        {"gallery-cell-courses": "courses.png"},
    ),
    (
        "cell MCF-7 --dose-response 'everolimus 0.01..100 nM' "
        "--readout p_s6k,p_akt,cell_number_fold --days 3",
        {"gallery-dose-response": "dose_response.png"},
    ),
    (
        "cell T47D --combine "
        "'fulvestrant 0.1, 1, 10, 100 nM x everolimus 0.1, 1, 10, 100 nM' --days 4",
        {"gallery-combination": "combination.png"},
    ),
    ("drugs everolimus", {"gallery-concentration": "concentration.png"}),
    (
        "trial BOLERO-2 --replicates 2 --parameters best",
        {
            "gallery-consort": "consort.png",
            "gallery-waterfall": "waterfall.png",
            "gallery-spider": "spider.png",
            "gallery-swimmer": "swimmer.png",
            "gallery-adverse-events": "adverse_events.png",
        },
    ),
    (
        "trial HORIZON BOLERO-2 --replicates 2 --parameters best",
        {"gallery-scenarios": "scenarios.png"},
    ),
    (
        "design EXAMPLE-SERD --power --patients-list 120,180,240 --replicates 40 "
        "--parameters best --interval-weeks 8,12 --enrich 'pik3ca == \"wild type\"'",
        {"gallery-power": "power.png"},
    ),
    (
        "sequence --profile 'prior AI' "
        "--order 'fulvestrant > exemestane + everolimus > chemotherapy' "
        "--order 'exemestane + everolimus > fulvestrant > chemotherapy' "
        "--patients 100 --sets 2",
        {"gallery-orders": "sequence.png"},
    ),
)
"""Each command, and which picture is which file of its folder."""


def main() -> None:
    """Draw those that are named, or all."""
    from PIL import Image  # noqa: PLC0415 - comes with matplotlib

    chosen = set(sys.argv[1:])
    for words, pictures in RUNS:
        wanted = {
            name: file
            for name, file in pictures.items()
            if not chosen or name in chosen
        }
        if not wanted:
            continue
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "out"
            command = [sys.executable, "-m", "oestra", *shlex.split(words)]
            command += ["--out", str(folder)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
            for name, file in wanted.items():
                with Image.open(folder / file) as image:
                    save_small(image, IMAGES / f"{name}.png", most=MOST)
                print(f"{name}.png")


if __name__ == "__main__":
    main()
