"""Write the numbers of ``rows.md`` anew from what ``oestra claims --rows --out`` wrote.

``python docs/write_rows.py FOLDER`` replaces the tables; the words between stay.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

_PAGE = Path(__file__).parent / "rows.md"
_HEAD = "| what | with all | expected | | without | gone, and what that changes |"
_EFFECTS = {"carries": "carries it", "moves": "moves it", "nothing": "does nothing"}


def _number(check: dict[str, Any], name: str) -> str:
    value = check[name]
    unit = "" if check["unit"] in {"1", ""} else f" {check['unit']}"
    return "none" if value is None else f"{value:.3g}{unit}"


def _line(check: dict[str, Any], *before: object) -> str:
    gone = f"{check['without_mechanism']}: " + _EFFECTS.get(
        check["effect"], check["effect"]
    )
    verdict = "holds" if check["holds"] else "**misses**"
    cells = (
        *before,
        check["measure"] + " (no effect expected)" * check["none_expected"],
        _number(check, "measured"),
        check["expected"],
        verdict,
        _number(check, "without"),
        gone,
    )
    return "| " + " | ".join(map(str, cells)) + " |"


def _missed(rows: list[dict[str, Any]]) -> str:
    head = [f"| row {_HEAD}", "|---|---|---|---|---|---|---|"]
    found = [
        _line(check, row["number"])
        for row in rows
        for check in row["checks"]
        if not check["holds"]
    ]
    return "\n".join([*head, *found]) + "\n"


def _every(rows: list[dict[str, Any]]) -> str:
    parts = []
    for row in rows:
        held = sum(check["holds"] for check in row["checks"])
        parts.append(
            f"### {row['number']}. {row['name']}: {held} of {len(row['checks'])}\n\n"
            f"{row['says']} ({row['section']})\n\n"
            + "\n".join(
                [_HEAD, "|---|---|---|---|---|---|", *map(_line, row["checks"])]
            )
            + "\n"
        )
        parts += [f"Left out: {text}\n" for text in row["left_out"]]
    return "\n".join(parts)


def main(folder: Path) -> None:
    """Rewrite the page from a folder of results."""
    record = json.loads((folder / "rows.json").read_text("utf-8"))
    rows = record["rows"]
    checks = [check for row in rows for check in row["checks"]]
    effects = [check["effect"] for check in checks]
    carried, moved = effects.count("carries"), effects.count("moves")
    summary = (
        f"{sum(row['holds'] for row in rows)} of {len(rows)} rows hold, and "
        f"{sum(check['holds'] for check in checks)} of {len(checks)} numbers. A\n"
        f"knock-out carries {carried} of them, moves {moved} and does nothing to "
        f"{len(checks) - carried - moved};"
    )
    text = _PAGE.read_text("utf-8")
    text = re.sub(r"\d+ of \d+ rows hold, and.*?nothing to \d+;", summary, text,
                  flags=re.DOTALL)  # fmt: skip
    table = re.compile(r"\| row \| what .*?\n\n", re.DOTALL)
    text = table.sub(lambda _: _missed(rows) + "\n", text, count=1)
    start = text.index("### 1. ")
    _PAGE.write_text(text[:start] + _every(rows), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
